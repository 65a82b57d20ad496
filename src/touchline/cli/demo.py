"""`touchline demo`: the main job through the public doors only, as any other client would use them."""

import asyncio
import contextlib
from pathlib import Path
from typing import Annotated

import typer

from touchline.cli.console import fail, out
from touchline.cli.demo_client import DemoClient, DemoFailedError
from touchline.cli.serve import refusals, settings_with
from touchline.foundation.logs import configure_logs


def demo(
    video: Annotated[
        Path | None, typer.Argument(help="A match video; without one the synthetic match.", show_default=False)
    ] = None,
    leave: Annotated[bool, typer.Option("--exit", help="Leave when the analysis has ended.")] = False,
    data: Annotated[Path, typer.Option(help="Folder for database, keys, videos and results.")] = Path("touchline-demo"),
    classic_port: Annotated[int | None, typer.Option(help="Port of the classic API (8000).", min=1, max=65535)] = None,
    analysis_port: Annotated[
        int | None, typer.Option(help="Port of the analysis API (8001).", min=1, max=65535)
    ] = None,
) -> None:
    """Show the whole job: start everything, make an account and a match, upload a video, follow its analysis.

    Stays up until Ctrl-C, or leaves with --exit (status 0 only when the analysis was completed).
    """
    if video is not None and not video.is_file():
        fail(f"There is no file {video}.")
    # Late: the whole platform with its libraries.
    from touchline.apps.up import Addresses, serve_everything

    settings = settings_with(data=data).model_copy(update={"log_level": "ERROR"})
    configure_logs(level=settings.log_level)
    completed = False

    async def follow(addresses: Addresses, stop: asyncio.Event) -> None:
        nonlocal completed
        client = DemoClient(addresses.classic, addresses.analysis, settings)
        work = asyncio.create_task(client.run(video))
        waiting = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([work, waiting], return_when=asyncio.FIRST_COMPLETED)
            if work.done():
                completed = _ended(work)
                if not leave:
                    out.print("Still serving; stop with Ctrl-C.")
                    await stop.wait()
        finally:
            for task in (work, waiting):
                task.cancel()
                with contextlib.suppress(asyncio.CancelledError, DemoFailedError):
                    await task

    with refusals():
        serve_everything(
            settings, host="127.0.0.1", classic_port=classic_port, analysis_port=analysis_port, beside=follow
        )
    if leave and not completed:
        raise typer.Exit(1)


def _ended(work: "asyncio.Task[bool]") -> bool:
    try:
        completed = work.result()
    except DemoFailedError as error:
        out.print(str(error), markup=False)
        completed = False
    out.print("COMPLETED" if completed else "FAILED")
    return completed
