"""The shop's rules: frozen values and pure functions, standard library only."""
