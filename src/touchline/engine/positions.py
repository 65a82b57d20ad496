"""Stored positions of a run: a folder of .npy columns with a header, written as the video flows, read by memory map.

Format version 2. Frame columns (T rows): source_index, time_s, row_start (first row of the frame in the row
columns), ball_box, ball_score, ball_position, ball_state (of BallState), ball_on_ground (0: height unknown), ball_reason
(of BallReason). Version 1 had no states: every ball there was seen, and taken to lie on the ground. Row columns (R rows, one per seen person and frame): track_id, box,
score, team, role, position. `tracks.npz` holds the final team and role of each track, which override the row's own:
labels improve while a run goes on.
"""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
from numpy.typing import NDArray

from touchline.engine.types import BallReason, BallState, FloatArray, IntArray, Observation

FORMAT_VERSION = 2

_FRAME_COLUMNS: dict[str, tuple[str, tuple[int, ...]]] = {
    "source_index": ("<i4", ()),
    "time_s": ("<f8", ()),
    "row_start": ("<i8", ()),
    "ball_box": ("<f4", (4,)),
    "ball_score": ("<f4", ()),
    "ball_position": ("<f4", (2,)),
    "ball_state": ("<i1", ()),
    "ball_on_ground": ("<i1", ()),
    "ball_reason": ("<i1", ()),
}
_SINCE_VERSION_2 = frozenset({"ball_state", "ball_on_ground", "ball_reason"})
_ROW_COLUMNS: dict[str, tuple[str, tuple[int, ...]]] = {
    "track_id": ("<i4", ()),
    "box": ("<f4", (4,)),
    "score": ("<f4", ()),
    "team": ("<i1", ()),
    "role": ("<i1", ()),
    "position": ("<f4", (2,)),
}
_HEADER_BYTES = 128
# Everything that a store consists of.
FILE_NAMES = ("header.json", "tracks.npz", *(f"{name}.npy" for name in (*_FRAME_COLUMNS, *_ROW_COLUMNS)))


