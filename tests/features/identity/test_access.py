"""Rights in signatures, the policy table, and ways to show who one is."""

from dataclasses import dataclass
from datetime import datetime

import pytest
from fastapi import APIRouter
from starlette.responses import PlainTextResponse
from starlette.routing import Mount, Route

from factories import a_staff_member, an_owner
from houses import CLASSIC, client_of
from touchline.features.identity import Authenticator, Permission, access, is_same_organisation, team_names, teams_by_id
from touchline.features.identity.access import Needs
from touchline.features.identity.errors import InactiveUserError, NotSignedInError
from touchline.features.identity.policy import POLICY, PolicyError, check_policy
from touchline.features.identity.ports import MediaLinkChecker
from touchline.features.identity.roles import EFFECTIVE, AppRole
from touchline.foundation.errors import Kind, TouchlineError
from touchline.foundation.http.requirement import PUBLIC, Public

pytestmark = pytest.mark.anyio

ROLES = {
    AppRole.ACCOUNT_MANAGER: None,
    AppRole.COACH: "head_coach",
    AppRole.ASSISTANT_COACH: "assistant_coach",
    AppRole.ANALYST: "analyst",
    AppRole.PLAYER: "player",
}

# The effective matrix of the contract, written out by hand: who passes which signature.
MATRIX = {
    "SignedIn": "account_manager coach assistant_coach analyst player",
    "AccountManager": "account_manager",
    "MayReadFootball": "account_manager coach assistant_coach analyst player",
    "MayWriteFootball": "account_manager coach assistant_coach",
    "MayWriteClub": "account_manager coach assistant_coach",
    "MayWriteTeams": "account_manager coach assistant_coach",
    "MayAnalyse": "account_manager coach assistant_coach analyst",
    "MayWriteOrAnalyse": "account_manager coach assistant_coach analyst",
    "MayReadNotes": "account_manager coach assistant_coach analyst",
    "MayWriteNotes": "account_manager coach analyst",
    "MayReadAccounts": "account_manager",
    "MayCreateAccounts": "account_manager",
    "MayUpdateAccounts": "account_manager",
    "MayDeleteAccounts": "account_manager",
    "SseReader": "account_manager coach assistant_coach analyst player",
    "MediaReader": "account_manager coach assistant_coach analyst player",
}


def router_with(name: str) -> APIRouter:
    router = APIRouter()
    right = getattr(access, name)

    async def whoami(by: right) -> dict[str, str]:
        return {"id": by.user_id}

    router.add_api_route("/whoami", whoami)
    return router


@pytest.mark.parametrize("name", MATRIX)
async def test_each_right_lets_in_exactly_the_roles_of_the_matrix(small_house, name):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(router_with(name), check=None)) as client:
        assert (await client.get("/whoami")).status_code == 401
        for role, staff_role in ROLES.items():
            somebody = owner if staff_role is None else await a_staff_member(small_house, owner, role=staff_role)
            answer = await client.get("/whoami", headers=somebody.headers)
            expected = 200 if role.value in MATRIX[name].split() else 403
            assert answer.status_code == expected, (name, role)
            if expected == 403:
                assert answer.json()["detail"].endswith(".")
            else:
                assert answer.json() == {"id": somebody.user_id}


def test_every_right_is_in_the_matrix():
    named = {name for name, right in vars(access).items() if getattr(right, "__metadata__", None)}
    assert named == set(MATRIX)


def test_every_refusal_says_what_is_missing():
    for needs in (value for value in vars(access).values() if isinstance(value, Needs)):
        assert needs.reason or needs.is_manager_only or not needs.any_of


@dataclass(frozen=True)
class Holder:
    user_id: str
    token_version: int


class BadLinkError(TouchlineError):
    kind = Kind.UNAUTHENTICATED
    text = "This link is not valid."


