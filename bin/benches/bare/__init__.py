"""The yardstick's server: a bare Django without middleware, sessions or rules, behind the same door."""