class PositionsWriter:
    """Appends observations to the columns; `close` makes the folder readable."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._columns = {name: _Column(folder / f"{name}.npy", *kind) for name, kind in _FRAME_COLUMNS.items()}
        self._columns |= {name: _Column(folder / f"{name}.npy", *kind) for name, kind in _ROW_COLUMNS.items()}
        self._rows = 0
        self.frames = 0

    def add(self, observation: Observation) -> None:
        """Append one frame; frames arrive in time order."""
        columns = self._columns
        columns["source_index"].append(observation.source_index)
        columns["time_s"].append(observation.time_s)
        columns["row_start"].append(self._rows)
        columns["ball_box"].append(observation.ball_box)
        columns["ball_score"].append(observation.ball_score)
        columns["ball_position"].append(observation.ball_position)
        columns["ball_state"].append(observation.ball_state)
        columns["ball_on_ground"].append(observation.ball_on_ground)
        columns["ball_reason"].append(observation.ball_reason)
        if len(observation.track_ids):
            columns["track_id"].append(observation.track_ids)
            columns["box"].append(observation.boxes)
            columns["score"].append(observation.scores)
            columns["team"].append(observation.teams)
            columns["role"].append(observation.roles)
            columns["position"].append(observation.positions)
        self._rows += len(observation.track_ids)
        self.frames += 1

    def close(
        self, *, rate_hz: float, labels: tuple[IntArray, IntArray, IntArray], extra: Mapping[str, Any] | None = None
    ) -> None:
        """Finish the columns and write header and final labels.

        Args:
            rate_hz: analysed frames per second.
            labels: track ids (K,), their final teams (K,) and roles (K,).
            extra: further header entries (pitch size, direction of play, calibration), JSON values.
        """
        for column in self._columns.values():
            column.close()
        ids, teams, roles = labels
        np.savez(self._folder / "tracks.npz", track_id=ids, team=teams, role=roles)
        header = {
            "format_version": FORMAT_VERSION,
            "frame_of_reference": "pitch frame: metres, x along from the left goal line, y across from far touchline",
            "units": {"box": "source pixels x1 y1 x2 y2", "position": "metres", "time_s": "seconds from first frame"},
            "rate_hz": rate_hz,
            "frames": self.frames,
            "rows": self._rows,
            **(extra or {}),
        }
        (self._folder / "header.json").write_text(json.dumps(header, indent=1), encoding="utf-8")

    def abandon(self) -> None:
        """Let go of the files of a run that ends early, also when somebody deleted them already; they stay unreadable."""
        for column in self._columns.values():
            column.abandon()


class PositionsReader:
    """A run's stored positions, memory-mapped; iterating yields observations with final labels.

    Raises:
        FileNotFoundError: the folder is not a finished store.
        ValueError: written by a newer format than this reader knows.
    """

    def __init__(self, folder: Path) -> None:
        self.header: dict[str, Any] = json.loads((folder / "header.json").read_text(encoding="utf-8"))
        version = int(self.header["format_version"])
        if version > FORMAT_VERSION:
            raise ValueError(f"Positions in {folder} have format {version}; update Touchline.")
        self._columns: dict[str, NDArray[Any]] = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r")
            for name in (*_FRAME_COLUMNS, *_ROW_COLUMNS)
            if version >= 2 or name not in _SINCE_VERSION_2
        }
        if version < 2:
            self._columns |= _states_of_version_1(self._columns)
        with np.load(folder / "tracks.npz") as final:
            self._final = {
                int(track): (int(team), int(role))
                for track, team, role in zip(final["track_id"], final["team"], final["role"], strict=True)
            }

    @property
    def times_s(self) -> FloatArray:
        """(T,) seconds from the video's first frame."""
        return self._columns["time_s"]

    @property
    def track_ids(self) -> IntArray:
        """All track ids that the run knows, ascending."""
        return np.array(sorted(self._final), np.int32)

    def final_label(self, track_id: int) -> tuple[int, int]:
        """Final (team, role) of a track; (-1, -1) when unknown."""
        return self._final.get(track_id, (-1, -1))

    def __len__(self) -> int:
        return len(self._columns["time_s"])

    def frame(self, index: int) -> Observation:
        """The observation of one analysed frame, with final labels."""
        columns = self._columns
        start = int(columns["row_start"][index])
        stop = int(columns["row_start"][index + 1]) if index + 1 < len(self) else len(columns["track_id"])
        ids = np.array(columns["track_id"][start:stop])
        final = [self.final_label(int(track)) for track in ids]
        return Observation(
            frame_index=index,
            source_index=int(columns["source_index"][index]),
            time_s=float(columns["time_s"][index]),
            track_ids=ids,
            boxes=np.array(columns["box"][start:stop]),
            scores=np.array(columns["score"][start:stop]),
            teams=np.array([team for team, _ in final], np.int8),
            roles=np.array([role for _, role in final], np.int8),
            positions=np.array(columns["position"][start:stop]),
            ball_box=np.array(columns["ball_box"][index]),
            ball_score=float(columns["ball_score"][index]),
            ball_position=np.array(columns["ball_position"][index]),
            ball_state=BallState(int(columns["ball_state"][index])),
            ball_on_ground=bool(columns["ball_on_ground"][index]),
            ball_reason=BallReason(int(columns["ball_reason"][index])),
        )

    def __iter__(self) -> Iterator[Observation]:
        return (self.frame(index) for index in range(len(self)))


def _states_of_version_1(columns: Mapping[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The columns that version 2 added, from what version 1 held."""
    is_seen = np.isfinite(columns["ball_box"][:, 0])
    is_placed = np.isfinite(columns["ball_position"][:, 0])
    return {
        "ball_state": np.where(is_seen, BallState.SEEN, BallState.UNKNOWN).astype(np.int8),
        "ball_on_ground": is_placed.astype(np.int8),
        "ball_reason": np.where(is_placed, BallReason.NONE, BallReason.NOT_RECORDED).astype(np.int8),
    }


class _Column:
    """One .npy file that grows: a fixed-size header is rewritten when the length is known."""

    def __init__(self, path: Path, dtype: str, shape: tuple[int, ...]) -> None:
        self._dtype, self._shape = np.dtype(dtype), shape
        self._file: BinaryIO = path.open("w+b")
        self._file.write(b" " * _HEADER_BYTES)
        self._length = 0

    def append(self, values: object) -> None:
        block = np.asarray(values, self._dtype).reshape(-1, *self._shape)
        self._file.write(block.tobytes())
        self._length += len(block)

    def close(self) -> None:
        described = {"descr": self._dtype.str, "fortran_order": False, "shape": (self._length, *self._shape)}
        text = (repr(described)).encode("latin1")
        # .npy format 1.0: magic, version, little-endian header length, then the padded dictionary.
        body = text.ljust(_HEADER_BYTES - 11) + b"\n"
        self._file.seek(0)
        self._file.write(b"\x93NUMPY\x01\x00" + len(body).to_bytes(2, "little") + body)
        self._file.close()

    def abandon(self) -> None:
        self._file.close()
