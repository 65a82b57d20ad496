"""Which rooms open on which street, and the one place that chooses adapters."""
