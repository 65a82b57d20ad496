"""The tracking engine: video in, positions, windows, alerts and rendered files out; deployable alone."""
