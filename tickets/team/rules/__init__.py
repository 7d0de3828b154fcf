"""Pure rules about people and their time."""
