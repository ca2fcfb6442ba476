"""Sets the program up, checks it and packs it; standard library only, runs before anything else."""
