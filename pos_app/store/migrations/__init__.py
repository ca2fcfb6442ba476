"""Alembic's scripts; each version freezes what changed."""
