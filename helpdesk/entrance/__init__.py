"""The way in through an organization's own log-in (OpenID Connect, by allauth)."""
