"""`touchline detect`: people and ball in single pictures, as boxes in a JSON file."""

import json
import os
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from touchline.cli.analyse import Model, Profile, SecondModel
from touchline.cli.console import err, fail, out
from touchline.cli.picture_files import PictureFile, PictureFileError, picture_files, read_picture
from touchline.engine.errors import EngineError
from touchline.foundation.logs import configure_logs

if TYPE_CHECKING:
    from touchline.engine.stills import PictureSearch, Still

LEAST_SCORE = 0.05
_LEAST_SCALE, _MOST_SCALE = 0.1, 4.0
_INTERRUPTED = 130
# Each takes the memory of a network's largest input.
_MOST_THREADS = 4


def detect(
    pictures: Annotated[
        list[Path],
        typer.Argument(
            help="Pictures (JPEG, PNG, WebP, BMP), or folders, which are searched with all folders below.",
            metavar="IMAGE-OR-FOLDER...",
            show_default=False,
        ),
    ],
    out_file: Annotated[Path, typer.Option("--out", help="JSON file to write.", show_default=False)],
    model: Model = None,
    second: SecondModel = None,
    profile: Annotated[
        Profile, typer.Option(help="Speed against accuracy; single pictures are in no hurry.")
    ] = Profile.ACCURATE,
    scale: Annotated[
        str,
        typer.Option(
            help="Size at which the network sees a picture: auto, or a number of times the picture, such as 1 or 1.5."
            " auto: within the profile's work, and larger, up to 1.5 times, where players would be under 36 pixels"
            " tall.",
            metavar="auto|NUMBER",
        ),
    ] = "auto",
) -> None:
    """Find people and balls in pictures, each judged by itself.

    For every file a list of boxes, the strongest first: box (x, y, width, height in pixels of the upright picture),
    score (all from 0.05 on; an analysis takes a person at 0.5 and a ball at 0.3 as sure), class (person or ball) and,
    for people, on_pitch (null where no grass tells).

    A file of a folder is called by its path below that folder, a single file as it was given; where two would have the
    same name, both by their whole path as given. Files that cannot be read are told at the end (status 1); the others
    are written all the same.
    """
    configure_logs(level="ERROR")
    factor = _scale(scale)
    try:
        files, videos = picture_files(pictures)
    except PictureFileError as error:
        fail(str(error))
    for video in videos:
        err.print(f"{_shown(str(video))} is left out: touchline analyse reads videos.", markup=False)
    try:
        run = _Run(files, model=model, second=second, profile=profile, scale=factor)
        unread = run.written(out_file)
    except EngineError as error:
        fail(str(error))
    except OSError as error:
        fail(f"--out: {out_file} cannot be written ({error.strerror or error}).")
    except KeyboardInterrupt:
        fail("Stopped before the end; nothing was written.", code=_INTERRUPTED)
    out.print(
        f"{run.people} people and {run.balls} ball candidates in {len(files) - len(unread)} pictures: {out_file}",
        markup=False,
    )
    for file, reason in unread:
        err.print(f"{_shown(file.name)} was not read: {reason}.", markup=False)
    if unread:
        raise typer.Exit(1)


def _scale(text: str) -> float | None:
    if text == "auto":
        return None
    try:
        factor = float(text)
    except ValueError:
        factor = 0.0
    if not _LEAST_SCALE <= factor <= _MOST_SCALE:
        fail(f"--scale takes auto or a number from {_LEAST_SCALE:g} to {_MOST_SCALE:g}, not “{text}”.")
    return factor


