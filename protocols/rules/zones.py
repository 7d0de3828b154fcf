"""What the city of a time zone is called in Spanish. Pure."""

from __future__ import annotations

_CITIES = {
    "America/Asuncion": "Asunción",
    "America/Bogota": "Bogotá",
    "America/Costa_Rica": "San José de Costa Rica",
    "America/Havana": "La Habana",
    "America/Los_Angeles": "Los Ángeles",
    "America/Mexico_City": "Ciudad de México",
    "America/New_York": "Nueva York",
    "America/Panama": "Panamá",
    "America/Santiago": "Santiago de Chile",
    "America/Santo_Domingo": "Santo Domingo",
    "America/Sao_Paulo": "São Paulo",
    "Atlantic/Canary": "Canarias",
    "Europe/Lisbon": "Lisboa",
    "Pacific/Easter": "Isla de Pascua",
    "Pacific/Galapagos": "Galápagos",
}


def city_of(zone: str) -> str:
    """«Bogotá» for America/Bogota; the last part of the name where we know no better one."""
    return _CITIES.get(zone, zone.rpartition("/")[2].replace("_", " "))
