"""The command line: `touchline` and its commands, one file each."""
