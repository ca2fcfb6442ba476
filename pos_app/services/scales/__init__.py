"""Scales on the counter: what each protocol says, and how a weight is asked for."""
