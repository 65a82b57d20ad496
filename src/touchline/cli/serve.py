"""`touchline up`, `serve`, `worker`, `engine`: the house in one process, or its parts apart."""

import contextlib
import os
from collections.abc import Iterator
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from touchline.cli.console import fail
from touchline.foundation.errors import TouchlineError
from touchline.foundation.logs import configure_logs
from touchline.foundation.settings import Settings

Data = Annotated[Path | None, typer.Option(help="Data folder; unset: TOUCHLINE_DATA or ./touchline-data.")]
Host = Annotated[str, typer.Option(help="Address to listen on; 0.0.0.0 opens it to the network.")]


class App(StrEnum):
    """The two HTTP applications."""

    CLASSIC = "classic"
    ANALYSIS = "analysis"


def settings_with(data: Path | None = None) -> Settings:
    """Settings from the environment, with the command line's data folder when one was given."""
    try:
        return Settings() if data is None else Settings(touchline_data=data)
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"Setting {'.'.join(str(part) for part in first['loc']).upper()}: {first['msg']}.")


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Turn what keeps a server from starting into a sentence on the console."""
    from sqlalchemy.exc import SQLAlchemyError

    from touchline.apps.lockfile import DataFolderBusyError, DataFolderUnusableError
    from touchline.apps.migrate import DatabaseAwayError, MigrationLockedError
    from touchline.apps.sockets import PortTakenError
    from touchline.apps.wiring import NotScalableError

    try:
        yield
    except (
        PortTakenError,
        DataFolderBusyError,
        DataFolderUnusableError,
        NotScalableError,
        MigrationLockedError,
    ) as error:
        fail(str(error))
    except TouchlineError as error:
        fail(str(error))
    except DatabaseAwayError as error:
        fail(f"The database cannot be used: {error}", code=1)
    except SQLAlchemyError as error:
        fail(f"The database cannot be used: {str(error).splitlines()[0]}", code=1)


def up(
    data: Data = None,
    host: Host = "127.0.0.1",
    classic_port: Annotated[int | None, typer.Option(help="Port of the classic API (8000).", min=1, max=65535)] = None,
    analysis_port: Annotated[
        int | None, typer.Option(help="Port of the analysis API (8001).", min=1, max=65535)
    ] = None,
) -> None:
    """Start everything in one process: both APIs, the worker and an engine of its own.

    The first start makes the data folder, the keys and the database by itself.
    """
    settings = settings_with(data)
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    # Late: the whole platform with its libraries.
    from touchline.apps.up import serve_everything

    with refusals():
        serve_everything(settings, host=host, classic_port=classic_port, analysis_port=analysis_port)


def serve(
    name: Annotated[App, typer.Argument(help="Which API.", show_default=False)],
    data: Data = None,
    host: Host = "127.0.0.1",
    port: Annotated[int | None, typer.Option(help="Port (classic 8000, analysis 8001).", min=1, max=65535)] = None,
) -> None:
    """Start one API of the scale-out set-up (needs a database server and REDIS_URL)."""
    settings = settings_with(data)
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    from touchline.apps.apart import serve_one

    with refusals():
        serve_one(name.value, settings, host=host, port=port)


def worker(data: Data = None) -> None:
    """Take runs from the queue of the scale-out set-up (needs a database server and REDIS_URL)."""
    settings = settings_with(data)
    configure_logs(level=settings.log_level, as_json=settings.log_json)
    from touchline.apps.apart import serve_worker

    with refusals():
        serve_worker(settings)


def engine(
    port: Annotated[int, typer.Option(help="Port of the gRPC service.", min=1, max=65535)] = 50051,
    host: Host = "127.0.0.1",
    data: Data = None,
    threads: Annotated[int, typer.Option(help="Threads of the detector; 0: all cores.", min=0, max=64)] = 0,
    max_runs: Annotated[int, typer.Option(help="Videos analysed at the same time.", min=1, max=64)] = 2,
    nice: Annotated[int, typer.Option(help="How far to step back behind other processes (0..19).", min=0, max=19)] = 0,
    socket: Annotated[Path | None, typer.Option(help="Unix socket instead of a port.", hidden=True)] = None,
    parent_pipe: Annotated[int | None, typer.Option(help="End when this file descriptor closes.", hidden=True)] = None,
    log_level: Annotated[str | None, typer.Option(help="Least severity that is logged.", hidden=True)] = None,
) -> None:
    """Start a tracking engine: gRPC with the health service."""
    settings = settings_with(data)
    configure_logs(level=log_level or settings.log_level, as_json=settings.log_json)
    # Late: decoder, detector and gRPC.
    from touchline.engine.catalogue import detect_picture
    from touchline.engine.run import analyse
    from touchline.engine.server import engine_main

    second = settings.second_detector_path
    engine_main(
        f"unix:{socket}" if socket else f"{host}:{port}",
        output_root=settings.output_root,
        analyse=partial(analyse, second_detector_path=str(second) if second else None),
        detect=detect_picture,
        threads=threads or settings.engine_threads or os.cpu_count() or 1,
        detector_path=settings.detector_path,
        max_runs=max_runs,
        nice=nice,
        parent_pipe=parent_pipe,
    )
