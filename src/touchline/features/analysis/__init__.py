"""Uploads, runs, history, segments, files and live streams of match analyses."""
