"""Pure rules: who is on call, what leaves together, what a rule says."""
