"""How head office's database came to be, one step a file."""
