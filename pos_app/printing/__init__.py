"""Paper: domain objects in, bytes out, and the spool that keeps jobs until they are printed."""
