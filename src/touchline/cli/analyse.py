"""`touchline analyse`: the engine alone, without database or server."""

import json
import time
from contextlib import closing
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import IO, Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from touchline.cli.calibration_file import read_camera
from touchline.cli.console import clock_text, err, fail, out
from touchline.cli.records import alert_object, segment_object, write_ball, write_tracks
from touchline.football import updates
from touchline.football.updates import AlertRaised, AnalysisOptions, AnalysisRequest, Camera, SegmentDone
from touchline.foundation.logs import configure_logs

_STOPPED = updates.Failed(
    "Stopped before the end: segments.jsonl and alerts.jsonl hold what was finished, the rest was deleted."
)
_INTERRUPTED = 130
_TRACKS, _BALL = "tracks.csv", "ball.csv"


class Profile(StrEnum):
    """Named engine settings."""

    FAST = "fast"
    BALANCED = "balanced"
    ACCURATE = "accurate"


Model = Annotated[
    Path | None,
    typer.Option(help="A detector of one's own (ONNX); unset: the one that ships.", envvar="TOUCHLINE_DETECTOR"),
]
SecondModel = Annotated[
    Path | None,
    typer.Option(
        help="A second detector to fuse with the first; the fast profile asks one only.",
        envvar="TOUCHLINE_DETECTOR_SECOND",
    ),
]


def analyse(
    video: Annotated[Path, typer.Argument(help="The match video.", show_default=False)],
    out_dir: Annotated[Path, typer.Option("--out", help="Folder for everything that comes out.", show_default=False)],
    calibration: Annotated[
        Path | None,
        typer.Option(
            help="JSON file with points {u,v,x,y}: pixels of the picture and metres on the pitch; or a camera of a"
            " tracking profile with such points."
        ),
    ] = None,
    attacks: Annotated[
        str | None, typer.Option(help="Direction of play of team A: A=right or A=left.", metavar="A=right|left")
    ] = None,
    analysis_fps: Annotated[
        float | None, typer.Option(help="Pictures analysed per second; unset: the profile's (5).")
    ] = None,
    window: Annotated[
        float | None, typer.Option(help="Length of a window in seconds; unset: 60, or 10 for a short clip.")
    ] = None,
    profile: Annotated[Profile, typer.Option(help="Speed against accuracy.")] = Profile.BALANCED,
    model: Model = None,
    second: SecondModel = None,
    start: Annotated[float, typer.Option(help="First second of the video to analyse.", min=0)] = 0.0,
    end: Annotated[float | None, typer.Option(help="Last second of the video to analyse.")] = None,
    no_render: Annotated[bool, typer.Option("--no-render", help="Numbers only, no videos.")] = False,
    realtime: Annotated[
        bool, typer.Option("--realtime", help="Hand pictures on no faster than the video plays, as a live feed would.")
    ] = False,
) -> None:
    """Analyse a video with the engine alone: no database, no server, no account.

    Writes segments.jsonl, alerts.jsonl, tracks.csv, ball.csv, summary.json and, unless --no-render, the drawn videos.
    """
    configure_logs(level="ERROR")  # what a coach should know of the rest is in the closing message
    if not video.is_file():
        fail(f"There is no file {video}.")
    camera = read_camera(calibration) if calibration else Camera()
    request = AnalysisRequest(
        video_path=str(video.resolve()),
        run_id=f"{video.stem[:40]}-{datetime.now(UTC):%Y%m%d%H%M%S}",
        output_dir=out_dir.resolve().name,
        segment_seconds=window or 0.0,
        camera_type="Fixed" if calibration else "TV",
        calibration=camera.calibration,
        roi=camera.roi,
        cameras=(camera,) if calibration else (),
        options=AnalysisOptions(
            analysis_fps=analysis_fps,
            profile=profile.value,
            attacks_right_a=_attacks_right(attacks),
            start_s=start,
            end_s=end,
            render=not no_render,
        ),
    )
    try:
        ended = _Analysis(request, out_dir.resolve(), model=model, second=second).run(realtime=realtime)
    except OSError as error:
        fail(f"--out: {out_dir} cannot be written to ({error.strerror or error}).")
    if isinstance(ended, updates.Failed):
        fail(ended.message, code=_INTERRUPTED if ended is _STOPPED else 1)


def _attacks_right(text: str | None) -> bool | None:
    if text is None:
        return None
    known = {"A=right": True, "A=left": False, "B=right": False, "B=left": True}
    if text not in known:
        fail(f"--attacks takes A=right or A=left, not “{text}”.")
    return known[text]


