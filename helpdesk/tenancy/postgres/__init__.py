"""Django's PostgreSQL backend, with one question less to the server (see ``base``)."""
