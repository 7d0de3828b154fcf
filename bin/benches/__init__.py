"""Benches: each takes its yardstick in the same run, alternating, and reports the median of the ratios."""
