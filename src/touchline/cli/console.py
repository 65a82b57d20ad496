"""What every command prints with, and how it gives up."""

from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def fail(message: str, *, code: int = 2) -> NoReturn:
    """Say what is wrong and leave with a status that a script can read."""
    err.print(f"[bold red]Error:[/] {escape(message)}", markup=True)
    raise typer.Exit(code)


def clock_text(seconds: float) -> str:
    """Seconds as m:ss."""
    return f"{int(seconds) // 60}:{int(seconds) % 60:02d}"
