"""The command line: `touchline` and its commands."""

from touchline.cli.main import app

__all__ = ["app"]
