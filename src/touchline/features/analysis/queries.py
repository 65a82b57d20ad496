"""The SQL of runs and segments: who sees what (rules 3.3, 3.4) is part of each statement, not a step after it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, case, delete, exists, insert, literal, or_, select, update
from sqlalchemy.exc import IntegrityError

from touchline.features.analysis.errors import RunNotFoundError
from touchline.features.analysis.rules import ACTIVE, TERMINAL
from touchline.features.analysis.tables import analysis_runs as runs
from touchline.features.analysis.tables import analysis_segments as segments
from touchline.features.analysis.tables import tracking_profiles
from touchline.features.identity import in_organisation
from touchline.features.identity.principal import Principal
from touchline.features.identity.tables import teams
from touchline.features.matches.tables import matches
from touchline.foundation.db import Connection
from touchline.foundation.db.paging import fetch_page

RunRow = Mapping[Any, Any]
"""A row by column name."""


# --- who may see and change


def match_is_accessible(by: Principal) -> ColumnElement[bool]:
    """Home or away team accessible (rule 3.3)."""
    mine = by.team_ids
    return or_(matches.c.home_team_id.in_(mine), matches.c.away_team_id.in_(mine))


def run_is_readable(by: Principal) -> ColumnElement[bool]:
    """Rule 3.4: uploader, his account manager, match access for real matches, the team for ad-hoc runs."""
    ways = [
        runs.c.generated_by == by.user_id,
        and_(
            runs.c.is_adhoc.is_(False),
            exists(select(literal(1)).where(matches.c.id == runs.c.match_id, match_is_accessible(by))),
        ),
        and_(runs.c.is_adhoc.is_(True), runs.c.team_id.in_(by.team_ids)),
    ]
    if by.is_account_manager:
        ways.append(in_organisation(runs.c.generated_by, by))
    return or_(*ways)


def run_is_changeable(by: Principal) -> ColumnElement[bool]:
    """Uploader, or account manager of the uploader's organisation; of the run's team once the uploader is gone."""
    if not by.is_account_manager:
        return runs.c.generated_by == by.user_id
    return or_(
        runs.c.generated_by == by.user_id,
        in_organisation(runs.c.generated_by, by),
        and_(runs.c.generated_by.is_(None), runs.c.team_id.in_(by.team_ids)),
    )


def in_match_scope(match_id: ColumnElement[str], by: Principal) -> ColumnElement[bool]:
    """Whether a match id names an accessible match, or the made-up match of a readable run (rule 3.3)."""
    return or_(
        match_id.in_(select(matches.c.id).where(match_is_accessible(by))),
        match_id.in_(select(runs.c.match_id).where(runs.c.is_adhoc.is_(True), run_is_readable(by))),
    )


# --- matches


async def match_with_teams(db: Connection, by: Principal, match_id: str) -> RunRow | None:
    """A real match in the caller's scope, with what an engine wants to know of its teams."""
    home, away = teams.alias("home"), teams.alias("away")
    found = await db.execute(
        select(
            matches.c.id,
            matches.c.home_team_id,
            matches.c.away_team_id,
            home.c.name.label("home_name"),
            away.c.name.label("away_name"),
            home.c.primary_color.label("home_color"),
            away.c.primary_color.label("away_color"),
        )
        .join(home, home.c.id == matches.c.home_team_id)
        .join(away, away.c.id == matches.c.away_team_id)
        .where(matches.c.id == match_id, match_is_accessible(by))
    )
    return found.mappings().first()


async def sees_adhoc_match(db: Connection, by: Principal, match_id: str) -> bool:
    """Whether an ad-hoc run with this match id is in the caller's scope."""
    found = await db.execute(
        select(runs.c.id).where(runs.c.match_id == match_id, runs.c.is_adhoc.is_(True), run_is_readable(by)).limit(1)
    )
    return found.first() is not None


async def visible_teams(db: Connection, by: Principal, team_ids: Iterable[str]) -> set[str]:
    """Which of these teams the caller may name: accessible ones, his club's opponents, and shared ones."""
    seen: list[ColumnElement[bool]] = [teams.c.id.in_(by.team_ids), teams.c.user_id.is_(None)]
    if by.organisation_id is not None:
        seen.append(teams.c.user_id == by.organisation_id)
    found = await db.execute(select(teams.c.id).where(teams.c.id.in_(list(team_ids)), or_(*seen)))
    return set(found.scalars())


