"""Meetings and training sessions over HTTP; they differ by their path and one field."""

import json

import pytest

from factories import a_staff_member, a_team, an_owner
from houses import CLASSIC, a_house, client_of
from touchline.foundation.ids import new_id

pytestmark = [pytest.mark.anyio, pytest.mark.parametrize("kind", ["reunions", "training_sessions"])]

DETAIL = {"reunions": "location", "training_sessions": "focus"}
BODY = {"title": " Video ", "date": "2026-08-12T18:30:45.123", "icon_name": "group_work"}


async def planned(client, who, kind: str, **changes) -> dict:
    answer = await client.post(f"/api/{kind}", json={**BODY, **changes}, headers=who.headers)
    assert answer.status_code == 200
    return answer.json()


async def test_anonymous_callers_plan_nothing(client, house, kind):
    made = await planned(client, await an_owner(house), kind)
    for answer in (
        await client.get(f"/api/{kind}"),
        await client.post(f"/api/{kind}", json=BODY),
        await client.delete(f"/api/{kind}/{made['id']}"),
    ):
        assert answer.status_code == 401


async def test_an_appointment_comes_back_with_the_digits_that_were_typed(client, house, kind):
    owner = await an_owner(house)
    made = await planned(client, owner, kind, id="ignored", **{DETAIL[kind]: "نادي"})
    assert made == {
        "id": made["id"],
        "title": "Video",
        "date": "2026-08-12T18:30:45",
        DETAIL[kind]: "نادي",
        "icon_name": "group_work",
        "team_id": owner.team_id,
    }
    assert len(made["id"]) == 36
    assert (await client.get(f"/api/{kind}", headers=owner.headers)).json() == [made]


async def test_texts_that_nobody_typed_are_told_as_empty(client, house, kind):
    owner = await an_owner(house)
    for nothing in ({"icon_name": None}, {"icon_name": "", DETAIL[kind]: ""}, {"icon_name": " ", "team_id": ""}):
        made = await planned(client, owner, kind, **nothing)
        assert (made["icon_name"], made[DETAIL[kind]], made["team_id"]) == ("", "", owner.team_id)


async def test_the_latest_comes_first_and_the_youngest_of_the_same_moment(client, house, kind):
    owner, stranger = await an_owner(house), await an_owner(house)
    second = await a_team(house, owner)
    coach = await a_staff_member(house, owner)
    dates = {"early": "2026-08-01T10:00:00", "late": "2026-08-03T10:00:00", "late, added later": "2026-08-03T10:00:00"}
    for title, date in dates.items():
        await planned(client, owner, kind, title=title, date=date)
        house.clock.forward(seconds=1)
    await planned(client, owner, kind, title="second team", date="2026-08-02T10:00:00", team_id=second)
    await planned(client, stranger, kind, title="secret")
    answer = await client.get(f"/api/{kind}", headers=owner.headers)
    titles = ["late, added later", "late", "second team", "early"]
    assert [found["title"] for found in answer.json()] == titles
    page = await client.get(f"/api/{kind}?limit=2&offset=1", headers=owner.headers)
    assert ([found["title"] for found in page.json()], page.headers["X-Total-Count"]) == (titles[1:3], "4")
    of_staff = await client.get(f"/api/{kind}", headers=coach.headers)
    assert [found["title"] for found in of_staff.json()] == ["late, added later", "late", "early"]


async def test_it_belongs_to_a_team_of_ones_own(client, house, kind):
    owner, stranger = await an_owner(house), await an_owner(house)
    coach = await a_staff_member(house, owner)
    second, shared = await a_team(house, owner), await a_team(house, None)
    cases = [
        (owner, None, owner.team_id),
        (coach, None, owner.team_id),
        (owner, second, second),
        (coach, second, None),
        (owner, shared, None),
        (owner, stranger.team_id, None),
        (owner, new_id(), None),
    ]
    for who, team_id, expected in cases:
        answer = await client.post(f"/api/{kind}", json={**BODY, "team_id": team_id}, headers=who.headers)
        if expected is None:
            assert (answer.status_code, answer.json()) == (400, {"detail": "That team is not yours."})
        else:
            assert (answer.status_code, answer.json()["team_id"]) == (200, expected)
    assert len((await client.get(f"/api/{kind}", headers=owner.headers)).json()) == 3


