"""Player and team numbers of a match, and a match with everything on one page.

A number that nobody measured or typed in is null.
"""
