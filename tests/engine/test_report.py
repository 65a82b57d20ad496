import json

import numpy as np
import pytest

from pitch_scenes import Play, carried_by_b, four_four_two, observe, still
from touchline.engine.positions import PositionsReader, PositionsWriter
from touchline.engine.report import write_advisory, write_possession, write_statistics, write_tracking
from touchline.engine.settings import EngineSettings
from touchline.engine.windows import MatchAnalyst
from touchline.football.updates import AnalysisRequest
from touchline.football.vocabulary import Role, TeamCode

BESIEGED = carried_by_b(
    a=four_four_two(line_m=12, width_m=36, gap_m=6), b=four_four_two(line_m=58, width_m=50, gap_m=11)
)


def summary_of(frames, *, span_s, reason=None):
    analyst = MatchAnalyst(
        settings=EngineSettings(),
        request=AnalysisRequest(video_path="v.mp4", run_id="r1"),
        span_s=span_s,
        uncalibrated_reason=reason,
    )
    for frame in frames:
        analyst.add(frame)
    analyst.finish()
    return analyst.summary()


@pytest.fixture(scope="module")
def besieged():
    return summary_of(observe(BESIEGED, seconds=60), span_s=60)


@pytest.fixture(scope="module")
def blind():
    nowhere = four_four_two() * np.nan
    play = Play(still(nowhere), still(nowhere), lambda _time: None)
    return summary_of(observe(play, seconds=20), span_s=20, reason="no calibration points")


def written(write, tmp_path, *arguments):
    path = tmp_path / "deep" / "file.json"
    write(path, *arguments)
    assert [file.name for file in path.parent.iterdir()] == ["file.json"]
    return json.loads(path.read_text(encoding="utf-8"))


def test_possession_has_the_shape_that_clients_read(besieged, tmp_path):
    document = written(write_possession, tmp_path, besieged)
    assert document["possession_percentage"] == {"team_a": 0.0, "team_b": 100.0}
    assert document["statistics"].keys() >= {"ball_detection_rate", "total_events", "interceptions", "tackles"}
    assert document["statistics"]["ball_detection_rate"] == 100.0
    assert isinstance(document["events"], list)


def test_events_name_both_teams_time_and_distance(tmp_path):
    first, second = four_four_two(line_m=30), four_four_two(line_m=40)

    def ball(time_s):
        # A pass of team A is cut out by team B every ten seconds.
        own, other = np.array([50.0, 34.0 + 40 / 6]), np.array([65.0, 34.0 - 40 / 6])
        wobble = np.array([0.3, 0.6 * np.sin(2 * time_s)])
        return (own if time_s % 20 < 10 else other) + wobble

    document = written(
        write_possession, tmp_path, summary_of(observe(Play(still(first), still(second), ball), seconds=60), span_s=60)
    )
    assert document["statistics"]["total_events"] == len(document["events"]) >= 3
    event = document["events"][0]
    assert event["event_type"] in {"interception", "tackle", "loose_ball"}
    assert {event["from_team"], event["to_team"]} == {"Team A", "Team B"}
    assert event["timestamp"] == pytest.approx(10, abs=1)
    assert event["distance"] > 3


def test_without_possession_the_object_is_empty_and_the_reason_given(blind, tmp_path):
    document = written(write_possession, tmp_path, blind)
    assert document["possession_percentage"] == {}
    assert document["reason"] == "no calibration points"
    assert document["events"] == []


def test_advisories_end_with_the_whole_run(besieged, tmp_path):
    advisories = written(write_advisory, tmp_path, besieged)["advisories"]
    assert len(advisories) == 2  # the siege alert, and the run
    for advisory in advisories:
        output = advisory["advisor_output"]
        assert all(isinstance(output[key], str) and output[key] for key in ("analysis", "recommendation", "impact"))
        assert 0 <= output["confidence"] <= 1
        assert advisory["decision_metrics"]["detected_issues"]
    assert advisories[-1]["advisor_output"]["analysis"].startswith("Team A were at risk mainly through: ")


def test_a_blind_run_advises_nothing_and_says_so(blind, tmp_path):
    (advisory,) = written(write_advisory, tmp_path, blind)["advisories"]
    assert advisory["advisor_output"]["analysis"] == "Too little was seen to judge the match."
    assert advisory["advisor_output"]["confidence"] == 0.0


def test_statistics_hold_numbers_or_null_with_a_reason(besieged, blind, tmp_path):
    document = written(write_statistics, tmp_path, besieged)
    assert document["team_a"]["width_m"] == pytest.approx(36, abs=0.2)
    assert document["team_a"]["possession_percentage"] == 0.0
    assert document["team_a"]["transition_speed_data"] is None
    assert document["quality"]["team_a"]["def_to_atk"]["reason"]
    nothing = written(write_statistics, tmp_path, blind)
    assert nothing["team_a"]["width_m"] is None
    assert nothing["team_a"]["pressures"] is None
    assert nothing["quality"]["team_a"]["width"]["reason"] == "not calibrated"
    assert nothing["calibration_reason"] == "no calibration points"


def test_tracking_holds_every_frame_with_final_labels(tmp_path):
    frames = observe(BESIEGED, seconds=2, unknown_teams=True)
    writer = PositionsWriter(tmp_path / "positions")
    for frame in frames:
        writer.add(frame)
    ids = np.arange(1, 23)
    teams = np.where(ids <= 11, TeamCode.A, TeamCode.B)
    writer.close(rate_hz=5.0, labels=(ids, teams, np.full(22, Role.PLAYER)))
    document = written(write_tracking, tmp_path, PositionsReader(tmp_path / "positions"))
    assert len(document["frames"]) == len(frames)
    assert len(document["tracks"]) == 22
    player = document["frames"][3]["players"][0]
    assert player == {
        "id": 1,
        "team": "A",
        "role": "player",
        "box": [0.0, 0.0, 0.0, 0.0],
        "confidence": 1.0,
        "x": 5.0,
        "y": 34.0,
    }
    assert document["frames"][3]["time_s"] == 0.6
    assert document["frames"][3]["ball"]["x"] == pytest.approx(float(frames[3].ball_position[0]), abs=0.01)


def test_an_empty_store_is_still_a_document(tmp_path):
    writer = PositionsWriter(tmp_path / "positions")
    writer.close(rate_hz=5.0, labels=(np.zeros(0, int), np.zeros(0, int), np.zeros(0, int)))
    document = written(write_tracking, tmp_path, PositionsReader(tmp_path / "positions"))
    assert document["frames"] == []