async def test_someone_without_a_team_plans_nothing(client, house, kind):
    nobody, owner = await an_owner(house, team=None), await an_owner(house)
    assert (await client.get(f"/api/{kind}", headers=nobody.headers)).json() == []
    assert (await client.post(f"/api/{kind}", json=BODY, headers=nobody.headers)).status_code == 400
    made = await planned(client, owner, kind)
    assert (await client.delete(f"/api/{kind}/{made['id']}", headers=nobody.headers)).status_code == 404


async def test_another_clubs_appointment_is_as_good_as_absent(client, house, kind):
    owner, stranger = await an_owner(house), await an_owner(house)
    made = await planned(client, owner, kind)
    bodies = []
    for wanted in (made["id"], new_id(), "nonsense"):
        answer = await client.delete(f"/api/{kind}/{wanted}", headers=stranger.headers)
        assert answer.status_code == 404
        bodies.append(answer.json())
    assert bodies[0] == bodies[1] == bodies[2]
    answer = await client.delete(f"/api/{kind}/{made['id']}", headers=owner.headers)
    assert (answer.status_code, set(answer.json())) == (200, {"message"})
    assert (await client.get(f"/api/{kind}", headers=owner.headers)).json() == []


async def test_a_date_with_an_offset_is_told_in_the_clubs_time(database, keys, tmp_path, kind):
    house = a_house(database, data=tmp_path / "data", keys=keys, club_timezone="Africa/Tunis")
    owner = await an_owner(house)
    async with client_of(house.app(*CLASSIC)) as client:
        made = await planned(client, owner, kind, date="2026-08-15T15:30:00Z")
        assert made["date"] == "2026-08-15T16:30:00"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"title": None}, "title"),
        ({"title": " "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"title": "\x00"}, "title"),
        ({"date": None}, "date"),
        ({"date": "soon"}, "date"),
        ({"date": 0}, "date"),
        ({"date": "1786000000"}, "date"),
        ({"date": "2026-02-30T10:00:00"}, "date"),
        ({"date": "0001-01-01T00:00:00+14:00"}, "date"),
        ({"icon_name": "x" * 51}, "icon_name"),
        ({"icon_name": 7}, "icon_name"),
        ({"team_id": ["a"]}, "team_id"),
        ({"detail": "x" * 101}, "detail"),
        ({"detail": "\udfff"}, "detail"),
    ],
)
async def test_what_makes_no_sense_is_refused(small_house, kind, changes, field):
    owner = await an_owner(small_house)
    named = {DETAIL[kind] if name == "detail" else name: value for name, value in changes.items()}
    async with client_of(small_house.app(*CLASSIC)) as client:
        answer = await client.post(f"/api/{kind}", content=json.dumps({**BODY, **named}), headers=owner.headers)
        assert answer.status_code == 422
        assert answer.json()["detail"].startswith(f"`{DETAIL[kind] if field == 'detail' else field}`: ")
        assert (await client.get(f"/api/{kind}", headers=owner.headers)).json() == []


@pytest.mark.parametrize(
    ("role", "writes"), [("head_coach", 200), ("assistant_coach", 200), ("analyst", 403), ("player", 403)]
)
async def test_who_may_plan(small_house, kind, role, writes):
    owner = await an_owner(small_house)
    member = await a_staff_member(small_house, owner, role=role)
    async with client_of(small_house.app(*CLASSIC)) as client:
        made = await planned(client, owner, kind)
        assert (await client.get(f"/api/{kind}", headers=member.headers)).json() == [made]
        assert (await client.post(f"/api/{kind}", json=BODY, headers=member.headers)).status_code == writes
        assert (await client.delete(f"/api/{kind}/{made['id']}", headers=member.headers)).status_code == writes


async def test_where_only_managers_write_a_coach_reads(database, keys, tmp_path, kind):
    house = a_house(database, data=tmp_path / "data", keys=keys, authz_team_writes="managers")
    owner = await an_owner(house)
    coach = await a_staff_member(house, owner)
    async with client_of(house.app(*CLASSIC)) as client:
        assert (await client.post(f"/api/{kind}", json=BODY, headers=coach.headers)).status_code == 403
        made = await planned(client, owner, kind)
        assert (await client.get(f"/api/{kind}", headers=coach.headers)).json() == [made]


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00", "9999-12-31T23:59:59"])
async def test_every_date_of_the_calendar_can_be_kept(client, house, kind, date):
    owner = await an_owner(house)
    made = await planned(client, owner, kind, date=date)
    assert made["date"] == date
    assert (await client.get(f"/api/{kind}", headers=owner.headers)).json() == [made]
