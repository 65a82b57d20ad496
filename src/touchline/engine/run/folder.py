"""The folder of one run: names for results, and no traces of a run that did not end well."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

from touchline.football.updates import AnalysisRequest

# Names from the contract (`rules.md` 6.4); only these are ever deleted, whatever else lies in the folder.
POSITIONS, TRACKING_JSON = "positions", "tracking_results.json"
POSSESSION, ADVISORY, STATISTICS = (
    "analytics/possession_analysis_results.json",
    "analytics/tactical_advisory.json",
    "analytics/match_statistics.json",
)
_OURS = (POSITIONS, TRACKING_JSON, "tracking_output.mp4", "analytics", "heatmaps")


class OutputFolder:
    """Made by `create`, kept by `keep`; `discard` deletes what the run wrote unless it was kept."""

    def __init__(self, root: Path, request: AnalysisRequest) -> None:
        stamp = f"{datetime.now(UTC):%Y%m%d_%H%M%S}"
        self._root = root
        self.path = root / (request.output_dir or f"outputs/analysis_{request.run_id}_{stamp}")
        self._is_new = not self.path.exists()
        self._is_created = self._is_kept = False

    def create(self) -> None:
        """Make the folder, without results of an earlier run in it."""
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
        for name in _OURS:
            path = self.path / name
            if path.is_dir():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
