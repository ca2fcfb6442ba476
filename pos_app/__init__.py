"""A desktop point of sale that sells without a network and catches up with head office later."""

__version__ = "0.1.0"