# --- reading runs


async def readable_run(db: Connection, by: Principal, run_id: str) -> RunRow | None:
    """One run with `may_change`, None when it is absent or out of scope; one statement by primary key."""
    found = await db.execute(
        select(runs, run_is_changeable(by).label("may_change")).where(runs.c.id == run_id, run_is_readable(by))
    )
    return found.mappings().first()


async def readable_run_of_upload(db: Connection, by: Principal, path: str) -> RunRow | None:
    """The newest run in scope whose video an upload is: a retry keeps it when the run that it came with is deleted."""
    found = await db.execute(
        select(runs)
        .where(or_(runs.c.input_video_path == path, runs.c.input_video_path_2 == path), run_is_readable(by))
        .order_by(runs.c.submitted_at.desc(), runs.c.id.desc())
        .limit(1)
    )
    return found.mappings().first()


async def run_by_id(db: Connection, run_id: str) -> RunRow | None:
    """One run without a question about scope: for the server's own work."""
    return (await db.execute(select(runs).where(runs.c.id == run_id))).mappings().first()


async def latest_run_of_match(db: Connection, by: Principal, match_id: str) -> tuple[bool, RunRow | None]:
    """(whether the real match is in scope, its newest run); the client asks this once per row of its match list."""
    newest = (
        select(runs.c.id)
        .where(runs.c.match_id == match_id)
        .order_by(runs.c.submitted_at.desc(), runs.c.id.desc())
        .limit(1)
        .scalar_subquery()
    )
    found = await db.execute(
        select(runs)
        .select_from(matches.outerjoin(runs, runs.c.id == newest))
        .where(matches.c.id == match_id, match_is_accessible(by))
    )
    row = found.mappings().first()
    if row is None:
        return False, None
    return True, None if row["id"] is None else row


async def latest_adhoc_run(db: Connection, by: Principal, match_id: str) -> RunRow | None:
    found = await db.execute(
        select(runs)
        .where(runs.c.match_id == match_id, runs.c.is_adhoc.is_(True), run_is_readable(by))
        .order_by(runs.c.submitted_at.desc(), runs.c.id.desc())
        .limit(1)
    )
    return found.mappings().first()


# --- writing runs


async def insert_run(db: Connection, values: Mapping[str, Any]) -> None:
    await db.execute(insert(runs).values(**values))


async def insert_retry(db: Connection, values: Mapping[str, Any]) -> None:
    """A run that refers to the one it repeats.

    Raises:
        RunNotFoundError: that one is gone by now.
    """
    try:
        await insert_run(db, values)
    except IntegrityError as error:
        raise RunNotFoundError from error


async def cancel_run(db: Connection, run_id: str, *, message: str, now: datetime) -> bool:
    """End an active run as cancelled; False when it had ended already. Whoever runs it finds it terminal and stops."""
    done = await db.execute(
        update(runs)
        .where(runs.c.id == run_id, runs.c.status.in_(ACTIVE))
        .values(
            status="FAILED",
            progress=0,
            message=message,
            is_cancelled=True,
            outputs={},
            tracking_video_path=None,
            live_stats=None,
            updated_at=now,
            completed_at=now,
        )
    )
    return bool(done.rowcount == 1)


async def delete_run(db: Connection, run_id: str) -> bool:
    """Remove a run and, by cascade, its segments; the row's lock also holds off a retry that names it."""
    done = await db.execute(delete(runs).where(runs.c.id == run_id))
    return bool(done.rowcount == 1)


async def uploads_in_use(db: Connection, paths: Sequence[str]) -> set[str]:
    """Which of these uploads some run still names."""
    if not paths:
        return set()
    found = await db.execute(
        select(runs.c.input_video_path, runs.c.input_video_path_2).where(
            or_(runs.c.input_video_path.in_(paths), runs.c.input_video_path_2.in_(paths))
        )
    )
    return {path for row in found for path in row if path in set(paths)}


async def all_uploads_in_use(db: Connection) -> set[str]:
    """Every upload that a run names."""
    found = await db.execute(select(runs.c.input_video_path, runs.c.input_video_path_2))
    return {path for row in found for path in row if path}


