"""The public site of an organization: what every page of it needs, whichever app writes the page."""
