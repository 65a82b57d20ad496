"""The folder of one run: names for results, and no traces of a run that did not end well."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from touchline.engine.errors import SettingsInvalidError
from touchline.engine.positions import FILE_NAMES as POSITIONS_FILES
from touchline.engine.render.files import FILE_NAMES as DRAWN_FILES
from touchline.football.updates import AnalysisRequest

# Names from the contract (`rules.md` 6.4).
POSITIONS, TRACKING_JSON = "positions", "tracking_results.json"
POSSESSION, ADVISORY, STATISTICS = (
    "analytics/possession_analysis_results.json",
    "analytics/tactical_advisory.json",
    "analytics/match_statistics.json",
)
# Only these files are ever deleted, whatever else lies in the folder and in those below it.
_OURS = (
    *(f"{POSITIONS}/{name}" for name in POSITIONS_FILES),
    *(
        f"{name}{suffix}"
        for name in (TRACKING_JSON, POSSESSION, ADVISORY, STATISTICS, *DRAWN_FILES)
        for suffix in ("", ".part")
    ),
)


class OutputFolder:
    """Made by `create`, kept by `keep`; `discard` deletes what the run wrote unless it was kept."""

    def __init__(self, root: Path, request: AnalysisRequest) -> None:
        stamp = f"{datetime.now(UTC):%Y%m%d_%H%M%S}"
        self._root, self._video = root, request.video_path
        self.path = root / (request.output_dir or f"outputs/analysis_{request.run_id}_{stamp}")
        self._is_new = not self.path.exists()
        self._is_created = self._is_kept = False

    def create(self) -> None:
        """Make the folder, without results of an earlier run in it.

        Raises:
            SettingsInvalidError: the video itself has the place and name of a result.
        """
        video = self.video(self._video)
        if any(file.exists() and file.samefile(video) for file in self._ours()):
            raise SettingsInvalidError(
                f"The video {video.name} lies where a result of that name would be written; choose another folder for"
                " the results."
            )
        self._is_created = True
        self._delete_ours()
        self.path.mkdir(parents=True, exist_ok=True)

    def video(self, name: str) -> Path:
        """A path of the request, absolute or relative to the root."""
        return self._root / name

    def relative(self, path: Path) -> str:
        """A result's path as it goes on the wire."""
        return path.relative_to(self._root).as_posix()

    def keep(self) -> None:
        self._is_kept = True

    def discard(self) -> None:
        """Delete what the run wrote; does nothing once the run is kept."""
        if self._is_kept or not self._is_created:
            return
        self._delete_ours()
        if self._is_new and self.path.is_dir() and not any(self.path.iterdir()):
            self.path.rmdir()

    def _delete_ours(self) -> None:
        for path in self._ours():
            if path.is_file() or path.is_symlink():
                path.unlink()
        for folder in {path.parent for path in self._ours()} - {self.path}:
            with suppress(OSError):  # not there, or something of somebody else's is in it
                folder.rmdir()

    def _ours(self) -> Iterator[Path]:
        return (self.path / name for name in _OURS)
