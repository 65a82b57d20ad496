"""`touchline doctor`: look at everything a start needs, and name the fix."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from touchline.cli.console import out
from touchline.cli.serve import settings_with
from touchline.foundation.logs import configure_logs
from touchline.foundation.settings import GIB, Settings
from touchline.foundation.storage import make_private_folder


@dataclass(frozen=True)
class Finding:
    """One thing looked at. `fix` says what to do when it is not well; a warning does not fail the command.

    `facts` are told below it, one on a line.
    """

    what: str
    is_well: bool
    detail: str
    fix: str = ""
    is_warning: bool = False
    facts: tuple[str, ...] = ()


def doctor(
    data: Annotated[Path | None, typer.Option(help="Data folder; unset: TOUCHLINE_DATA or ./touchline-data.")] = None,
    smoke: Annotated[
        bool,
        typer.Option("--smoke", help="Also play a recorded update stream into a scratch database and read it back."),
    ] = False,
) -> None:
    """Check libraries, model, disk, database, queue, mail and engine; status 1 when something is wrong."""
    configure_logs(level="ERROR")
    settings = settings_with(data)
    checks: list[Callable[[Settings], Iterator[Finding]]] = [
        _libraries, _model, _disk, _database, _redis, _mail, _engine,
    ]  # fmt: skip
    if smoke:
        checks.append(_smoke)
    is_well = True
    for check in checks:
        for finding in _safely(check, settings):
            mark = (
                "[green]ok[/]   " if finding.is_well else "[yellow]note[/] " if finding.is_warning else "[red]wrong[/]"
            )
            out.print(f"{mark} {finding.what}: {escape(finding.detail)}")
            for fact in finding.facts:
                out.print(f"        {fact}", markup=False, highlight=False, soft_wrap=True)
            if not finding.is_well and finding.fix:
                out.print(f"      → {finding.fix}", markup=False)
            is_well = is_well and (finding.is_well or finding.is_warning)
    if not is_well:
        raise typer.Exit(1)


def _safely(check: Callable[[Settings], Iterator[Finding]], settings: Settings) -> Iterator[Finding]:
    """A check that breaks is a finding, not the end of the examination."""
    try:
        yield from check(settings)
    except Exception as error:  # noqa: BLE001 — whatever a broken installation throws belongs on the list
        name = check.__name__.strip("_")
        yield Finding(name, is_well=False, detail=f"{type(error).__name__}: {error}".splitlines()[0])


def _libraries(_: Settings) -> Iterator[Finding]:
    try:
        import cv2

        yield Finding("OpenCV", is_well=True, detail=cv2.__version__)
    except ImportError as error:
        yield Finding(
            "OpenCV",
            is_well=False,
            detail=str(error),
            fix="Install the headless build alone: pip uninstall opencv-python opencv-python-headless, then"
            " pip install opencv-python-headless (the other one needs libGL).",
        )
    import av

    found = "libx264" in av.codecs_available or "h264" in av.codecs_available
    yield Finding("PyAV", is_well=found, detail=av.__version__, fix="Install PyAV from its wheel: pip install av.")
    import onnxruntime

    yield Finding("ONNX Runtime", is_well=True, detail=onnxruntime.__version__)


def _model(settings: Settings) -> Iterator[Finding]:
    yield from _card("detector", settings.detector_path, "TOUCHLINE_DETECTOR")
    if settings.second_detector_path:
        yield from _card("second detector", settings.second_detector_path, "TOUCHLINE_DETECTOR_SECOND")


def _card(what: str, path: Path | None, variable: str) -> Iterator[Finding]:
    """The card of a model, and a note where its licence binds whoever uses it."""
    from touchline.engine.errors import EngineError
    from touchline.engine.stages.detect import model_card

    try:
        card = model_card(path)
    except EngineError as error:
        fix = (
            f"Correct {variable}, or describe the model in a JSON file beside it (docs/detectors.md)."
            if path
            else "Install Touchline again; a model file is damaged."
        )
        yield Finding(what, is_well=False, detail=str(error), fix=fix)
        return
    name = f"{card.model.name} {card.model.version}".strip()
    where = "as shipped, checksum as in its manifest" if card.model.is_shipped else str(card.model.path)
    yield Finding(what, is_well=True, detail=f"{name}, {where}", facts=tuple(card.lines()))
    if card.warning:
        yield Finding(f"{what}'s licence", is_well=False, detail=card.licence, fix=card.warning, is_warning=True)


def _disk(settings: Settings) -> Iterator[Finding]:
    import shutil
    import tempfile

    try:
        make_private_folder(settings.output_root)
        with tempfile.TemporaryFile(dir=settings.output_root):
            free = shutil.disk_usage(settings.output_root).free
    except OSError as error:
        yield Finding("data folder", is_well=False, detail=str(error), fix="Choose a writable folder with --data.")
        return
    yield Finding(
        "data folder",
        is_well=free > settings.min_free_disk_bytes,
        detail=f"{settings.output_root}, {free / GIB:.1f} GiB free",
        fix="Make room, or choose another disk with --data or ANALYSIS_OUTPUT_ROOT.",
    )


def _database(settings: Settings) -> Iterator[Finding]:
    from touchline.apps import migrate

    kind = settings.db_url.split("+")[0]
    if settings.is_embedded_db and not (settings.data_dir / "touchline.db").exists():
        yield Finding("database", is_well=True, detail="SQLite, will be made at the first start")
        return
    differences = migrate.check(settings.db_url)
    yield Finding(
        "database",
        is_well=not differences,
        detail=kind if not differences else f"{kind}: {differences[0]}",
        fix="touchline db upgrade",
    )


def _redis(settings: Settings) -> Iterator[Finding]:
    if settings.redis_url is None:
        yield Finding("queue and events", is_well=True, detail="in process (no REDIS_URL)")
        return
    import redis

    client = redis.Redis.from_url(settings.redis_url.get_secret_value(), socket_connect_timeout=5)
    client.ping()
    appendonly = client.config_get("appendonly").get("appendonly")
    policy = client.config_get("maxmemory-policy").get("maxmemory-policy")
    yield Finding(
        "Redis keeps jobs on disk",
        is_well=appendonly == "yes",
        detail=f"appendonly {appendonly}",
        fix="Set appendonly yes, else a restart of Redis loses queued jobs until the next sweep.",
        is_warning=True,
    )
    yield Finding(
        "Redis drops no keys",
        is_well=policy == "noeviction",
        detail=f"maxmemory-policy {policy}",
        fix="Set maxmemory-policy noeviction.",
    )


def _mail(settings: Settings) -> Iterator[Finding]:
    if settings.smtp_host and settings.smtp_from_email:
        yield Finding("mail", is_well=True, detail=f"SMTP at {settings.smtp_host}:{settings.smtp_port}")
        return
    folder = settings.mail_dir or settings.data_dir / "mail"
    yield Finding(
        "mail",
        is_well=False,
        detail=f"no SMTP server; `touchline up` writes each mail to {folder}",
        fix="Set SMTP_HOST and SMTP_FROM_EMAIL so that codes reach people.",
        is_warning=True,
    )


def _engine(settings: Settings) -> Iterator[Finding]:
    if settings.engine_address is None:
        yield Finding("engine", is_well=True, detail="an own child process (no TRACKING_ENGINE_HOST)")
        return
    import asyncio

    from touchline.adapters.engine_grpc import GrpcEngine

    async def ask() -> str:
        engine = GrpcEngine(settings.engine_address or "", tls_ca=settings.tracking_engine_tls_ca)
        try:
            return await engine.health()
        finally:
            await engine.close()

    health = asyncio.run(ask())
    yield Finding(
        "engine",
        is_well=health == "up",
        detail=f"{settings.engine_address} is {health}",
        fix="Start it: touchline engine; or correct TRACKING_ENGINE_HOST and TRACKING_ENGINE_PORT.",
    )


def _smoke(_: Settings) -> Iterator[Finding]:
    from touchline.apps.smoke import play_recorded_stream

    played = play_recorded_stream()
    yield Finding(
        "recorder",
        is_well=played.is_complete,
        detail=f"{played.segments_read} of {played.segments_sent} windows and {played.alerts_read} of"
        f" {played.alerts_sent} alerts read back, run {played.status}",
        fix="This installation cannot store what an engine says; please report it with this output.",
    )