@dataclass(frozen=True)
class OneLink:
    holder: Holder

    def check(self, token: str, path: str, *, now: datetime) -> Holder:
        if (token, path) != ("good", "outputs/a.mp4"):
            raise BadLinkError
        return self.holder


async def test_streams_take_the_token_from_header_or_query(small_house):
    owner, other = await an_owner(small_house), await an_owner(small_house)
    async with client_of(small_house.app(router_with("SseReader"), check=None)) as client:
        assert (await client.get(f"/whoami?access_token={owner.token}")).json() == {"id": owner.user_id}
        both = await client.get(f"/whoami?access_token={owner.token}", headers=other.headers)
        assert both.json() == {"id": other.user_id}
        assert (await client.get("/whoami?access_token=")).status_code == 401
        assert (await client.get("/whoami?access_token=x.y.z")).status_code == 401
        assert (await client.get("/whoami?media=good&path=outputs/a.mp4")).status_code == 401


async def test_other_routes_take_it_from_the_header_only(small_house):
    owner = await an_owner(small_house)
    async with client_of(small_house.app(router_with("MayReadFootball"), check=None)) as client:
        assert (await client.get(f"/whoami?access_token={owner.token}")).status_code == 401


async def test_media_take_header_then_link_then_token(small_house):
    owner, other = await an_owner(small_house), await an_owner(small_house)
    extra = {MediaLinkChecker: OneLink(Holder(owner.user_id, 0))}
    async with client_of(small_house.app(router_with("MediaReader"), check=None, extra=extra)) as client:
        missing = await client.get("/whoami?path=outputs/a.mp4")
        assert (missing.status_code, missing.json()) == (401, {"detail": "Missing token"})
        good = "/whoami?path=outputs/a.mp4&media=good"
        assert (await client.get(good)).json() == {"id": owner.user_id}
        assert (await client.get(good, headers=other.headers)).json() == {"id": other.user_id}
        assert (await client.get("/whoami?path=outputs/b.mp4&media=good")).status_code == 401
        assert (await client.get("/whoami?path=outputs/a.mp4&media=bad")).status_code == 401
        assert (await client.get(f"/whoami?access_token={other.token}")).json() == {"id": other.user_id}
        # A bad link is not saved by a token beside it.
        assert (await client.get(f"/whoami?path=x&media=bad&access_token={other.token}")).status_code == 401


async def test_a_link_ends_with_the_tokens_of_its_holder(small_house):
    owner = await an_owner(small_house)
    extra = {MediaLinkChecker: OneLink(Holder(owner.user_id, 7))}
    async with client_of(small_house.app(router_with("MediaReader"), check=None, extra=extra)) as client:
        assert (await client.get("/whoami?path=outputs/a.mp4&media=good")).status_code == 401


async def test_sockets_ask_for_the_person_behind_a_token(small_house):
    owner = await an_owner(small_house)
    gone = await an_owner(small_house, is_active=False)
    people = small_house.services[Authenticator]
    assert await people.principal_for_token(owner.token) == owner.principal
    assert await people.principal_for_user(owner.user_id) == owner.principal
    with pytest.raises(NotSignedInError):
        await people.principal_for_token("x")
    with pytest.raises(NotSignedInError):
        await people.principal_for_user(owner.user_id, token_version=3)
    with pytest.raises(InactiveUserError):
        await people.principal_for_token(gone.token)


async def test_other_rooms_may_ask_about_teams_and_organisations(house):
    owner, stranger = await an_owner(house), await an_owner(house, team="Foreign")
    member = await a_staff_member(house, owner)
    async with house.database.begin() as db:
        assert await team_names(db, [owner.team_id, stranger.team_id, "x"]) == {
            owner.team_id: "Rovers",
            stranger.team_id: "Foreign",
        }
        assert await teams_by_id(db, []) == {}
        assert await is_same_organisation(db, owner.principal, member.user_id)
        assert await is_same_organisation(db, member.principal, owner.user_id)
        assert await is_same_organisation(db, owner.principal, owner.user_id)
        assert not await is_same_organisation(db, owner.principal, stranger.user_id)
        assert not await is_same_organisation(db, owner.principal, "x")


