"""Logos of teams over HTTP, and how pictures are shown to whoever knows their name."""

import asyncio
import re
from dataclasses import replace
from datetime import UTC, datetime
from urllib.parse import unquote

import pytest
from sqlalchemy import delete, select, update

from factories import a_staff_member, a_team, an_owner
from houses import CLASSIC, StillClock, a_house, client_of
from live import LiveStream
from picture_files import BLUE, RED, a_phone_photo, a_picture, a_png_bomb, decoded
from touchline.features.identity import logos_in_use
from touchline.features.identity.logo_service import LogoService
from touchline.features.identity.tables import teams
from touchline.foundation.gallery import Gallery

pytestmark = pytest.mark.anyio


@pytest.fixture
async def small(small_house):
    async with client_of(small_house.app(*CLASSIC)) as opened:
        yield opened


def part(content, name="logo.png", field="file"):
    """As the mobile client sends it."""
    return {field: (name, content, "application/octet-stream")}


async def upload(client, person, team_id, content=None, **files):
    sent = files.get("files") or part(a_picture() if content is None else content)
    return await client.post(f"/api/teams/{team_id}/upload_logo", files=sent, headers=person.headers)


def stored(house):
    folder = house.settings.output_root / "static" / "images"
    return sorted(file.name for file in folder.rglob("*") if file.is_file()) if folder.exists() else []


async def logo_of(house, team_id):
    async with house.database.begin() as db:
        return await db.scalar(select(teams.c.logo_url).where(teams.c.id == team_id))


async def test_a_logo_is_stored_shown_to_anybody_and_replaced(client, house):
    owner = await an_owner(house)
    answer = await upload(client, owner, owner.team_id, a_picture("PNG", color=RED))
    assert answer.status_code == 200
    team = answer.json()
    assert team["id"] == owner.team_id
    first = team["logo_url"]
    assert re.fullmatch(rf"/static/images/teams/{owner.team_id}-[0-9a-f]{{8}}\.png", first)
    assert (await client.get("/api/teams", headers=owner.headers)).json()[0]["logo_url"] == first

    shown = await client.get(first)
    assert (shown.status_code, shown.headers["content-type"]) == (200, "image/png")
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert shown.headers["content-security-policy"].startswith("default-src 'none'")
    assert "immutable" in shown.headers["cache-control"]
    assert decoded(shown.content).getpixel((3, 3)) == RED

    second = (await upload(client, owner, owner.team_id, a_picture("GIF", color=BLUE))).json()["logo_url"]
    assert second.endswith(".gif")
    assert (await client.get(first)).status_code == 404
    assert (await client.get(second)).headers["content-type"] == "image/gif"
    assert stored(house) == [second.rpartition("/")[2]]


async def test_who_may_give_a_team_a_logo(client, house):
    owner, stranger = await an_owner(house), await an_owner(house)
    opponent = await a_team(house, owner, name="Opponent")
    shared = await a_team(house, None, name="Shared")
    coach = await a_staff_member(house, owner)
    path = f"/api/teams/{owner.team_id}/upload_logo"
    assert (await client.post(path, files=part(a_picture()))).status_code == 401
    assert (await upload(client, coach, owner.team_id)).status_code == 403
    foreign = await upload(client, stranger, owner.team_id)
    absent = await upload(client, stranger, "no-such-team")
    assert foreign.status_code == absent.status_code == 404
    assert foreign.json() == absent.json()
    assert (await upload(client, owner, shared)).status_code == 403
    assert stored(house) == []
    assert (await upload(client, owner, opponent)).status_code == 200


