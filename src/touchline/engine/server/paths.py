"""Which files an engine may be asked to read and write."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from touchline.football.updates import AnalysisRequest


class PathRefusedError(Exception):
    """A path in a request leads outside the folders that this engine serves."""


def admitted(request: AnalysisRequest, *, output_root: Path, allowed_roots: Sequence[Path] = ()) -> AnalysisRequest:
    """The request with absolute video paths.

    Relative paths are meant below the output root; absolute ones must lie below it or below an allowed root.
    Symbolic links are followed before that is decided. The output folder stays relative to the output root.

    Raises:
        PathRefusedError: a path leads elsewhere, or no video is named.
    """
    root = output_root.resolve()
    roots = (root, *(allowed.resolve() for allowed in allowed_roots))
    if not request.video_path:
        raise PathRefusedError("The request names no video.")
    _inside(request.output_dir or ".", root, (root,), "output_dir")
    return replace(
        request,
        video_path=str(_inside(request.video_path, root, roots, "video_path")),
        second_video_path=(
            str(_inside(request.second_video_path, root, roots, "second_video_path"))
            if request.second_video_path
            else ""
        ),
    )


def _inside(path: str, root: Path, roots: Sequence[Path], what: str) -> Path:
    if "\x00" in path:
        raise PathRefusedError(f"{what} holds a NUL character.")
    found = (root / path).resolve()
    if not any(found.is_relative_to(allowed) for allowed in roots):
        raise PathRefusedError(f"{what} lies outside the folders that this engine serves.")
    return found
