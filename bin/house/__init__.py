"""The house: starts, watches and stops everything Circunflejo needs on one machine.

Nothing here imports Django or the application; `bin/run`, `bin/test`, `bin/services`, the benches and the
tests all build on it. `programs.py` holds the one list of what runs.
"""