async def test_uploads_at_once_leave_one_file(client, house):
    owner = await an_owner(house)
    answers = await asyncio.gather(*(upload(client, owner, owner.team_id) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    address = await logo_of(house, owner.team_id)
    assert address in {answer.json()["logo_url"] for answer in answers}
    assert stored(house) == [address.rpartition("/")[2]]


async def test_a_team_that_goes_while_its_logo_arrives_leaves_no_file(client, house):
    owner = await an_owner(house)
    team_id = await a_team(house, owner)

    class Vanishing:
        """A cleaner during whose work somebody deletes the team."""

        async def clean(self, content):
            made = await house.services[Gallery].cleaner.clean(content)
            async with house.database.begin() as db:
                await db.execute(delete(teams).where(teams.c.id == team_id))
            return made

    slow = LogoService(house.database, replace(house.services[Gallery], cleaner=Vanishing()))
    async with client_of(house.app(*CLASSIC, extra={LogoService: slow})) as other:
        assert (await upload(other, owner, team_id)).status_code == 404
    assert stored(house) == []


@pytest.mark.parametrize(
    ("files", "status", "words"),
    [
        (part(b"<svg xmlns='http://www.w3.org/2000/svg'/>", "logo.svg"), 415, "not a picture"),
        (part(b"<html><script>alert(1)</script>", "logo.png"), 415, "not a picture"),
        (part(b""), 415, "not a picture"),
        (part(a_picture()[:60]), 415, "not a picture"),
        (part(a_png_bomb(13_000, 13_000)), 413, "12,000 pixels"),
        (part(a_picture(), field="image"), 422, "`file`: a picture is required"),
        (part(b"x" * 60_000), 413, "50 KiB"),
        ([("file", ("a.png", a_picture())), ("file", ("b.png", a_picture()))], 422, "sent twice"),
    ],
)
async def test_what_is_refused_leaves_nothing(small_house, tmp_path, files, status, words):
    house = a_house(
        small_house.database, data=small_house.settings.data_dir, keys=small_house.keys, max_image_bytes=50 * 1024
    )
    owner = await an_owner(house)
    async with client_of(house.app(*CLASSIC)) as client:
        answer = await upload(client, owner, owner.team_id, files=files)
    assert answer.status_code == status
    assert words in answer.json()["detail"]
    assert await logo_of(house, owner.team_id) is None
    assert stored(house) == []


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [
        (b"", "multipart/form-data", 422),
        (b"", "multipart/form-data; boundary=edge", 400),
        (b"--edge\r\nContent-Disposition: form-data; name", "multipart/form-data; boundary=edge", 400),
        (b"file=hello", "application/x-www-form-urlencoded", 422),
        (a_picture(), "image/png", 422),
        (b"null", "application/json", 422),
    ],
)
async def test_a_body_that_is_no_form_with_a_file_is_refused(small, small_house, content, kind, status):
    owner = await an_owner(small_house)
    answer = await small.post(
        f"/api/teams/{owner.team_id}/upload_logo", content=content, headers={**owner.headers, "Content-Type": kind}
    )
    assert answer.status_code == status


async def test_what_a_client_calls_a_file_does_not_count(small, small_house):
    owner = await an_owner(small_house)
    sent = {"file": ("../../evil.html", a_picture("WEBP"), "text/html")}
    address = (await upload(small, owner, owner.team_id, files=sent)).json()["logo_url"]
    assert address.endswith(".webp")
    assert stored(small_house) == [address.rpartition("/")[2]]


async def test_a_photo_of_a_phone_is_shown_without_its_place(small, small_house):
    owner = await an_owner(small_house)
    address = (await upload(small, owner, owner.team_id, a_phone_photo())).json()["logo_url"]
    shown = await small.get(address)
    assert shown.headers["content-type"] == "image/jpeg"
    assert decoded(shown.content).size == (40, 80)
    assert not decoded(shown.content).getexif()


async def test_nobody_removes_a_foreign_picture_by_calling_it_his_own(small, small_house):
    """A logo's address may be typed; only the file that was named after the row goes with it."""
    victim, thief = await an_owner(small_house), await an_owner(small_house)
    address = (await upload(small, victim, victim.team_id)).json()["logo_url"]
    async with small_house.database.begin() as db:
        await db.execute(update(teams).where(teams.c.id == thief.team_id).values(logo_url=address))
    assert (await upload(small, thief, thief.team_id)).status_code == 200
    assert (await small.get(address)).status_code == 200


async def test_a_logo_goes_with_its_team(client, house):
    owner = await an_owner(house)
    team_id = await a_team(house, owner)
    address = (await upload(client, owner, team_id)).json()["logo_url"]
    kept = (await upload(client, owner, owner.team_id)).json()["logo_url"]
    assert (await client.delete(f"/api/teams/{team_id}", headers=owner.headers)).status_code == 200
    assert stored(house) == [kept.rpartition("/")[2]]
    assert (await client.get(address)).status_code == 404


# --- shown


@pytest.fixture
async def shown(small, small_house):
    owner = await an_owner(small_house)
    return (await upload(small, owner, owner.team_id)).json()["logo_url"]


async def test_a_picture_is_not_sent_again_to_whoever_has_it(small, shown):
    first = await small.get(shown)
    tag = first.headers["etag"]
    again = await small.get(shown, headers={"If-None-Match": f'"other", W/{tag}'})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    assert (await small.get(shown, headers={"If-None-Match": '"other"'})).status_code == 200


async def test_head_tells_the_same_without_the_picture(small, shown):
    whole, head = await small.get(shown), await small.head(shown)
    assert head.status_code == 200
    for name in ("content-type", "content-length", "etag", "cache-control", "x-content-type-options"):
        assert head.headers[name] == whole.headers[name]
    assert (await small.head("/static/images/teams/none-00000000.png")).status_code == 404


async def test_a_token_is_neither_needed_nor_harmful(small, shown):
    assert (await small.get(shown, headers={"Authorization": "Bearer nonsense"})).status_code == 200


async def test_nothing_but_pictures_of_ours_is_shown(small_house, shown):
    app = small_house.app(*CLASSIC)
    root = small_house.settings.output_root
    folder = root / "static" / "images" / "teams"
    name = shown.rpartition("/")[2]
    (folder / "page.html").write_text("<script>")
    (folder / "x-0011aabb.svg").write_text("<svg/>")
    (folder / f"{name}.part").write_bytes(b"half")
    (folder / "folder-0011aabb.png").mkdir()
    (root / "secret-0011aabb.png").write_bytes(b"secret")
    for path in (
        "",
        "images",
        "images/",
        "images/teams",
        "images/teams/",
        "images/teams/page.html",
        "images/teams/x-0011aabb.svg",
        f"images/teams/{name}.part",
        f"images/teams/{name}/",
        f"images/teams/{name.upper()}",
        f"images/players/{name}",
        f"images//teams/{name}",
        f"images/teams/./{name}",
        f"images/teams/../teams/{name}",
        f"images/teams/%2e%2e/teams/{name}",
        f"images%2Fteams%2F..%2Fteams%2F{name}",
        "images/teams/folder-0011aabb.png",
        "secret-0011aabb.png",
        "images/teams/..%2f..%2f..%2fsecret-0011aabb.png",
        "..%2fsecret-0011aabb.png",
        "..%5csecret-0011aabb.png",
        f"images/teams/{name}%00",
        "images/teams/" + "a" * 5000 + "-0011aabb.png",
        "images/teams/%ff%fe-0011aabb.png",
        "../touchline.db",
        "..%2f..%2fcerts%2fprivate.pem",
    ):
        # Spoken without a client, which would tidy the path up.
        async with LiveStream(app, unquote(f"/static/{path}")) as answer:
            assert (answer.status, answer.headers["content-type"]) == (404, "application/json"), path


async def test_a_link_that_leads_outside_is_not_followed(small, small_house, shown, tmp_path):
    outside = tmp_path / "outside.png"
    outside.write_bytes(a_picture())
    folder = small_house.settings.output_root / "static" / "images" / "teams"
    (folder / "link-0011aabb.png").symlink_to(outside)
    assert (await small.get("/static/images/teams/link-0011aabb.png")).status_code == 404


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
async def test_pictures_are_only_read_here(small, shown, method):
    assert (await small.request(method, shown)).status_code == 405
    assert (await small.get(shown)).status_code == 200


# --- swept


async def test_pictures_without_a_row_are_swept_once_they_are_old(client, house):
    owner = await an_owner(house)
    used = (await upload(client, owner, owner.team_id)).json()["logo_url"]
    folder = house.settings.output_root / "static" / "images" / "players"
    folder.mkdir()
    for name in ("gone-0011aabb.png", "half-0011aabb.png.part"):
        (folder / name).write_bytes(b"x")
    clock = StillClock(datetime.now(UTC))  # as the disk's
    gallery = replace(house.services[Gallery], clock=clock)
    assert await gallery.sweep(house.database, [logos_in_use]) == 0
    clock.forward(minutes=61)
    assert await gallery.sweep(house.database, [logos_in_use]) == 2
    assert stored(house) == [used.rpartition("/")[2]]
