"""Player and team numbers of a match. A number that nobody measured or typed in is null."""
