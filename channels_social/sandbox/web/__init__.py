"""The HTTP floor of the sandbox: a small server, the calls that arrive, the log of both."""
