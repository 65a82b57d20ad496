"""Stored positions: what is written is read again, and what an older version wrote still can be."""

import json

import numpy as np
import pytest

from touchline.engine.positions import FILE_NAMES, FORMAT_VERSION, PositionsReader, PositionsWriter
from touchline.engine.types import BallReason, BallState, Observation

NOWHERE = np.full(2, np.nan, np.float32)
NO_BOX = np.full(4, np.nan, np.float32)
BOX = np.array([10, 20, 16, 26], np.float32)
PLACE = np.array([52.5, 34.0], np.float32)
BALLS = (
    {"ball_box": BOX, "ball_score": 0.5, "ball_position": PLACE, "ball_state": BallState.SEEN, "ball_on_ground": True},
    {"ball_box": BOX, "ball_position": PLACE, "ball_state": BallState.BRIDGED, "ball_on_ground": True},
    {"ball_box": BOX, "ball_score": 0.4, "ball_state": BallState.SEEN, "ball_reason": BallReason.IN_THE_AIR},
    {"ball_reason": BallReason.HIDDEN},
)
VERSION_2 = ("ball_state", "ball_on_ground", "ball_reason")


def observation(index, **ball):
    ball = {"ball_reason": BallReason.NONE, **ball}
    return Observation(
        frame_index=index,
        source_index=6 * index,
        time_s=index / 5,
        track_ids=np.arange(1, index + 1, dtype=np.int32),
        boxes=np.zeros((index, 4), np.float32),
        scores=np.ones(index, np.float32),
        teams=np.zeros(index, np.int8),
        roles=np.zeros(index, np.int8),
        positions=np.zeros((index, 2), np.float32),
        **ball,
    )


@pytest.fixture
def folder(tmp_path):
    writer = PositionsWriter(tmp_path / "positions")
    for index, ball in enumerate(BALLS):
        writer.add(observation(index, **ball))
    ids = np.arange(1, len(BALLS), dtype=np.int32)
    writer.close(rate_hz=5.0, labels=(ids, np.zeros(len(ids), np.int8), np.zeros(len(ids), np.int8)))
    return tmp_path / "positions"


def as_version_1(folder):
    """What the first version would have written: no states, and every seen ball with its place."""
    for name in VERSION_2:
        (folder / f"{name}.npy").unlink()
    header = json.loads((folder / "header.json").read_text(encoding="utf-8"))
    (folder / "header.json").write_text(json.dumps(header | {"format_version": 1}), encoding="utf-8")


def test_the_states_of_the_ball_are_read_as_they_were_written(folder):
    assert {path.name for path in folder.iterdir()} == set(FILE_NAMES)
    for index, (read, ball) in enumerate(zip(PositionsReader(folder), BALLS, strict=True)):
        wanted = observation(index, **ball)
        assert read.ball_state is wanted.ball_state
        assert read.ball_on_ground is wanted.ball_on_ground
        assert read.ball_reason is wanted.ball_reason
        for name in ("ball_box", "ball_score", "ball_position"):
            assert np.array_equal(getattr(read, name), np.float32(getattr(wanted, name)), equal_nan=True)


def test_positions_of_the_first_version_can_still_be_read(folder):
    as_version_1(folder)
    read = list(PositionsReader(folder))
    assert [one.ball_state for one in read] == [BallState.SEEN] * 3 + [BallState.UNKNOWN]
    assert [one.ball_on_ground for one in read] == [True, True, False, False]
    assert [one.ball_reason for one in read] == [BallReason.NONE] * 2 + [BallReason.NOT_RECORDED] * 2
    assert read[0].ball_position == pytest.approx(PLACE)
    assert [len(one.track_ids) for one in read] == [0, 1, 2, 3]


def test_positions_of_a_later_version_are_refused_with_the_way_out(folder):
    header = json.loads((folder / "header.json").read_text(encoding="utf-8"))
    newer = header | {"format_version": FORMAT_VERSION + 1}
    (folder / "header.json").write_text(json.dumps(newer), encoding="utf-8")
    with pytest.raises(ValueError, match="update Touchline"):
        PositionsReader(folder)


def test_every_reason_has_words():
    assert BallReason.NONE.words == ""
    words = [reason.words for reason in BallReason if reason is not BallReason.NONE]
    assert all(words)
    assert len(set(words)) == len(words)
