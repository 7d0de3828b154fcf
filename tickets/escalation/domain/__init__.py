"""Verbs. Inside ``tenant``; each writes its audit line. Nothing leaves within a transaction."""
