"""Notes over HTTP."""

import json

import pytest
from sqlalchemy import event, func, insert, select

from factories import a_match, a_staff_member, an_owner
from houses import CLASSIC, client_of
from touchline.apps.schema import metadata
from touchline.features import matches
from touchline.features.analysis.events import RunDeleted
from touchline.features.planning.reactions import forget_match, forget_run
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

FIELDS = {
    "id",
    "match_id",
    "user_id",
    "content",
    "note_type",
    "video_timestamp",
    "created_at",
    "author_name",
    "author_role",
}
BODY = {"content": " Press their left back.\nعلى اليسار ", "note_type": "live_reaction", "video_timestamp": 754.25}


async def an_adhoc_run(house, by) -> str:
    """A run of a video that has no match; returns the match id that it made up."""
    match_id, now = new_id(), house.clock.now()
    row = {
        "id": new_id(),
        "match_id": match_id,
        "is_adhoc": True,
        "input_video_name": "friendly.mp4",
        "options": {},
        "outputs": {},
        "submitted_at": now,
        "updated_at": now,
        "generated_by": by.user_id,
        "team_id": by.principal.primary_team_id,
    }
    async with house.database.begin() as db:
        await db.execute(insert(metadata.tables["analysis_runs"]).values(row))
    return match_id


async def written(client, who, about: str, **changes) -> dict:
    answer = await client.post(f"/api/matches/{about}/notes", json={**BODY, **changes}, headers=who.headers)
    assert answer.status_code == 200
    return answer.json()


async def contents(client, who, match_id: str) -> list[str]:
    answer = await client.get(f"/api/matches/{match_id}/notes", headers=who.headers)
    assert answer.status_code == 200
    return [note["content"] for note in answer.json()]


async def test_anonymous_callers_reach_no_note(client, house):
    owner = await an_owner(house)
    match_id = await a_match(house, owner)
    note = await written(client, owner, match_id)
    for answer in (
        await client.get(f"/api/matches/{match_id}/notes"),
        await client.post(f"/api/matches/{match_id}/notes", json=BODY),
        await client.delete(f"/api/notes/{note['id']}"),
    ):
        assert answer.status_code == 401


async def test_a_note_comes_back_with_its_author(client, house):
    owner = await an_owner(house)
    match_id = await a_match(house, owner)
    note = await written(client, owner, match_id, match_id="ignored", user_id="ignored")
    assert set(note) == FIELDS
    assert {name: note[name] for name in BODY} == BODY
    assert (note["match_id"], note["user_id"]) == (match_id, owner.user_id)
    assert (note["created_at"], note["author_name"]) == ("2026-05-02T14:00:00Z", "Ada Coach")
    assert (await client.get(f"/api/matches/{match_id}/notes", headers=owner.headers)).json() == [note]


async def test_what_is_left_out_or_null_takes_its_usual_value(client, house):
    owner = await an_owner(house)
    path = f"/api/matches/{await a_match(house, owner)}/notes"
    for body in ({"content": "x"}, {"content": "x", "note_type": None, "video_timestamp": None}):
        note = (await client.post(path, json=body, headers=owner.headers)).json()
        assert (note["note_type"], note["video_timestamp"]) == ("tactical", 0.0)


@pytest.mark.parametrize(
    ("role", "told"), [("head_coach", "head_coach"), ("analyst", "analyst"), ("owner", "Owner"), (None, "Staff")]
)
async def test_the_author_is_called_by_his_role(client, house, role, told):
    owner = await an_owner(house)
    author = owner if role == "owner" else await a_staff_member(house, owner, role=role or "head_coach", full_name=None)
    match_id = await a_match(house, owner)
    note = await written(client, author, match_id)
    if role is None:
        async with house.database.begin() as db:
            await db.execute(metadata.tables["staff"].delete())
        note |= {"author_role": "Staff"}
    assert note["author_role"] == told
    assert note["author_name"] == (None if author is not owner else "Ada Coach")
    assert (await client.get(f"/api/matches/{match_id}/notes", headers=owner.headers)).json() == [note]


async def test_notes_are_listed_oldest_first_in_pages(client, house):
    owner = await an_owner(house)
    coach = await a_staff_member(house, owner)
    match_id, other = await a_match(house, owner), await a_match(house, owner)
    for number, who in enumerate((owner, coach, owner)):
        await written(client, who, match_id, content=f"note {number}")
        house.clock.forward(seconds=1)
    await written(client, owner, other, content="elsewhere")
    assert await contents(client, coach, match_id) == ["note 0", "note 1", "note 2"]
    page = await client.get(f"/api/matches/{match_id}/notes?limit=1&offset=1", headers=owner.headers)
    assert ([note["content"] for note in page.json()], page.headers["X-Total-Count"]) == (["note 1"], "3")


async def test_writing_and_listing_take_three_statements_each(small_house):
    owner = await an_owner(small_house)
    match_id = await a_match(small_house, owner)
    sent = []
    event.listen(small_house.database.engine.sync_engine, "before_cursor_execute", lambda *seen: sent.append(seen[2]))
    async with client_of(small_house.app(*CLASSIC)) as client:
        for _ in range(3):
            sent.clear()
            await written(client, owner, match_id)
            assert len(sent) == 3
            sent.clear()
            await contents(client, owner, match_id)
            assert len(sent) == 3


