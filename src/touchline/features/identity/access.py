"""Named rights for signatures: `by: MayAnalyse` is the permission check, readable by people and by the policy table.

Nobody is let in by default: a route without one of these (or `Public`) stops the start (see `policy`).
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, Any, TypeVar, cast

from fastapi import Depends
from fastapi.security import APIKeyQuery, OAuth2PasswordBearer
from starlette.requests import HTTPConnection, Request

from touchline.features.identity.authenticator import Authenticator
from touchline.features.identity.errors import MissingTokenError, NotAllowedError, NotSignedInError
from touchline.features.identity.ports import MediaLinkChecker
from touchline.features.identity.principal import Principal
from touchline.features.identity.roles import Permission
from touchline.foundation.clock import Clock
from touchline.foundation.http.requirement import Requirement

T = TypeVar("T")

_P = Permission
# These only tell the documentation what there is; the functions below read it.
_show_in_docs = OAuth2PasswordBearer(tokenUrl="/api/token", auto_error=False)
_show_token = APIKeyQuery(
    name="access_token", scheme_name="TokenInQuery", description="A token, for `EventSource`.", auto_error=False
)
_show_link = APIKeyQuery(
    name="media", scheme_name="SignedLink", description="Comes with the links of a run; for players.", auto_error=False
)


class Source(StrEnum):
    """Where a route takes the caller's identity from; the header always wins."""

    HEADER = "header"
    STREAM = "stream"  # or ?access_token=, for EventSource
    MEDIA = "media"  # or a signed link, or ?access_token=, for players


@dataclass(frozen=True)
class Needs(Requirement):
    """A right that somebody needs.

    any_of: one of these is enough; empty: any active account.
    is_manager_only: only the account manager.
    is_club_write: AUTHZ_TEAM_WRITES=managers makes it the account manager's alone.
    reason: what a refusal says.
    """

    any_of: frozenset[Permission] = frozenset()
    is_manager_only: bool = False
    is_club_write: bool = False
    reason: str = ""
    source: Source = Source.HEADER


@dataclass(frozen=True)
class TeamWrites:
    """Who writes teams, players, matches, meetings and sessions: setting AUTHZ_TEAM_WRITES."""

    by_managers_only: bool


def require(needs: Needs) -> Any:
    """A dependency that answers with the caller, or refuses."""
    return _REQUIRE[needs.source](needs)


class _Require:
    """Callable for FastAPI; `requirement` is what the policy table is compared with."""

    def __init__(self, needs: Needs) -> None:
        self.requirement = needs

    async def __call__(self, request: Request, _: Annotated[str | None, Depends(_show_in_docs)] = None) -> Principal:
        person = await _FIND[self.requirement.source](request)
        check(person, self.requirement, _service(request, TeamWrites))
        return person


class _RequireOfStream(_Require):
    async def __call__(
        self,
        request: Request,
        _: Annotated[str | None, Depends(_show_in_docs)] = None,
        __: Annotated[str | None, Depends(_show_token)] = None,
    ) -> Principal:
        return await super().__call__(request)


class _RequireOfMedia(_Require):
    async def __call__(
        self,
        request: Request,
        _: Annotated[str | None, Depends(_show_in_docs)] = None,
        __: Annotated[str | None, Depends(_show_token)] = None,
        ___: Annotated[str | None, Depends(_show_link)] = None,
    ) -> Principal:
        return await super().__call__(request)


_REQUIRE: dict[Source, type[_Require]] = {
    Source.HEADER: _Require,
    Source.STREAM: _RequireOfStream,
    Source.MEDIA: _RequireOfMedia,
}


def check(person: Principal, needs: Needs, writes: TeamWrites) -> None:
    """Whether somebody has a right.

    Raises:
        NotAllowedError: he has not; the message names what is missing.
    """
    if (needs.is_manager_only or (needs.is_club_write and writes.by_managers_only)) and not person.is_account_manager:
        raise NotAllowedError(reason="This needs the account manager role.")
    if needs.any_of and not needs.any_of & person.permissions:
        raise NotAllowedError(reason=needs.reason)


def bearer_token(connection: HTTPConnection) -> str | None:
    """The token of the Authorization header; None without one.

    Raises:
        NotSignedInError: the header is there but holds no bearer token.
    """
    header = connection.headers.get("authorization")
    if header is None:
        return None
    scheme, _, token = header.strip().partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotSignedInError
    return token.strip()


async def _by_header(request: Request) -> Principal:
    token = bearer_token(request)
    if token is None:
        raise NotSignedInError
    return await _service(request, Authenticator).principal_for_token(token)


async def _by_header_or_query(request: Request) -> Principal:
    token = bearer_token(request) or request.query_params.get("access_token")
    if not token:
        raise NotSignedInError
    return await _service(request, Authenticator).principal_for_token(token)


