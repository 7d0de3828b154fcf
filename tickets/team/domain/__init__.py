"""Verbs about people. Inside ``tenant``; each writes its audit line."""