async def test_a_run_without_a_match_takes_notes_too(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    coach = await a_staff_member(house, owner)
    match_id = await an_adhoc_run(house, coach)
    await written(client, coach, match_id, content="live")
    for who in (coach, owner):
        assert await contents(client, who, match_id) == ["live"]
    path = f"/api/matches/{match_id}/notes"
    assert (await client.get(path, headers=stranger.headers)).status_code == 404
    assert (await client.post(path, json=BODY, headers=stranger.headers)).status_code == 404


async def test_notes_of_another_clubs_match_are_as_good_as_absent(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    match_id = await a_match(house, owner)
    note, told = await written(client, owner, match_id), set()
    for wanted in (match_id, new_id(), "nonsense"):
        path = f"/api/matches/{wanted}/notes"
        for answer in (
            await client.get(path, headers=stranger.headers),
            await client.post(path, json=BODY, headers=stranger.headers),
        ):
            assert answer.status_code == 404
            told.add(answer.text)
    assert len(told) == 1
    for note_id in (note["id"], new_id(), "nonsense"):
        answer = await client.delete(f"/api/notes/{note_id}", headers=stranger.headers)
        assert (answer.status_code, answer.json()) == (404, {"detail": "Note not found."})
    assert len(await contents(client, owner, match_id)) == 1


async def test_only_its_author_removes_a_note(client, house):
    owner = await an_owner(house)
    analyst = await a_staff_member(house, owner, role="analyst")
    match_id = await a_match(house, owner)
    path = f"/api/notes/{(await written(client, analyst, match_id))['id']}"
    assert (await client.delete(path, headers=owner.headers)).status_code == 404
    answer = await client.delete(path, headers=analyst.headers)
    assert (answer.status_code, answer.json()) == (200, {"message": "The note was deleted."})
    assert (await client.delete(path, headers=analyst.headers)).status_code == 404
    assert await contents(client, owner, match_id) == []


async def test_an_old_proposition_reads_as_tactical(client, house):
    owner = await an_owner(house)
    match_id = await a_match(house, owner)
    await written(client, owner, match_id)
    async with house.database.begin() as db:
        await db.execute(metadata.tables["match_notes"].update().values(note_type="proposition"))
    answer = await client.get(f"/api/matches/{match_id}/notes", headers=owner.headers)
    assert answer.json()[0]["note_type"] == "tactical"


async def test_notes_go_with_their_match(house):
    owner = await an_owner(house)
    match_id, other = await a_match(house, owner), await a_match(house, owner)
    extra = matches.services(house.settings, clock=house.clock, reactions=[forget_match])
    async with client_of(house.app(*CLASSIC, extra=extra)) as client:
        for wanted in (match_id, other):
            await written(client, owner, wanted)
        assert (await client.delete(f"/api/matches/{match_id}", headers=owner.headers)).status_code == 200
        assert len(await contents(client, owner, other)) == 1
    assert await how_many(house) == 1


async def test_notes_of_a_run_without_a_match_go_with_its_last_run(client, house):
    owner = await an_owner(house)
    match_id = await an_adhoc_run(house, owner)
    await written(client, owner, match_id)
    for is_last, left in ((False, 1), (True, 0), (True, 0)):
        async with house.database.begin() as db:
            await forget_run(db, RunDeleted(run_id=new_id(), match_id=match_id, is_last_of_adhoc=is_last))
        assert await how_many(house) == left


async def how_many(house) -> int:
    async with house.database.begin() as db:
        return await db.scalar(select(func.count()).select_from(metadata.tables["match_notes"]))


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"content": None}, "content"),
        ({"content": ""}, "content"),
        ({"content": " \n\t"}, "content"),
        ({"content": "x" * 10_001}, "content"),
        ({"content": "a\x00b"}, "content"),
        ({"content": "\ud800"}, "content"),
        ({"content": 7}, "content"),
        ({"note_type": "proposition"}, "note_type"),
        ({"video_timestamp": -1}, "video_timestamp"),
        ({"video_timestamp": True}, "video_timestamp"),
        ({"video_timestamp": 1e300}, "video_timestamp"),
        ({"video_timestamp": "NaN"}, "video_timestamp"),
        ({"video_timestamp": "soon"}, "video_timestamp"),
    ],
)
async def test_notes_that_make_no_sense_are_refused(small_house, changes, field):
    owner = await an_owner(small_house)
    path = f"/api/matches/{await a_match(small_house, owner)}/notes"
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.post(path, content=json.dumps({**BODY, **changes}), headers=owner.headers)
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith(f"`{field}`: ")
    assert await how_many(small_house) == 0


async def test_the_longest_note_fits_whatever_its_letters(client, house):
    owner = await an_owner(house)
    match_id = await a_match(house, owner)
    longest = "⚽" * 5_000 + "😀" * 5_000
    await written(client, owner, match_id, content=longest)
    assert await contents(client, owner, match_id) == [longest]


@pytest.mark.parametrize(
    ("role", "reads", "writes"),
    [("head_coach", 200, 200), ("assistant_coach", 200, 403), ("analyst", 200, 200), ("player", 403, 403)],
)
async def test_who_may_read_and_write_notes(small_house, role, reads, writes):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    path = f"/api/matches/{await a_match(small_house, owner)}/notes"
    async with client_of(small_house.app(*CLASSIC)) as client:
        assert (await client.get(path, headers=member.headers)).status_code == reads
        assert (await client.post(path, json=BODY, headers=member.headers)).status_code == writes
