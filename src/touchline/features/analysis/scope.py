"""What a caller may reach: matches (real or ad-hoc), runs to read, runs to change (rules 3.3, 3.4)."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement

from touchline.features.analysis import queries
from touchline.features.analysis.errors import MatchNotFoundError, NotYourRunError, RunNotFoundError
from touchline.features.analysis.queries import RunRow
from touchline.features.analysis.rules import UPLOADS, run_id_of
from touchline.features.identity.principal import Principal
from touchline.foundation.db import Connection
from touchline.foundation.ids import is_id


@dataclass(frozen=True)
class MatchScope:
    """A match that the caller may reach; an ad-hoc one has no row and knows no teams."""

    match_id: str
    is_adhoc: bool
    home_team_id: str | None = None
    away_team_id: str | None = None
    home_name: str | None = None
    away_name: str | None = None
    home_color: str | None = None
    away_color: str | None = None


async def resolve_match_scope(db: Connection, by: Principal, match_id: str) -> MatchScope:
    """A real match first, then the ad-hoc match of a run that the caller can see.

    Raises:
        MatchNotFoundError: neither is in scope.
    """
    if not is_id(match_id):
        raise MatchNotFoundError
    row = await queries.match_with_teams(db, by, match_id)
    if row is not None:
        return MatchScope(
            match_id=match_id,
            is_adhoc=False,
            home_team_id=row["home_team_id"],
            away_team_id=row["away_team_id"],
            home_name=row["home_name"],
            away_name=row["away_name"],
            home_color=row["home_color"],
            away_color=row["away_color"],
        )
    if await queries.sees_adhoc_match(db, by, match_id):
        return MatchScope(match_id=match_id, is_adhoc=True)
    raise MatchNotFoundError


def in_match_scope(match_id: ColumnElement[str], by: Principal) -> ColumnElement[bool]:
    """What `resolve_match_scope` asks of one match, as a condition for statements of rooms above."""
    return queries.in_match_scope(match_id, by)


async def readable_run(db: Connection, by: Principal, run_id: str) -> RunRow:
    """A run in the caller's scope.

    Raises:
        RunNotFoundError: absent or out of scope.
    """
    run = await queries.readable_run(db, by, run_id) if is_id(run_id) else None
    if run is None:
        raise RunNotFoundError
    return run


async def run_behind(db: Connection, by: Principal, path: str) -> RunRow | None:
    """The run in the caller's scope that a path on the wire belongs to, None when there is none (rule 6.7)."""
    run_id = run_id_of(path)
    if run_id is None:
        return None
    run = await queries.readable_run(db, by, run_id)
    if run is None and path.startswith(f"{UPLOADS}/"):
        return await queries.readable_run_of_upload(db, by, path)
    return run


async def changeable_run(db: Connection, by: Principal, run_id: str) -> RunRow:
    """A run that the caller may cancel, retry or delete.

    Raises:
        RunNotFoundError: absent or out of scope.
        NotYourRunError: visible, but neither his nor under his management.
    """
    run = await readable_run(db, by, run_id)
    if not run["may_change"]:
        raise NotYourRunError
    return run