async def _by_header_or_link(request: Request) -> Principal:
    authenticator = _service(request, Authenticator)
    link = request.query_params.get("media")
    token = bearer_token(request) or (None if link else request.query_params.get("access_token"))
    if token:
        return await authenticator.principal_for_token(token)
    if not link:
        raise MissingTokenError
    holder = _service(request, MediaLinkChecker).check(
        link, request.query_params.get("path", ""), now=_service(request, Clock).now()
    )
    return await authenticator.principal_for_user(holder.user_id, token_version=holder.token_version)


_FIND: dict[Source, Callable[[Request], Awaitable[Principal]]] = {
    Source.HEADER: _by_header,
    Source.STREAM: _by_header_or_query,
    Source.MEDIA: _by_header_or_link,
}


def _service(connection: HTTPConnection, kind: Callable[..., T]) -> T:
    return cast("T", connection.app.state.services[kind])


SIGNED_IN = Needs("signed in")
ACCOUNT_MANAGER = Needs("account manager", is_manager_only=True)
FOOTBALL_READ = Needs("football.read", frozenset({_P.FOOTBALL_READ}), reason="Your role cannot see football data.")
FOOTBALL_WRITE = Needs(
    "football.write", frozenset({_P.FOOTBALL_WRITE}), reason="Your role cannot change football data."
)
CLUB_WRITE = Needs(
    "football.write of the club",
    frozenset({_P.FOOTBALL_WRITE}),
    is_club_write=True,
    reason="Your role cannot change football data.",
)
TEAMS_WRITE = Needs(
    "accounts.update or football.write",
    frozenset({_P.ACCOUNTS_UPDATE, _P.FOOTBALL_WRITE}),
    is_club_write=True,
    reason="Your role cannot add teams.",
)
ANALYSIS_RUN = Needs("analysis.run", frozenset({_P.ANALYSIS_RUN}), reason="Your role cannot analyse videos.")
WRITE_OR_ANALYSE = Needs(
    "football.write or analysis.run",
    frozenset({_P.FOOTBALL_WRITE, _P.ANALYSIS_RUN}),
    reason="Your role can neither change football data nor analyse videos.",
)
NOTES_READ = Needs("notes.read", frozenset({_P.NOTES_READ}), reason="Your role cannot see notes.")
NOTES_WRITE = Needs("notes.write", frozenset({_P.NOTES_WRITE}), reason="Your role cannot add notes.")
ACCOUNTS_READ = Needs("accounts.read", frozenset({_P.ACCOUNTS_READ}), reason="Your role cannot see accounts.")
ACCOUNTS_CREATE = Needs("accounts.create", frozenset({_P.ACCOUNTS_CREATE}), reason="Your role cannot add accounts.")
ACCOUNTS_UPDATE = Needs("accounts.update", frozenset({_P.ACCOUNTS_UPDATE}), reason="Your role cannot change accounts.")
ACCOUNTS_DELETE = Needs("accounts.delete", frozenset({_P.ACCOUNTS_DELETE}), reason="Your role cannot remove accounts.")
STREAM_READ = Needs(
    "football.read over a stream",
    frozenset({_P.FOOTBALL_READ}),
    reason="Your role cannot see football data.",
    source=Source.STREAM,
)
MEDIA_READ = Needs(
    "football.read of a file",
    frozenset({_P.FOOTBALL_READ}),
    reason="Your role cannot see football data.",
    source=Source.MEDIA,
)

SignedIn = Annotated[Principal, Depends(require(SIGNED_IN))]
AccountManager = Annotated[Principal, Depends(require(ACCOUNT_MANAGER))]
MayReadFootball = Annotated[Principal, Depends(require(FOOTBALL_READ))]
MayWriteFootball = Annotated[Principal, Depends(require(FOOTBALL_WRITE))]
MayWriteClub = Annotated[Principal, Depends(require(CLUB_WRITE))]
MayWriteTeams = Annotated[Principal, Depends(require(TEAMS_WRITE))]
MayAnalyse = Annotated[Principal, Depends(require(ANALYSIS_RUN))]
MayWriteOrAnalyse = Annotated[Principal, Depends(require(WRITE_OR_ANALYSE))]
MayReadNotes = Annotated[Principal, Depends(require(NOTES_READ))]
MayWriteNotes = Annotated[Principal, Depends(require(NOTES_WRITE))]
MayReadAccounts = Annotated[Principal, Depends(require(ACCOUNTS_READ))]
MayCreateAccounts = Annotated[Principal, Depends(require(ACCOUNTS_CREATE))]
MayUpdateAccounts = Annotated[Principal, Depends(require(ACCOUNTS_UPDATE))]
MayDeleteAccounts = Annotated[Principal, Depends(require(ACCOUNTS_DELETE))]
SseReader = Annotated[Principal, Depends(require(STREAM_READ))]
MediaReader = Annotated[Principal, Depends(require(MEDIA_READ))]
