"""The control API: what tests and the sandbox's own page use to make people speak and days go bad."""
