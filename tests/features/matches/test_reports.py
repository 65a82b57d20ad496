"""Stored reports over HTTP."""

import json

import pytest
from sqlalchemy import delete

from factories import a_match, an_owner
from houses import CLASSIC, client_of
from touchline.features.identity.tables import users
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

ROOT = "/api/analysis_reports"
DATA = {"possession": {"home": 56.5, "away": None}, "names": ["نادي", "⚽"], "empty": {}, "big": 2**62, "yes": True}


async def post(game, who=None, **fields):
    body = {"match_id": game.match_id, **fields}
    return await game.client.post(ROOT, json=body, headers=(who or game.owner).headers)


def nested(levels: int) -> dict:
    data: dict = {}
    for _ in range(levels - 1):
        data = {"in": data}
    return data


async def test_a_report_comes_back_as_it_was_written_and_is_its_callers(game):
    answer = await post(
        game,
        game.analyst,
        report_type="post_match",
        report_data=DATA,
        generated_by=game.owner.user_id,
        generated_at="2001-01-01T00:00:00Z",
    )
    report = answer.json()
    assert answer.status_code == 200
    assert report == {
        "id": report["id"],
        "match_id": game.match_id,
        "report_type": "post_match",
        "report_data": DATA,
        "generated_by": game.analyst.user_id,
        "generated_at": "2026-05-02T14:00:00Z",
    }
    assert (await game.client.get(f"{ROOT}/{report['id']}", headers=game.player.headers)).json() == report
    bare = (await post(game, report_type="", report_data=None)).json()
    assert (bare["report_type"], bare["report_data"]) == (None, None)


async def test_a_match_has_several_reports_oldest_first(game):
    game.house.clock.forward(minutes=5)
    made = []
    for _ in range(3):
        made.append((await post(game)).json()["id"])
        game.house.clock.forward(minutes=-1)
    await post(game, game.rival, match_id=game.rivals_match_id)
    for query in (f"?match_id={game.match_id}", ""):
        answer = await game.client.get(f"{ROOT}{query}", headers=game.player.headers)
        assert [report["id"] for report in answer.json()] == made[::-1]
    page = await game.client.get(f"{ROOT}?limit=1", headers=game.player.headers)
    assert ([report["id"] for report in page.json()], page.headers["X-Total-Count"]) == (made[-1:], "3")
    foreign = await game.client.get(f"{ROOT}?match_id={game.match_id}", headers=game.rival.headers)
    assert (foreign.status_code, foreign.json()) == (200, [])


async def test_a_changed_report_keeps_author_and_time(game):
    report = (await post(game, game.analyst, report_type="draft", report_data=DATA)).json()
    path = f"{ROOT}/{report['id']}"

    async def change(**changes):
        return await game.client.put(path, json=changes, headers=game.coach.headers)

    game.house.clock.forward(hours=1)
    answer = await change(**{**report, "report_type": "final", "generated_by": game.coach.user_id})
    assert (answer.status_code, answer.json()) == (200, {**report, "report_type": "final"})
    assert (await change(report_data=None)).json() == {**report, "report_type": "final", "report_data": None}
    assert (await change(match_id=game.rivals_match_id)).status_code == 404
    assert (await change(match_id=await a_match(game.house, game.owner))).status_code == 422


async def test_a_report_outlives_its_author(game):
    report = (await post(game, game.analyst)).json()
    async with game.house.database.begin() as db:
        await db.execute(delete(users).where(users.c.id == game.analyst.user_id))
    left = (await game.client.get(f"{ROOT}/{report['id']}", headers=game.owner.headers)).json()
    assert left == {**report, "generated_by": None}


async def test_another_clubs_reports_are_as_good_as_absent(game):
    report = (await post(game)).json()
    for method, body in (("GET", None), ("PUT", {"report_type": "x"}), ("DELETE", None)):
        for path in (f"{ROOT}/{report['id']}", f"{ROOT}/{new_id()}"):
            answer = await game.client.request(method, path, json=body, headers=game.rival.headers)
            assert (answer.status_code, answer.json()) == (404, {"detail": "Report not found."})
    assert (await post(game, game.rival)).status_code == 404
    assert (await game.client.get(ROOT, headers=game.owner.headers)).json() == [report]


async def test_who_may_write_reports(game):
    report = (await post(game)).json()
    for method, path in (("POST", ROOT), ("PUT", f"{ROOT}/{report['id']}"), ("DELETE", f"{ROOT}/{report['id']}")):
        assert (await game.client.request(method, path, json=report)).status_code == 401
        assert (await game.client.request(method, path, json=report, headers=game.player.headers)).status_code == 403
        assert (await game.client.request(method, path, json=report, headers=game.analyst.headers)).status_code == 200
    assert (await game.client.get(ROOT)).status_code == 401


async def test_every_database_keeps_or_refuses_deep_and_large_documents(game):
    for data in (nested(25), {"text": "x" * 250_000}):
        answer = await post(game, report_data=data)
        assert (answer.status_code, answer.json()["report_data"]) == (200, data)
    for data in (nested(26), nested(33), nested(500), {"text": "é" * 140_000}):
        assert (await post(game, report_data=data)).status_code == 422


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('{"report_data": [1]}', "report_data"),
        ('{"report_data": "text"}', "report_data"),
        ('{"report_data": {"a": NaN}}', "report_data"),
        ('{"report_data": {"a": 1e999}}', "report_data"),
        ('{"report_data": {"a": 9223372036854775808}}', "report_data"),
        ('{"report_data": {"a\\u0000": 1}}', "report_data"),
        ('{"report_data": {"a": "\\ud800"}}', "report_data"),
        ('{"report_type": "%s"}' % ("x" * 51), "report_type"),
        ('{"report_type": 5}', "report_type"),
    ],
)
async def test_reports_that_cannot_be_stored_are_refused(small_house, text, field):
    owner = await an_owner(small_house)
    match_id = await a_match(small_house, owner)
    body = text[:-1] + f', "match_id": {json.dumps(match_id)}' + "}"
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.post(ROOT, content=body, headers=owner.headers)
        assert (answer.status_code, answer.json()["detail"].split(":")[0]) == (422, f"`{field}`")
        assert (await client.get(ROOT, headers=owner.headers)).json() == []
