"""`touchline synthetic`: draw a match whose truth is known."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import Progress

from touchline.cli.console import err, fail, out


class Level(StrEnum):
    """Rungs of the difficulty ladder that are drawn today."""

    L0 = "L0"
    L1 = "L1"


def synthetic(
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for the video and the truth files.")],
    level: Annotated[Level, typer.Option(help="L0: clean. L1: lens distortion, noise and compression.")] = Level.L1,
    seed: Annotated[int, typer.Option(help="Same seed, same truth.", min=0)] = 1,
    seconds: Annotated[float, typer.Option(help="Length of the clip.", min=1, max=600)] = 20.0,
) -> None:
    """Draw a synthetic match with exact truth files: demo clip, test material and bench in one."""
    # Late: drawing and encoding libraries.
    from touchline.engine.synthetic import synthesise

    with Progress(console=err, transient=True) as bar:
        task = bar.add_task("drawing", total=1.0)
        try:
            match = synthesise(
                level.value, seed, seconds, out_dir.resolve(), progress=lambda done: bar.update(task, completed=done)
            )
        except OSError as error:
            fail(f"--out: {out_dir} cannot be written to ({error.strerror or error}).")
    out.print(f"{match.frames} frames in {match.video}; the truth lies beside it.", markup=False)
