"""What people upload by mistake or on purpose: a clear answer, nothing left behind, and the house lives on."""

import pytest

from journeys.clips import cut
from journeys.processes import addresses_of, sign_up, touchline
from touchline.engine.synthetic import demo_clip

LIMIT = 1_500_000


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    folder = tmp_path_factory.mktemp("uploads")
    data = folder / "data"
    with (
        touchline(
            "up",
            "--data",
            str(data),
            log=folder / "up.log",
            MAX_UPLOAD_BYTES=str(LIMIT),
            TOUCHLINE_UPLOAD_QUOTA_BYTES="2000000",
        ) as process,
        sign_up(addresses_of(process), data / "mail") as coach,
    ):
        yield coach, data


def send(coach, name, content, **fields):
    return coach.http.post(
        f"{coach.at.analysis}/api/analyze_match", data=fields, files={"file": (name, content, "video/mp4")}
    )


def uploads(data):
    folder = data / "temp_uploads"
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


@pytest.mark.parametrize(
    ("name", "content", "codes"),
    [
        ("empty.mp4", b"", {415, 422}),
        ("notes.mp4", b"Line-up for Saturday: 4-4-2, Kappa in goal. " * 40, {415}),
        ("picture.mp4", b"\x89PNG\r\n\x1a\n" + b"\0" * 500, {415}),
        ("huge.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * (LIMIT + 10), {413}),
    ],
    ids=["empty", "text", "picture", "too large"],
)
def test_what_is_no_usable_video_is_refused_and_leaves_nothing(house, name, content, codes):
    coach, data = house
    answer = send(coach, name, content)
    assert answer.status_code in codes, answer.text
    assert isinstance(answer.json()["detail"], str)
    assert uploads(data) == []
    assert coach.get(f"{coach.at.analysis}/api/analysis_history") == []
    assert coach.get(f"{coach.at.analysis}/health")["status"] == "ok"


def test_a_container_that_holds_no_picture_fails_the_run_with_a_sentence(house):
    coach, data = house
    answer = send(coach, "broken.mp4", b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * 4000)
    assert answer.status_code == 200, answer.text
    run = coach.ended(answer.json()["analysis_id"], limit_s=60)
    assert run["status"] == "FAILED"
    assert "video" in run["message"].lower()
    assert "Traceback" not in run["message"]
    coach.http.delete(f"{coach.at.analysis}/api/analysis_history/{run['analysis_id']}").raise_for_status()
    assert uploads(data) == []
    assert list(data.glob("outputs/*")) == []


def test_a_client_file_name_is_display_text_only(house, tmp_path):
    coach, data = house
    clip = cut(demo_clip(), tmp_path / "x.mp4", seconds=2)
    answer = send(coach, "../../x.mp4", clip.read_bytes())
    assert answer.status_code == 200, answer.text
    run_id = answer.json()["analysis_id"]
    assert answer.json()["video_path"] == f"temp_uploads/{run_id}_1.mp4"
    assert coach.status(run_id)["input_video_name"] == "x.mp4"
    assert uploads(data) == [f"{run_id}_1.mp4"]
    run = coach.ended(run_id)
    assert run["status"] == "COMPLETED", run
    coach.http.delete(f"{coach.at.analysis}/api/analysis_history/{run_id}").raise_for_status()
    assert uploads(data) == []


def test_no_room_is_said_before_anything_is_kept(house):
    coach, data = house
    big = b"\0\0\0\x18ftypisom\0\0\2\0isomiso2" + b"\0" * 1_200_000
    first = send(coach, "a.mp4", big)
    assert first.status_code == 200, first.text
    second = send(coach, "b.mp4", big)
    assert second.status_code in {413, 507}, second.text
    assert "room" in second.json()["detail"].lower()
    kept = uploads(data)
    assert kept == [f"{first.json()['analysis_id']}_1.mp4"]
    coach.ended(first.json()["analysis_id"], limit_s=60)
    coach.http.delete(f"{coach.at.analysis}/api/analysis_history/{first.json()['analysis_id']}").raise_for_status()
