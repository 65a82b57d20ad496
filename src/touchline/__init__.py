"""Touchline: a match video goes in, a watched analysis comes out."""

__version__ = "0.1.0"