class _Analysis:
    """One analysis on the console: a progress bar, a line per window and alert, and the files of the folder."""

    def __init__(self, request: AnalysisRequest, folder: Path, *, model: Path | None, second: Path | None) -> None:
        self._request = request
        self._model, self._second = (str(path) if path else None for path in (model, second))
        self._folder = folder
        self._segments = 0
        self._alerts: dict[str, str] = {}

    def run(self, *, realtime: bool) -> updates.Finished | updates.Failed:
        # Late: decoder, detector and their libraries take a second to load, and `--help` must not wait for them.
        from touchline.engine.run import analyse as analyse_video

        self._folder.mkdir(parents=True, exist_ok=True)
        for name in (_TRACKS, _BALL):  # of an earlier analysis; the others are begun anew
            (self._folder / name).unlink(missing_ok=True)
        started = time.monotonic()
        stream = analyse_video(
            self._request,
            output_root=self._folder.parent,
            detector_path=self._model,
            second_detector_path=self._second,
            realtime=realtime,
        )
        bar = Progress(
            TextColumn("{task.percentage:>3.0f} %"),
            BarColumn(40),
            TimeElapsedColumn(),
            TextColumn("{task.description}"),
            console=err,
            transient=True,
        )
        ended: updates.Finished | updates.Failed = updates.Failed("The engine stopped without a result.")
        with (
            (self._folder / "segments.jsonl").open("w", encoding="utf-8") as segments,
            (self._folder / "alerts.jsonl").open("w", encoding="utf-8") as alerts,
            closing(stream),
            bar,
        ):
            task = bar.add_task("starting", total=1.0)
            try:
                for update in stream:
                    match update:
                        case updates.Progress():
                            bar.update(task, completed=update.progress, description=update.message)
                        case SegmentDone():
                            self._segment(update, segments)
                        case AlertRaised():
                            self._alert(update, alerts)
                        case updates.Finished() | updates.Failed():
                            ended = update
                        case updates.TrackingVideoReady():
                            out.print(
                                f"Tracked video: {self._folder.parent / update.tracking_video_path}", markup=False
                            )
            except KeyboardInterrupt:
                ended = _STOPPED
        self._summary(ended, time.monotonic() - started)
        return ended

    def _segment(self, segment: SegmentDone, file: IO[str]) -> None:
        _line(file, segment_object(segment, self._request.run_id))
        self._segments += 1
        narrative = segment.analysis.get("tactical_narrative") or ""
        out.print(
            f"[{clock_text(segment.start_s)}–{clock_text(segment.end_s)}] {segment.severity_label}: {narrative}",
            markup=False,
        )

    def _alert(self, alert: AlertRaised, file: IO[str]) -> None:
        _line(file, alert_object(alert, self._request.run_id))
        if alert.alert_id not in self._alerts:
            out.print(f"ALERT [{alert.timestamp}] {alert.decision_type}: {alert.action}", markup=False)
        self._alerts[alert.alert_id] = alert.status

    def _summary(self, ended: updates.Finished | updates.Failed, took_s: float) -> None:
        result = ended.result
        summary: dict[str, Any] = {
            "run_id": self._request.run_id,
            "video": Path(self._request.video_path).name,
            "status": "COMPLETED" if isinstance(ended, updates.Finished) else "FAILED",
            "message": ended.message or None,
            "segments": self._segments,
            "alerts": len(self._alerts),
            "seconds": round(took_s, 1),
            "files": {},
        }
        if result is not None:
            rows, ball = None, None
            if result.positions_path:
                positions = self._folder.parent / result.positions_path
                rows = write_tracks(positions, self._folder / _TRACKS)
                ball = write_ball(positions, self._folder / _BALL)
            summary |= {
                "analysed_frames": result.total_frames,
                "players_tracked": result.players_tracked,
                "fps": result.fps,
                "track_rows": rows,
                "ball_frames": ball,
            }
            prefix = f"{self._folder.name}/"
            for key in sorted(vars(result)):
                value = getattr(result, key)
                if key.endswith("_path") and value:
                    summary["files"][key.removesuffix("_path")] = value.removeprefix(prefix)
        (self._folder / "summary.json").write_text(
            json.dumps(summary, indent=2, ensure_ascii=False) + "\n", encoding="utf-8"
        )
        if isinstance(ended, updates.Finished):
            out.print(ended.message, markup=False)
            out.print(
                f"{self._segments} windows, {len(self._alerts)} alerts in {took_s:.0f} s. Everything is in"
                f" {self._folder}",
                markup=False,
            )


def _line(file: IO[str], record: dict[str, Any]) -> None:
    file.write(json.dumps(record, ensure_ascii=False, separators=(",", ":"), allow_nan=False) + "\n")
    file.flush()
