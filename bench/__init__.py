"""Speed and accuracy in one table; run as `make bench`."""
