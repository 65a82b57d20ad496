"""The files of one attempt: made in `.attempt-N`, named only when complete and while the attempt holds the run.

Everything here blocks; call it in a thread.
"""

import json
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from touchline.features.analysis.rooms_above import RunRef
from touchline.features.analysis.rules import PATH_KEYS, output_folder
from touchline.football.updates import AnalysisResult
from touchline.football.vocabulary import A_IS_HOME_BY_COLOUR
from touchline.foundation.logs import get_logger
from touchline.foundation.storage import InvalidPathError, MediaStore

log = get_logger(__name__)

IMAGES: Mapping[str, tuple[str, ...]] = {
    "heatmap_image_path": ("heatmaps/heatmap.png", "heatmaps/heatmap_image.png"),
    "movement_trail_image_path": ("analytics/movement_trail.png",),
    "all_players_grid_image_path": ("analytics/all_players_grid.png",),
    "possession_chart_image_path": ("analytics/possession_chart.png",),
}
"""Optional pictures: the wire has no field for them, so they are known by their names in the folder."""

EXTRA_PATHS = ("statistics_path", "positions_path")
COUNTERS = ("total_frames", "players_tracked")

_ATTEMPT = re.compile(r"\.attempt-(\d+)")


def attempt_folder(run: RunRef) -> str:
    """Where an attempt writes, relative to the output root."""
    return f"{output_folder(run.id, run.submitted_at)}/.attempt-{run.attempt}"


class AttemptFiles:
    """What one attempt leaves, and the names that it gets."""

    def __init__(self, store: MediaStore, run: RunRef) -> None:
        self._store = store
        self._run = run
        self.folder = output_folder(run.id, run.submitted_at)
        self.attempt_folder = attempt_folder(run)
        self._placed: dict[str, str] = {}
        self._outputs: dict[str, Any] | None = None

    def local(self, path: str) -> Path:
        return self._store.local(path)

    def place(self, key: str, reported: str) -> str | None:
        """Give the file of an `outputs` key its final name; None when the engine named nothing that is there."""
        if key in self._placed:
            return self._placed[key]
        source = self._source(reported)
        if source is None:
            return None
        target = f"{self.folder}/{PATH_KEYS[key]}"
        _move(source, self.local(target))
        self._placed[key] = target
        return target

    def current(self, key: str, reported: str) -> Path | None:
        """Where the file of an `outputs` key lies now."""
        if key in self._placed:
            return self.local(self._placed[key])
        return self._source(reported)

    def place_all(self, result: AnalysisResult) -> dict[str, Any]:
        """Give every file of the attempt its final name; the answer is the run's `outputs`, existing files only.

        A second call, after a transaction that broke, gives the same answer.
        """
        if self._outputs is None:
            self._outputs = self._place_all(result)
        return dict(self._outputs)

    def _place_all(self, result: AnalysisResult) -> dict[str, Any]:
        outputs: dict[str, Any] = {}
        for key in PATH_KEYS:
            path = self.place(key, getattr(result, key))
            if path is not None:
                outputs[key] = path
        for key in EXTRA_PATHS:
            path = self._place_extra(getattr(result, key))
            if path is not None:
                outputs[key] = path
        moved = self._place_rest()
        outputs.update(self._images(moved))
        outputs.update({key: getattr(result, key) for key in COUNTERS if getattr(result, key) > 0})
        outputs.update({"fps": result.fps} if result.fps > 0 else {})
        outputs.update(
            {"processing_time_seconds": round(result.processing_time_s, 3)} if result.processing_time_s else {}
        )
        return outputs

    def is_a_home(self, outputs: Mapping[str, Any]) -> bool:
        """Whether the stored positions say that team A is the home club; anything else leaves it open."""
        positions = outputs.get("positions_path")
        if positions is None:
            return False
        try:
            header = json.loads((self.local(positions) / "header.json").read_text("utf-8"))
        except (OSError, ValueError):
            return False
        return isinstance(header, dict) and header.get("why_a") == A_IS_HOME_BY_COLOUR

    def drop_attempts(self) -> None:
        """Remove the working folders of this attempt and of those before it."""
        folder = self.local(self.folder)
        for entry in folder.glob(".attempt-*"):
            number = _ATTEMPT.fullmatch(entry.name)
            if number is not None and int(number[1]) <= self._run.attempt:
                shutil.rmtree(entry, ignore_errors=True)
        if folder.is_dir() and not any(folder.iterdir()):
            folder.rmdir()

    def drop_own(self) -> None:
        """Remove what this attempt was still making."""
        self._store.delete(self.attempt_folder)

    def drop_everything(self) -> None:
        """Remove the run's folder."""
        self._store.delete(self.folder)

    def _source(self, reported: str) -> Path | None:
        if not reported:
            return None
        try:
            source = self.local(reported)
        except InvalidPathError:
            source = None
        # An engine that knows no `output_dir` names a folder of its own after the run.
        if source is None or not reported.startswith(f"outputs/analysis_{self._run.id}"):
            log.warning("output.outside_its_run", run_id=self._run.id, path=reported)
            return None
        if not source.exists():
            log.warning("output.missing", run_id=self._run.id, path=reported)
            return None
        return source

    def _place_extra(self, reported: str) -> str | None:
        source = self._source(reported)
        if source is None:
            return None
        target = f"{self.folder}/{self._inside(reported)}"
        _move(source, self.local(target))
        return target

    def _inside(self, path: str) -> str:
        """A path below the attempt's folder, or below the folder that the engine chose."""
        if path.startswith(self.attempt_folder + "/"):
            return path.removeprefix(self.attempt_folder + "/")
        return path.split("/", 2)[2]

    def _place_rest(self) -> list[str]:
        root = self.local(self.attempt_folder)
        moved = []
        for source in sorted(root.rglob("*")):
            if source.is_file() and not source.name.endswith(".part"):
                inside = source.relative_to(root).as_posix()
                _move(source, self.local(f"{self.folder}/{inside}"))
                moved.append(inside)
        return moved

    def _images(self, moved: list[str]) -> dict[str, str]:
        return {key: f"{self.folder}/{name}" for key, names in IMAGES.items() for name in names if name in moved}


def _move(source: Path, target: Path) -> None:
    """Rename within one disk; what an earlier attempt left under that name gives way."""
    if source == target:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.is_dir():
        shutil.rmtree(target)
    source.replace(target)


def leftover_attempts(outputs: Path) -> list[tuple[str, int, Path]]:
    """(run id, attempt, folder) of every working folder below the outputs' folder."""
    found = []
    for entry in outputs.glob("analysis_*/.attempt-*"):
        number = _ATTEMPT.fullmatch(entry.name)
        run_id = entry.parent.name.removeprefix("analysis_")[:36]
        if number is not None:
            found.append((run_id, int(number[1]), entry))
    return found
