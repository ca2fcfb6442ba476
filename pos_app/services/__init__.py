"""Use cases: one method each, every write one transaction."""
