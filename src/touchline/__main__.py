"""`python -m touchline`."""

from touchline.cli import app

app()
