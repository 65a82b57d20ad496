"""The squad and what it plays in: players, formations, competitions."""
