"""The till's local database: rows in, domain objects out."""
