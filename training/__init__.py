"""How the detector that ships with Touchline is made: people, scenes, network, training. Not part of the package."""
