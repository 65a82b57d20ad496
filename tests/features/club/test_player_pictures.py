"""Pictures of players over HTTP; what a picture must be and how it is shown is tested with the logos of teams."""

import asyncio
import re

import pytest

from factories import a_match, a_player, a_staff_member, a_team, an_owner
from picture_files import BLUE, RED, a_phone_photo, a_picture, decoded

pytestmark = pytest.mark.anyio


async def upload(client, person, player_id, content=None):
    sent = {"file": ("image.jpg", a_picture() if content is None else content, "application/octet-stream")}
    return await client.post(f"/api/players/{player_id}/upload_image", files=sent, headers=person.headers)


def stored(house):
    folder = house.settings.output_root / "static" / "images" / "players"
    return sorted(file.name for file in folder.iterdir()) if folder.exists() else []


async def test_a_picture_is_stored_shown_and_replaced(client, house):
    owner = await an_owner(house)
    player_id = await a_player(house, owner.team_id, name="Sam", jersey_number=7)
    answer = await upload(client, owner, player_id, a_phone_photo())
    assert answer.status_code == 200
    player = answer.json()
    assert (player["id"], player["name"], player["jersey_number"]) == (player_id, "Sam", 7)
    first = player["image_url"]
    assert re.fullmatch(rf"/static/images/players/{player_id}-[0-9a-f]{{8}}\.jpg", first)
    assert decoded((await client.get(first)).content).size == (40, 80)

    second = (await upload(client, owner, player_id, a_picture("PNG", color=BLUE))).json()["image_url"]
    assert (await client.get(first)).status_code == 404
    assert decoded((await client.get(second)).content).getpixel((1, 1)) == BLUE
    listed = (await client.get("/api/players", headers=owner.headers)).json()
    assert [player["image_url"] for player in listed] == [second]
    assert stored(house) == [second.rpartition("/")[2]]


async def test_who_may_give_a_player_a_picture(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    player_id = await a_player(house, owner.team_id)
    nobodys = await a_player(house, await a_team(house, None))
    path = f"/api/players/{player_id}/upload_image"
    assert (await client.post(path, files={"file": ("a.png", a_picture())})).status_code == 401
    for role, status in (("head_coach", 200), ("assistant_coach", 200), ("analyst", 403), ("player", 403)):
        member = await a_staff_member(house, owner, role=role)
        assert (await upload(client, member, player_id)).status_code == status, role
    foreign, absent = await upload(client, stranger, player_id), await upload(client, stranger, "no-such-player")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()
    assert (await upload(client, owner, nobodys)).status_code == 404
    assert len(stored(house)) == 1


async def test_uploads_at_once_leave_one_file(client, house):
    owner = await an_owner(house)
    player_id = await a_player(house, owner.team_id)
    answers = await asyncio.gather(*(upload(client, owner, player_id) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    player = (await client.get(f"/api/players/{player_id}", headers=owner.headers)).json()
    assert stored(house) == [player["image_url"].rpartition("/")[2]]


async def test_a_web_address_gives_way_to_an_upload(client, house):
    owner = await an_owner(house)
    player_id = await a_player(house, owner.team_id, image_url="https://example.org/sam.png")
    address = (await upload(client, owner, player_id, a_picture("WEBP", color=RED))).json()["image_url"]
    assert address.endswith(".webp")


async def test_a_picture_goes_with_its_player(client, house):
    owner = await an_owner(house)
    player_id = await a_player(house, owner.team_id)
    address = (await upload(client, owner, player_id)).json()["image_url"]
    gone = await client.delete(f"/api/players/{player_id}", headers=owner.headers)
    assert gone.status_code == 200
    assert stored(house) == []
    assert (await client.get(address)).status_code == 404


async def test_a_picture_stays_with_a_player_who_may_not_go(client, house):
    owner = await an_owner(house)
    player_id = await a_player(house, owner.team_id)
    address = (await upload(client, owner, player_id)).json()["image_url"]
    goal = {"match_id": await a_match(house, owner), "player_id": player_id, "event_type": "goal", "minute": 12}
    assert (await client.post("/api/match_events", json=goal, headers=owner.headers)).status_code == 200
    assert (await client.delete(f"/api/players/{player_id}", headers=owner.headers)).status_code == 409
    assert (await client.get(address)).status_code == 200