async def test_a_staff_account_without_a_staff_row_belongs_to_its_creator(house):
    owner = await an_owner(house)
    member = await a_staff_member(house, owner)
    assert member.principal.organisation_id == owner.user_id
    assert member.principal.permissions == EFFECTIVE[AppRole.COACH]
    assert member.principal.can(Permission.FOOTBALL_WRITE)


def test_the_table_has_one_entry_per_route():
    shapes = [(entry.method, entry.path) for entry in POLICY]
    assert len(shapes) == len(set(shapes))
    assert all(entry.scope for entry in POLICY)


async def test_a_route_without_an_entry_stops_the_start(small_house):
    router = APIRouter()

    @router.get("/api/secret_door")
    async def door(_: Public) -> None:
        return None

    with pytest.raises(PolicyError, match="GET /api/secret_door has no entry"):
        small_house.app(router)


async def test_a_route_that_demands_something_else_stops_the_start(small_house):
    router = APIRouter()

    @router.post("/api/teams")
    async def door(by: access.SignedIn) -> None:
        return None

    @router.get("/api/teams/{anything}")
    async def open_door(anything: str, _: Public) -> None:
        return None

    @router.get("/api/matches")
    async def forgotten_door() -> None:
        return None

    with pytest.raises(PolicyError) as caught:
        small_house.app(router)
    message = str(caught.value)
    assert "POST /api/teams demands signed in, the table says accounts.update or football.write" in message
    assert "GET /api/teams/{anything} demands public, the table says signed in" in message
    assert "GET /api/matches demands nothing, the table says football.read" in message


async def test_plain_routes_and_mounts_are_looked_at_too(small_house):
    app = small_house.app()
    app.routes.append(Route("/plain", lambda _: PlainTextResponse("x")))
    app.routes.append(Route("/any", PlainTextResponse("x")))
    app.routes.append(Mount("/elsewhere", PlainTextResponse("x")))
    with pytest.raises(PolicyError) as caught:
        check_policy(app)
    assert "GET /plain has no entry" in str(caught.value)
    assert "ANY /any has no entry" in str(caught.value)
    assert "GET /elsewhere/{path:path} has no entry" in str(caught.value)


async def test_the_classic_app_agrees_with_the_table(small_house):
    check_policy(small_house.app(*CLASSIC))


@pytest.mark.parametrize(
    ("method", "path", "requirement"),
    [
        ("POST", "/api/assistant/mode", access.ACCOUNT_MANAGER),
        ("DELETE", "/api/users/{id}", access.ACCOUNTS_DELETE),
        ("PUT", "/api/teams/{id}", access.ACCOUNT_MANAGER),
        ("POST", "/api/teams", access.TEAMS_WRITE),
        ("DELETE", "/api/players/{id}", access.CLUB_WRITE),
        ("POST", "/api/match_lineups", access.FOOTBALL_WRITE),
        ("PUT", "/api/matches/{id}/team_statistics/{team_id}", access.WRITE_OR_ANALYSE),
        ("POST", "/api/matches/{id}/notes", access.NOTES_WRITE),
        ("POST", "/api/analyze_match", access.ANALYSIS_RUN),
        ("POST", "/api/api/tracking-profiles", access.ANALYSIS_RUN),
        ("GET", "/api/analysis/files", access.MEDIA_READ),
        ("POST", "/decision/feedback", access.WRITE_OR_ANALYSE),
        ("POST", "/api/token", PUBLIC),
    ],
)
def test_the_table_says_what_the_contract_says(method, path, requirement):
    (entry,) = [entry for entry in POLICY if (entry.method, entry.path) == (method, path)]
    assert entry.requirement == requirement
