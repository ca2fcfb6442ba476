"""The desktop till, assembled: builds every part and hands each to its users."""
