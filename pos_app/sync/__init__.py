"""What head office and other servers get: a cursor into the journal for each remote."""
