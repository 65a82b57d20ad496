"""Tracking profiles on both apps and under both spellings of their paths."""

import pytest

pytestmark = pytest.mark.anyio

APPS = ["analysis", "classic"]
BASES = ["/api", "/api/api"]
POINTS = [{"u": 10.5, "v": 20, "x": 0, "y": 0}, {"u": 900, "v": 30, "x": 105, "y": 68}]


def profile(**fields):
    return {
        "id": "a phone's own id",
        "name": "Stand",
        "engine_settings": {"max_lost_frames": 20},
        "is_active": True,
        "cameras": [
            {
                "id": "x",
                "profile_id": "y",
                "label": "main",
                "video_source": "/storage/emulated/0/clip.mp4",
                "sync_offset_ms": -250,
                "calibration": POINTS,
                "roi": [{"label": "pitch", "points": [{"x": 0, "y": 0.5}]}],
                "order_index": 7,
                "picture_width": 960,
                "picture_height": 540,
            },
            {"label": "far"},
        ],
        **fields,
    }


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("base", BASES)
async def test_a_profile_is_kept_and_read_back(room, app, base):
    derby = room.match["derby"]
    created = await room.by("coach", app).post(f"{base}/tracking-profiles", json=profile(match_id=derby))
    assert created.status_code == 200
    kept = created.json()
    assert kept["id"] != "a phone's own id"
    assert (kept["name"], kept["match_id"], kept["is_active"]) == ("Stand", derby, True)
    assert kept["engine_settings"] == {"max_lost_frames": 20}
    assert kept["created_at"] == "2026-11-24T09:00:00Z"
    main, far = kept["cameras"]
    assert (main["label"], main["order_index"], far["label"], far["order_index"]) == ("main", 0, "far", 1)
    assert main["profile_id"] == far["profile_id"] == kept["id"]
    assert main["id"] not in ("x", far["id"])
    assert main["calibration"] == POINTS
    assert main["roi"] == [{"label": "pitch", "points": [{"x": 0, "y": 0.5}]}]
    assert (main["picture_width"], main["picture_height"], main["sync_offset_ms"]) == (960, 540, -250)
    assert (far["calibration"], far["roi"], far["video_source"], far["picture_width"]) == ([], [], "", None)
    assert (await room.by("player", app).get(f"{base}/tracking-profiles/{kept['id']}")).json() == kept
    assert (await room.by("player", app).get(f"{base}/matches/{derby}/tracking-profiles")).json() == [kept]


async def test_a_matchs_profiles_come_newest_first_in_pages_and_in_few_statements(room):
    derby = room.match["derby"]
    for name in ("one", "two", "three"):
        await room.by("coach").post("/api/tracking-profiles", json=profile(name=name, match_id=derby))
        room.clock.pass_time(seconds=1)
    answer = await room.by("coach").get(f"/api/matches/{derby}/tracking-profiles", params={"limit": 2})
    assert [each["name"] for each in answer.json()] == ["three", "two"]
    assert all([camera["label"] for camera in each["cameras"]] == ["main", "far"] for each in answer.json())
    assert answer.headers["X-Total-Count"] == "3"


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("by", "status"), [(None, 401), ("player", 403), ("rival", 404), ("analyst", 200)])
async def test_making_a_profile_asks_for_right_and_scope(room, app, base, by, status):
    answer = await room.by(by, app).post(f"{base}/tracking-profiles", json=profile(match_id=room.match["derby"]))
    assert answer.status_code == status


@pytest.mark.parametrize("app", APPS)
@pytest.mark.parametrize("base", BASES)
@pytest.mark.parametrize(("by", "status"), [(None, 401), ("rival", 404), ("player", 200)])
async def test_reading_profiles_asks_for_scope(room, app, base, by, status):
    derby = room.match["derby"]
    of_match = (await room.by("coach").post("/api/tracking-profiles", json=profile(match_id=derby))).json()["id"]
    unassigned = (await room.by("coach").post("/api/tracking-profiles", json=profile())).json()["id"]
    client = room.by(by, app)
    assert (await client.get(f"{base}/tracking-profiles/{of_match}")).status_code == status
    assert (await client.get(f"{base}/tracking-profiles/{unassigned}")).status_code == status
    assert (await client.get(f"{base}/matches/{derby}/tracking-profiles")).status_code == status


async def test_a_profile_of_an_adhoc_match_follows_its_run(room):
    run_id = await room.put_run(by="coach")
    match_id = (await room.run(run_id))["match_id"]
    kept = await room.by("coach").post("/api/tracking-profiles", json=profile(match_id=match_id))
    path = f"/api/tracking-profiles/{kept.json()['id']}"
    assert (await room.by("player").get(path)).status_code == 200
    assert (await room.by("rival").get(path)).status_code == 404


@pytest.mark.parametrize("profile_id", ["nonsense", "0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10"])
async def test_an_unknown_profile_is_not_found(room, profile_id):
    assert (await room.by("coach").get(f"/api/tracking-profiles/{profile_id}")).status_code == 404


async def test_what_the_client_leaves_null_gets_its_default(room):
    body = {"name": "bare", "match_id": None, "engine_settings": None, "is_active": None, "cameras": None}
    kept = (await room.by("coach").post("/api/tracking-profiles", json=body)).json()
    assert (kept["engine_settings"], kept["is_active"], kept["cameras"], kept["match_id"]) == ({}, True, [], None)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": ""},
        {"name": "x" * 256},
        {"name": "a\x00b"},
        {"engine_settings": [1]},
        {"is_active": "perhaps"},
        {"cameras": [{"label": "x" * 65}]},
        {"cameras": [{"calibration": [{"u": 1, "v": 1, "x": 1}]}]},
        {"cameras": [{"roi": [{"label": "a", "points": "none"}]}]},
        {"cameras": [{"picture_width": 0}]},
        {"cameras": [{}] * 9},
    ],
)
async def test_a_profile_that_makes_no_sense_is_422(room, fields):
    answer = await room.by("coach").post("/api/tracking-profiles", json=profile(**fields))
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], str)


async def test_numbers_that_are_none_are_refused(room):
    text = '{"name": "a", "cameras": [{"calibration": [{"u": NaN, "v": 0, "x": 0, "y": 0}]}]}'
    headers = {"Content-Type": "application/json"}
    assert (await room.by("coach").post("/api/tracking-profiles", content=text, headers=headers)).status_code == 422
