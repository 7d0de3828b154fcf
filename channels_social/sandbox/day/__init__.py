"""A day that plays by itself: a screenplay written by us, and the player that speaks it."""
