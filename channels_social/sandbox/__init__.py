"""A local X and a local Facebook over real HTTP: its own process, its own file, imports nothing of ours."""
