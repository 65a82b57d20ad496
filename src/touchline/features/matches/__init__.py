"""Matches and what hangs on one: events, lineups, clips, stored reports."""
