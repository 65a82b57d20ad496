"""Tables that `touchline analyse` writes from stored positions: the ball, frame by frame."""

import csv

import numpy as np
import pytest

from touchline.cli.records import BALL_COLUMNS, TRACK_COLUMNS, write_ball, write_tracks
from touchline.engine.positions import PositionsWriter
from touchline.engine.types import BallReason, BallState, Observation

NOWHERE = np.full(2, np.nan, np.float32)
BOX = np.array([100.0, 200.0, 108.0, 209.0], np.float32)


def observed(index, **ball):
    return Observation(
        frame_index=index,
        source_index=6 * index,
        time_s=index / 5,
        track_ids=np.array([4], np.int32),
        boxes=np.array([[10, 20, 30, 80]], np.float32),
        scores=np.array([0.9], np.float32),
        teams=np.zeros(1, np.int8),
        roles=np.zeros(1, np.int8),
        positions=np.array([[50, 30]], np.float32),
        **ball,
    )


@pytest.fixture
def positions(tmp_path):
    """Four frames: seen on the ground, bridged, seen in the air, and not found."""
    ground = {"ball_on_ground": True, "ball_reason": BallReason.NONE}
    frames = [
        observed(
            0, ball_box=BOX, ball_score=0.625, ball_position=np.array([52.5, 34.0]), ball_state=BallState.SEEN, **ground
        ),
        observed(1, ball_box=BOX + 4, ball_position=np.array([53.0, 34.0]), ball_state=BallState.BRIDGED, **ground),
        observed(2, ball_box=BOX + 8, ball_score=0.5, ball_state=BallState.SEEN, ball_reason=BallReason.IN_THE_AIR),
        observed(3, ball_reason=BallReason.NOT_FOUND),
    ]
    writer = PositionsWriter(tmp_path / "positions")
    for frame in frames:
        writer.add(frame)
    writer.close(rate_hz=5.0, labels=(np.array([4]), np.array([0]), np.array([0])), extra={})
    return tmp_path / "positions"


def rows(path):
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_the_ball_has_a_row_for_every_analysed_frame(positions, tmp_path):
    told = write_ball(positions, tmp_path / "ball.csv")
    written = rows(tmp_path / "ball.csv")
    assert tuple(written[0]) == BALL_COLUMNS
    assert [(row["frame"], row["time_s"]) for row in written] == [
        ("0", "0.000"),
        ("6", "0.200"),
        ("12", "0.400"),
        ("18", "0.600"),
    ]
    assert [row["state"] for row in written] == ["seen", "bridged", "seen", "unknown"]
    assert told == {"seen": 2, "bridged": 1, "unknown": 1}


def test_what_was_measured_of_the_ball_is_written_in_pixels_and_metres(positions, tmp_path):
    write_ball(positions, tmp_path / "ball.csv")
    seen = rows(tmp_path / "ball.csv")[0]
    assert [seen[name] for name in ("x_px", "y_px", "w_px", "h_px", "score", "x_m", "y_m", "height", "reason")] == [
        "100.0",
        "200.0",
        "8.0",
        "9.0",
        "0.625",
        "52.50",
        "34.00",
        "ground",
        "",
    ]


def test_what_was_not_measured_of_the_ball_is_empty_with_its_reason(positions, tmp_path):
    write_ball(positions, tmp_path / "ball.csv")
    _, bridged, flying, lost = rows(tmp_path / "ball.csv")
    assert (bridged["score"], bridged["x_px"], bridged["height"]) == ("", "104.0", "ground")
    assert (flying["x_m"], flying["y_m"], flying["height"]) == ("", "", "unknown")
    assert flying["score"] == "0.500"
    assert flying["reason"] == BallReason.IN_THE_AIR.words
    assert [lost[name] for name in ("x_px", "y_px", "w_px", "h_px", "score", "x_m", "y_m")] == [""] * 7
    assert (lost["height"], lost["reason"]) == ("unknown", BallReason.NOT_FOUND.words)


def test_the_tracks_list_the_ball_where_its_place_in_the_picture_is_known(positions, tmp_path):
    assert write_tracks(positions, tmp_path / "tracks.csv") == 7
    written = rows(tmp_path / "tracks.csv")
    assert tuple(written[0]) == TRACK_COLUMNS
    balls = [row for row in written if row["role"] == "ball"]
    assert [(row["frame"], row["confidence"]) for row in balls] == [("0", "0.625"), ("6", ""), ("12", "0.500")]
