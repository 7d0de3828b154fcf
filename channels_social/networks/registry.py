"""The networks there are: one folder and one line each."""

from __future__ import annotations

from importlib import import_module

from channels_social.networks.base import Network

NETWORKS = {
    "x": "channels_social.networks.x",
    "facebook": "channels_social.networks.facebook",
    "email": "channels_social.networks.email",
}


def get(name: str) -> Network:
    """The network of that name. Raises ``KeyError`` for one that does not exist."""
    return import_module(NETWORKS[name]).network  # type: ignore[no-any-return]