async def match_has_runs(db: Connection, match_id: str) -> bool:
    found = await db.execute(select(runs.c.id).where(runs.c.match_id == match_id).limit(1))
    return found.first() is not None


async def silent_runs(db: Connection, *, before: datetime, by: Principal | None) -> list[tuple[str, str]]:
    """(run id, match id) of active runs without a sign of life; of the caller's organisation when there is a caller.

    A run that waits is not silent while any other makes progress: it has only not had its turn.
    """
    others = runs.alias("others")
    some_progress = exists(select(literal(1)).where(others.c.status == "PROCESSING", others.c.updated_at >= before))
    wanted = select(runs.c.id, runs.c.match_id).where(
        runs.c.status.in_(ACTIVE), runs.c.updated_at < before, or_(runs.c.status == "PROCESSING", ~some_progress)
    )
    if by is not None:
        wanted = wanted.where(or_(in_organisation(runs.c.generated_by, by), runs.c.team_id.in_(by.team_ids)))
    return [(row.id, row.match_id) for row in await db.execute(wanted)]


async def fail_silent_runs(
    db: Connection, run_ids: Sequence[str], *, before: datetime, message: str, now: datetime
) -> set[str]:
    """End those of these runs that are still silent; returns which ones were."""
    await db.execute(
        update(runs)
        .where(runs.c.id.in_(run_ids), runs.c.status.in_(ACTIVE), runs.c.updated_at < before)
        .values(status="FAILED", progress=0, message=message, updated_at=now, completed_at=now)
    )
    found = await db.execute(
        select(runs.c.id).where(runs.c.id.in_(run_ids), runs.c.status.in_(TERMINAL), runs.c.completed_at == now)
    )
    return set(found.scalars())


async def set_teams(db: Connection, run_id: str, *, team_a_id: str, team_b_id: str) -> None:
    await db.execute(update(runs).where(runs.c.id == run_id).values(team_a_id=team_a_id, team_b_id=team_b_id))


# --- segments


async def segments_of(db: Connection, run_ids: Sequence[str], *, limit: int, offset: int) -> tuple[list[RunRow], int]:
    """Segments of these runs in the order of the runs, then by index, and how many there are on all pages."""
    if not run_ids:
        return [], 0
    place = case({run_id: number for number, run_id in enumerate(run_ids)}, value=segments.c.analysis_id)
    rows, total = await fetch_page(
        db,
        select(segments).where(segments.c.analysis_id.in_(run_ids)).order_by(place, segments.c.segment_index),
        limit=limit,
        offset=offset,
    )
    return [row._mapping for row in rows], total  # noqa: SLF001 — the documented way to a row's names


async def runs_with_segments(db: Connection, by: Principal, match_id: str) -> list[tuple[str, str]]:
    """(run id, part) of a match's readable runs that have segments, newest first."""
    found = await db.execute(
        select(runs.c.id, runs.c.part)
        .where(
            runs.c.match_id == match_id,
            run_is_readable(by),
            exists(select(literal(1)).where(segments.c.analysis_id == runs.c.id)),
        )
        .order_by(runs.c.submitted_at.desc(), runs.c.id.desc())
    )
    return [(row.id, row.part) for row in found]


async def changeable_runs_of_match(db: Connection, by: Principal, match_id: str) -> list[str]:
    found = await db.execute(select(runs.c.id).where(runs.c.match_id == match_id, run_is_changeable(by)))
    return list(found.scalars())


async def delete_segments_of_runs(db: Connection, run_ids: Sequence[str]) -> int:
    # Segments belong to what a list shows of a run: it counts as changed, and nobody adds one meanwhile.
    await db.execute(update(runs).where(runs.c.id.in_(run_ids)).values(revision=runs.c.revision + 1))
    done = await db.execute(delete(segments).where(segments.c.analysis_id.in_(run_ids)))
    return int(done.rowcount)


async def detach_match(db: Connection, match_id: str) -> None:
    """Make the runs of a match that goes away ad-hoc ones, and remove its tracking profiles."""
    await db.execute(update(runs).where(runs.c.match_id == match_id).values(is_adhoc=True))
    await db.execute(delete(tracking_profiles).where(tracking_profiles.c.match_id == match_id))
