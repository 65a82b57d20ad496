"""The one table of who may do what: every route of both applications has exactly one entry here.

The signature of a route enforces; this table is what a person reads, and what `check_policy` compares the running
app with: a route without an entry, or with another demand in its signature, stops the start. Entries of routes
that later versions add stand here already.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Mount, WebSocketRoute

from touchline.features.identity.access import (
    ACCOUNT_MANAGER,
    ACCOUNTS_CREATE,
    ACCOUNTS_DELETE,
    ACCOUNTS_READ,
    ACCOUNTS_UPDATE,
    ANALYSIS_RUN,
    CLUB_WRITE,
    FOOTBALL_READ,
    FOOTBALL_WRITE,
    MEDIA_READ,
    NOTES_READ,
    NOTES_WRITE,
    SIGNED_IN,
    STREAM_READ,
    TEAMS_WRITE,
    WRITE_OR_ANALYSE,
)
from touchline.foundation.http.requirement import PUBLIC, Requirement, requirements_of


class PolicyError(RuntimeError):
    """The app and the table disagree; the server must not start."""


@dataclass(frozen=True)
class Entry:
    """Who may call a route.

    method: GET covers HEAD; WS is a WebSocket.
    path: as the route is declared; names of parameters do not matter.
    requirement: what the signature demands.
    scope: which rows, in words; checked by the room (rules 3).
    """

    method: str
    path: str
    requirement: Requirement
    scope: str


_OWN = "himself"
_ORG = "his organisation"
_TEAMS = "accessible teams"
_SEEN = "teams of his organisation and shared ones"
_MATCH = "home or away team accessible"
_SCOPE = "a match in scope, or the made-up match of a run that he may see"
_RUN = "runs that he may see"
_CHANGE = "runs that he uploaded; account managers: of their organisation"
_PATH = "files of runs that he may see"
_ANY = "anybody"
_CREATOR = "creator, or account manager of the organisation"


def _entries() -> Iterator[Entry]:
    yield from _doors()
    yield from _accounts()
    yield from _club()
    yield from _matches()
    yield from _planning()
    yield from _analysis()
    yield from _alerts_and_assistant()


def _doors() -> Iterator[Entry]:
    for path in ("/", "/health", "/healthz", "/ready", "/docs", "/docs/oauth2-redirect", "/openapi.json"):
        yield Entry("GET", path, PUBLIC, _ANY)
    yield Entry("GET", "/.well-known/jwks.json", PUBLIC, _ANY)
    yield Entry("GET", "/static/{path:path}", PUBLIC, "pictures only")
    yield Entry("GET", "/metrics", PUBLIC, "loopback, or with METRICS_TOKEN")


def _accounts() -> Iterator[Entry]:
    for path in (
        "/api/token",
        "/api/register",
        "/api/register/verify",
        "/api/register/resend",
        "/api/password/forgot",
        "/api/password/reset",
        "/api/auth/google",
    ):
        yield Entry("POST", path, PUBLIC, _ANY)
    yield Entry("GET", "/api/users/me", SIGNED_IN, _OWN)
    yield from _crud("/api/users", ACCOUNTS_READ, ACCOUNTS_CREATE, _ORG, put=ACCOUNTS_UPDATE, delete=ACCOUNTS_DELETE)
    yield from _crud("/api/staff", SIGNED_IN, ACCOUNT_MANAGER, _TEAMS)
    yield Entry("POST", "/api/staff/create_with_account", ACCOUNT_MANAGER, "his own teams")
    yield from _crud("/api/teams", SIGNED_IN, TEAMS_WRITE, _SEEN, put=ACCOUNT_MANAGER, delete=ACCOUNT_MANAGER)
    yield Entry("GET", "/api/teams/by_name/{name:path}", SIGNED_IN, _SEEN)
    yield Entry("POST", "/api/teams/{id}/upload_logo", ACCOUNT_MANAGER, "his own teams")


def _club() -> Iterator[Entry]:
    yield from _crud("/api/players", FOOTBALL_READ, CLUB_WRITE, _TEAMS)
    yield Entry("POST", "/api/players/{id}/upload_image", CLUB_WRITE, _TEAMS)
    yield from _crud("/api/events", FOOTBALL_READ, FOOTBALL_WRITE, "shared ones and his organisation's")
    yield from _crud("/api/formations", FOOTBALL_READ, FOOTBALL_WRITE, _CREATOR)


def _matches() -> Iterator[Entry]:
    yield from _crud("/api/matches", FOOTBALL_READ, CLUB_WRITE, _MATCH)
    yield Entry("GET", "/api/matches/{id}/details", FOOTBALL_READ, _MATCH)
    yield Entry("POST", "/api/matches/{id}/video-anchor", WRITE_OR_ANALYSE, _MATCH + "; replacing: account manager")
    yield Entry("POST", "/api/matches/{id}/video-anchor/reset", ACCOUNT_MANAGER, _MATCH)
    yield from _crud("/api/match_events", FOOTBALL_READ, FOOTBALL_WRITE, _MATCH)
    yield from _crud("/api/match_lineups", FOOTBALL_READ, FOOTBALL_WRITE, _MATCH)
    yield from _crud("/api/player_match_statistics", FOOTBALL_READ, FOOTBALL_WRITE, _MATCH)
    yield Entry("GET", "/api/player_match_statistics/player/{id}", FOOTBALL_READ, _TEAMS)
    yield Entry("GET", "/api/matches/{id}/team_statistics", FOOTBALL_READ, _MATCH)
    yield Entry("PUT", "/api/matches/{id}/team_statistics/{team_id}", WRITE_OR_ANALYSE, _MATCH)
    yield from _crud("/api/video_segments", FOOTBALL_READ, WRITE_OR_ANALYSE, _MATCH)
    yield from _crud("/api/analysis_reports", FOOTBALL_READ, WRITE_OR_ANALYSE, _MATCH)


def _planning() -> Iterator[Entry]:
    yield Entry("GET", "/api/matches/{id}/notes", NOTES_READ, _SCOPE)
    yield Entry("POST", "/api/matches/{id}/notes", NOTES_WRITE, _SCOPE)
    yield Entry("DELETE", "/api/notes/{id}", SIGNED_IN, "his own notes")
    for path in ("/api/reunions", "/api/training_sessions"):
        yield Entry("GET", path, FOOTBALL_READ, _TEAMS)
        yield Entry("POST", path, CLUB_WRITE, _TEAMS)
        yield Entry("DELETE", f"{path}/{{id}}", CLUB_WRITE, _TEAMS)


def _analysis() -> Iterator[Entry]:
    yield Entry("POST", "/api/matches/{id}/analyze", ANALYSIS_RUN, _MATCH)
    yield Entry("GET", "/api/matches/{id}/analysis", FOOTBALL_READ, _MATCH)
    yield Entry("GET", "/api/analysis/{id}/status", FOOTBALL_READ, _RUN)
    yield Entry("POST", "/api/analyze_match", ANALYSIS_RUN, _MATCH + ", or no match")
    yield Entry("GET", "/api/analysis_status/{id}", FOOTBALL_READ, _RUN)
    yield Entry("GET", "/api/analysis_history", FOOTBALL_READ, _RUN)
    yield Entry("DELETE", "/api/analysis_history/{id}", FOOTBALL_READ, _CHANGE)
    yield Entry("POST", "/api/analysis/{id}/cancel", FOOTBALL_READ, _CHANGE)
    yield Entry("POST", "/api/analysis/{id}/retry", FOOTBALL_READ, _CHANGE)
    yield Entry("PUT", "/api/analysis/{id}/teams", ANALYSIS_RUN, _RUN)
    yield Entry("GET", "/api/analysis/{id}/links", FOOTBALL_READ, _RUN)
    yield Entry("POST", "/api/analysis/stale-detection", ANALYSIS_RUN, _ORG)
    yield Entry("POST", "/api/detect", ANALYSIS_RUN, "the picture that he sends")
    for scope, words in (("analysis", _RUN), ("matches", _SCOPE)):
        yield Entry("GET", f"/api/{scope}/{{id}}/segments", FOOTBALL_READ, words)
        yield Entry("DELETE", f"/api/{scope}/{{id}}/segments", ANALYSIS_RUN, _CHANGE)
        yield Entry("GET", f"/api/{scope}/{{id}}/segments/stream", STREAM_READ, words)
    for path in ("/api/analysis/files", "/api/analysis/stream", "/api/analysis/files/json"):
        yield Entry("GET", path, MEDIA_READ, _PATH)
    for prefix in ("/api", "/api/api"):  # the mobile client doubles the prefix (contract, D-01)
        yield Entry("POST", f"{prefix}/tracking-profiles", ANALYSIS_RUN, _MATCH + ", or no match")
        yield Entry("GET", f"{prefix}/tracking-profiles/{{id}}", FOOTBALL_READ, _MATCH + ", else his organisation")
        yield Entry("GET", f"{prefix}/matches/{{id}}/tracking-profiles", FOOTBALL_READ, _SCOPE)


def _alerts_and_assistant() -> Iterator[Entry]:
    yield Entry("GET", "/api/matches/{id}/alerts", FOOTBALL_READ, _SCOPE)
    yield Entry("POST", "/api/matches/{id}/alerts/{alert_id}/feedback", WRITE_OR_ANALYSE, _SCOPE)
    for prefix in ("/api", ""):
        yield Entry("POST", f"{prefix}/decision/feedback", WRITE_OR_ANALYSE, _SCOPE)
        yield Entry("GET", f"{prefix}/decision/metrics", SIGNED_IN, _OWN)
    # Its identity may also come from a subprotocol or a grant, which no signature can show; the socket checks it.
    yield Entry("WS", "/ws/alerts/{match_id}", PUBLIC, "header, access_token, subprotocol or grant; then " + _SCOPE)
    yield Entry("POST", "/api/assistant/query", SIGNED_IN, _ORG)
    yield Entry("GET", "/api/assistant/mode", SIGNED_IN, _ORG)
    yield Entry("POST", "/api/assistant/mode", ACCOUNT_MANAGER, _ORG)


def _crud(
    path: str,
    read: Requirement,
    write: Requirement,
    scope: str,
    *,
    put: Requirement | None = None,
    delete: Requirement | None = None,
) -> Iterator[Entry]:
    """The five routes of a collection; `put` and `delete` where they differ from `write`."""
    yield Entry("GET", path, read, scope)
    yield Entry("POST", path, write, scope)
    yield Entry("GET", f"{path}/{{id}}", read, scope)
    yield Entry("PUT", f"{path}/{{id}}", put or write, scope)
    yield Entry("DELETE", f"{path}/{{id}}", delete or write, scope)


POLICY: tuple[Entry, ...] = tuple(_entries())


def check_policy(app: FastAPI) -> None:
    """Compare every route of an app with the table.

    Raises:
        PolicyError: naming each route that has no entry or demands something else.
    """
    table = _by_shape()
    problems = [
        problem
        for route in iter_route_contexts(app.routes)
        for method in _methods(route)
        for problem in _problems(route, method, table)
    ]
    if problems:
        raise PolicyError("Routes and policy table disagree: " + "; ".join(problems))


def _by_shape() -> dict[tuple[str, str], Entry]:
    table: dict[tuple[str, str], Entry] = {}
    for entry in POLICY:
        key = (entry.method, _shape(entry.path))
        if key in table:
            raise PolicyError(f"Two entries for {entry.method} {entry.path}.")
        table[key] = entry
    return table


def _problems(route: RouteContext, method: str, table: dict[tuple[str, str], Entry]) -> Iterator[str]:
    path = _path(route)
    entry = table.get((method, _shape(path)))
    demanded = requirements_of(route)
    if entry is None:
        yield f"{method} {path} has no entry"
    elif demanded != {entry.requirement}:
        names = ", ".join(sorted(demand.name for demand in demanded)) or "nothing"
        yield f"{method} {path} demands {names}, the table says {entry.requirement.name}"


def _methods(route: RouteContext) -> set[str]:
    original = route.original_route
    if isinstance(original, WebSocketRoute):
        return {"WS"}
    if isinstance(original, Mount):
        return {"GET"}
    # A plain route that names no methods takes all of them; no entry allows that.
    return {"GET" if method == "HEAD" else method for method in route.methods or ("ANY",)}


def _path(route: RouteContext) -> str:
    path = route.path or ""
    return f"{path}/{{path:path}}" if isinstance(route.original_route, Mount) else path


def _shape(path: str) -> str:
    """A path without the names of its parameters."""
    return re.sub(r"{[^}:]*(:[^}]*)?}", lambda found: f"{{{found[1] or ''}}}", path)
