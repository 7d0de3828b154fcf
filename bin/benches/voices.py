"""What invented customers say, in pieces that fit together; ours, about no real company or person."""

from __future__ import annotations

import random

FIRST = [
    "Ana",
    "Luz",
    "Carmen",
    "Rosa",
    "Marta",
    "Elena",
    "Paula",
    "Lucía",
    "Sofía",
    "Valeria",
    "Diana",
    "Natalia",
    "Andrea",
    "Claudia",
    "Gloria",
    "Juan",
    "Carlos",
    "Andrés",
    "Felipe",
    "Jorge",
    "Luis",
    "Miguel",
    "Óscar",
    "Hernán",
    "Iván",
    "Tomás",
    "Nicolás",
    "Mateo",
    "Samuel",
    "Emilio",
    "Íñigo",
    "Nuria",
    "Begoña",
    "Montserrat",
    "Aitor",
    "Xavier",
    "Rocío",
    "Pilar",
    "Ángela",
    "Ximena",
    "Yolanda",
    "Zoraida",
]
LAST = [
    "Rodríguez",
    "Gómez",
    "Martínez",
    "López",
    "González",
    "Pérez",
    "Sánchez",
    "Ramírez",
    "Torres",
    "Rojas",
    "Díaz",
    "Moreno",
    "Muñoz",
    "Vargas",
    "Castro",
    "Ortiz",
    "Suárez",
    "Herrera",
    "Medina",
    "Peña",
    "Cárdenas",
    "Quintero",
    "Ospina",
    "Restrepo",
    "Zapata",
    "Bermúdez",
    "Ibáñez",
    "Núñez",
    "Echeverri",
    "Vidal",
    "Arroyo",
    "Castaño",
    "Ferrer",
    "Lozano",
    "Pardo",
    "Salas",
    "Uribe",
    "Yáñez",
]
OPENING = (
    "Buenas tardes,", "Buenos días, necesito ayuda:", "¿Hay alguien ahí?", "Tercera vez que escribo:", "Por favor,",
    "Estoy muy molesto porque", "Hola,", "Increíble lo de ustedes:", "Una consulta,", "Les cuento que",
    "Llevo dos semanas esperando y", "No puede ser que", "Señores,", "Oigan,", "Disculpen,", "Quiero saber por qué",
    "Cordial saludo,", "Me urge:", "Otra vez lo mismo,", "Gracias por nada,",
)  # fmt: skip
MATTER = (
    "me cobraron dos veces la cuota de manejo", "el cajero se tragó mi tarjeta", "la aplicación no abre desde ayer",
    "perdieron mi maleta en la conexión", "el vuelo salió con seis horas de retraso", "no me llega el código",
    "aparece una compra que no hice", "cancelaron la reserva sin avisar", "la transferencia no aparece",
    "el crédito sigue en estudio", "me negaron el reembolso del pasaje", "el asiento que pagué no existe",
    "la línea de atención cuelga sola", "mi extracto llegó con otro nombre", "la clave quedó bloqueada",
    "el puntaje de millas está mal", "el asesor prometió llamar y nunca llamó", "la póliza se renovó sin permiso",
    "el certificado tributario sale vacío", "me cambiaron la puerta de embarque tres veces",
    "el punto de atención estaba cerrado", "la tarjeta nueva llegó rota", "la factura no coincide con el recibo",
    "el débito automático falló", "me subieron la tasa sin notificar", "no reconocen la incapacidad",
)  # fmt: skip
DETAIL = (
    "en la oficina de Chapinero", "en el aeropuerto de Barajas", "desde el celular", "con la tarjeta terminada en 4417",
    "por valor de 320.000 pesos", "y nadie da razón", "aunque ya envié los documentos", "pese a que pagué a tiempo",
    "en la sucursal del centro", "durante el fin de semana", "en la página web", "con la cuenta de ahorros",
    "en el vuelo de la mañana", "para mi mamá, que es adulta mayor", "según el correo que recibí", "en Medellín",
    "en Sevilla", "desde el viernes", "por segunda vez este mes", "con el radicado anterior sin respuesta",
)  # fmt: skip
ENDING = (
    "¿qué debo hacer?", "espero respuesta hoy.", "voy a poner una queja ante la superintendencia.", "gracias.",
    "quiero mi dinero.", "exijo una solución 😡", "¿cuánto más hay que esperar?", "así no se puede.",
    "quedo atenta.", "por favor ayúdenme 🙏", "es urgente.", "caso número",
)  # fmt: skip
COURTESIES = ("gracias", "listo", "👍", "muchas gracias", "ok")


def sentence(dice: random.Random) -> str:
    """Something a customer could write."""
    return " ".join((dice.choice(OPENING), dice.choice(MATTER), dice.choice(DETAIL), dice.choice(ENDING)))


def person(dice: random.Random) -> str:
    """A name with two surnames."""
    return f"{dice.choice(FIRST)} {dice.choice(LAST)} {dice.choice(LAST)}"