class _Run:
    """The pictures of one call: searched side by side, written in order, never many in memory."""

    def __init__(
        self,
        files: Sequence[PictureFile],
        *,
        model: Path | None,
        second: Path | None,
        profile: Profile,
        scale: float | None,
    ) -> None:
        # Late: detector and its libraries take a second to load, and `--help` must not wait for them.
        from touchline.engine.catalogue import detector_for
        from touchline.engine.settings import PROFILES

        self._files, self._scale = files, scale
        self._threads = min(_MOST_THREADS, os.cpu_count() or 1, len(files))
        settings = replace(
            PROFILES[profile.value],
            detector_path=str(model) if model else None,
            second_detector_path=str(second) if second else None,
            threads=self._threads,
        )
        self._budget_px = float(settings.input_width * settings.input_height)
        self._detector: PictureSearch = detector_for(settings, floor=LEAST_SCORE)
        self.people = self.balls = 0

    def written(self, target: Path) -> list[tuple[PictureFile, str]]:
        """Search everything and write the file, whole or not at all; returns what could not be read, and why."""
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with part.open("w", encoding="utf-8") as stream:
                unread = self._search(stream)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
        return unread

    def _search(self, stream: IO[str]) -> list[tuple[PictureFile, str]]:
        unread = []
        bar = Progress(
            TextColumn("{task.percentage:>3.0f} %"),
            BarColumn(40),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err,
            transient=True,
        )
        separator = "{"
        with bar:
            for file, found in bar.track(self._found(), total=len(self._files)):
                if isinstance(found, str):
                    unread.append((file, found))
                    continue
                stream.write(f"{separator}\n{json.dumps(file.name)}: {json.dumps(found, separators=(',', ':'))}")
                separator = ","
        stream.write("{}\n" if separator == "{" else "\n}\n")
        return unread

    def _found(self) -> Iterator[tuple[PictureFile, list[dict[str, Any]] | str]]:
        """Every file in order with its boxes, or the reason why it could not be read."""
        waiting: deque[tuple[PictureFile, Future[list[dict[str, Any]] | str]]] = deque()
        pool = ThreadPoolExecutor(self._threads, thread_name_prefix="detect")
        try:
            for file in self._files:
                waiting.append((file, pool.submit(self._boxes, file.path)))
                if len(waiting) > self._threads:
                    yield self._counted(*waiting.popleft())
            while waiting:
                yield self._counted(*waiting.popleft())
        finally:
            pool.shutdown(wait=True, cancel_futures=True)

    def _counted(
        self, file: PictureFile, work: Future[list[dict[str, Any]] | str]
    ) -> tuple[PictureFile, list[dict[str, Any]] | str]:
        found = work.result()
        if not isinstance(found, str):
            people = sum(box["class"] == "person" for box in found)
            self.people, self.balls = self.people + people, self.balls + len(found) - people
        return file, found

    def _boxes(self, path: Path) -> list[dict[str, Any]] | str:
        from touchline.engine.errors import SettingsInvalidError
        from touchline.engine.stills import search_still

        try:
            image = read_picture(path)
            still = search_still(self._detector, image, budget_px=self._budget_px, scale=self._scale)
        except (PictureFileError, SettingsInvalidError) as error:
            return str(error).rstrip(".")
        return boxes_of(still, width=image.shape[1], height=image.shape[0])


def boxes_of(still: "Still", *, width: int, height: int) -> list[dict[str, Any]]:
    """People and then balls of one picture as the file has them, cut at the picture's border."""
    found = still.found
    people = [
        {**box, "on_pitch": None if still.on_pitch is None else bool(still.on_pitch[index])}
        for index, box in _boxes("person", found.boxes, found.scores, width, height)
    ]
    return [*people, *(box for _, box in _boxes("ball", found.ball_boxes, found.ball_scores, width, height))]


def _boxes(kind: str, boxes: Any, scores: Any, width: int, height: int) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, ((x0, y0, x1, y1), score) in enumerate(zip(boxes.tolist(), scores.tolist(), strict=True)):
        left, top = max(0.0, x0), max(0.0, y0)
        wide, tall = round(min(float(width), x1) - left, 2), round(min(float(height), y1) - top, 2)
        if score >= LEAST_SCORE and wide > 0 and tall > 0:
            box = [round(left, 2), round(top, 2), wide, tall]
            yield index, {"box": box, "score": round(score, 4), "class": kind}


def _shown(name: str) -> str:
    """A file name as it can be printed, whatever bytes it is made of."""
    return name.encode("utf-8", "backslashreplace").decode("utf-8")
