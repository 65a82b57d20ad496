"""What the assistant reads of the club's rows: only of the caller's teams, in every statement."""

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, case, func, or_, select

from touchline.features.assistant.analytics import Figure, FormationFigure
from touchline.features.assistant.facts import Appearance, Colours, Played
from touchline.features.assistant.squad import SquadPlayer
from touchline.features.club.tables import formations, players
from touchline.features.identity import Principal, in_organisation
from touchline.features.identity.tables import teams
from touchline.features.matches.tables import match_lineups, matches
from touchline.features.performance.tables import match_team_statistics, player_match_statistics
from touchline.foundation.db import Connection

MOST_SQUAD = 2000
_APPEARANCES = 3
_MATCHES = 3

_home = teams.alias("home")
_away = teams.alias("away")
_statistics = player_match_statistics
_newest_first = (matches.c.date_time.desc(), matches.c.id.desc())


async def squad(db: Connection, by: Principal) -> list[SquadPlayer]:
    """Players of the caller's teams by name."""
    if not by.team_ids:
        return []
    rows = await db.execute(
        select(players.c.id, players.c.name, players.c.jersey_number, teams.c.name.label("team_name"))
        .join(teams, teams.c.id == players.c.team_id)
        .where(players.c.team_id.in_(by.team_ids))
        .order_by(players.c.name, players.c.id)
        .limit(MOST_SQUAD)
    )
    found = [SquadPlayer(row.id, row.name, row.jersey_number, row.team_name) for row in rows]
    return sorted(found, key=lambda player: (player.name.casefold(), player.id))


async def last_appearances(db: Connection, by: Principal, player_ids: Sequence[str]) -> list[Appearance]:
    """The last three statistics of each of these players, newest first; one statement for all."""
    if not by.team_ids or not player_ids:
        return []
    newest = (
        select(
            _statistics.c.player_id,
            _statistics.c.minutes_played,
            _statistics.c.shots,
            _statistics.c.passes,
            _statistics.c.rating,
            matches.c.date_time,
            _home.c.name.label("home_name"),
            _away.c.name.label("away_name"),
            _recency().label("recency"),
        )
        .join(players, players.c.id == _statistics.c.player_id)
        .join(matches, matches.c.id == _statistics.c.match_id)
        .join(_home, _home.c.id == matches.c.home_team_id)
        .join(_away, _away.c.id == matches.c.away_team_id)
        .where(_statistics.c.player_id.in_(player_ids), players.c.team_id.in_(by.team_ids), _is_own_match(by))
        .subquery()
    )
    rows = await db.execute(
        select(newest).where(newest.c.recency <= _APPEARANCES).order_by(newest.c.player_id, newest.c.recency)
    )
    return [
        Appearance(
            player_id=row.player_id,
            home=row.home_name,
            away=row.away_name,
            day=row.date_time.date(),
            minutes=row.minutes_played,
            shots=row.shots,
            passes=row.passes,
            rating=row.rating,
        )
        for row in rows
    ]


async def last_completed(db: Connection, by: Principal) -> list[Played]:
    """The last three completed matches of the caller's teams, newest first."""
    if not by.team_ids:
        return []
    rows = await db.execute(
        select(
            matches.c.date_time,
            matches.c.home_score,
            matches.c.away_score,
            _home.c.name.label("home_name"),
            _away.c.name.label("away_name"),
        )
        .join(_home, _home.c.id == matches.c.home_team_id)
        .join(_away, _away.c.id == matches.c.away_team_id)
        .where(matches.c.status == "completed", _is_own_match(by))
        .order_by(*_newest_first)
        .limit(_MATCHES)
    )
    return [Played(row.home_name, row.away_name, row.date_time.date(), row.home_score, row.away_score) for row in rows]


async def own_teams(db: Connection, by: Principal) -> list[Colours]:
    """The caller's teams, the primary one first, then by age."""
    if not by.team_ids:
        return []
    primary_first = case((teams.c.id == by.primary_team_id, 0), else_=1)
    rows = await db.execute(
        select(teams.c.name, teams.c.primary_color, teams.c.secondary_color)
        .where(teams.c.id.in_(by.team_ids))
        .order_by(primary_first, teams.c.created_at, teams.c.id)
    )
    return [Colours(row.name, row.primary_color, row.secondary_color) for row in rows]


async def sprint_counts(db: Connection, by: Principal, *, most: int) -> list[Figure]:
    """The last measured sprint counts of each player, at most `most`, newest first."""
    return await _last_figures(db, by, _statistics.c.sprint_count, most)


async def ratings(db: Connection, by: Principal, *, most: int) -> list[Figure]:
    """The last ratings of each player, at most `most`, newest first."""
    return await _last_figures(db, by, _statistics.c.rating, most)


async def _last_figures(db: Connection, by: Principal, column: ColumnElement[Any], most: int) -> list[Figure]:
    if not by.team_ids:
        return []
    newest = (
        select(
            _statistics.c.player_id,
            players.c.name,
            matches.c.date_time,
            column.label("value"),
            _recency().label("recency"),
        )
        .join(players, players.c.id == _statistics.c.player_id)
        .join(matches, matches.c.id == _statistics.c.match_id)
        .where(column.is_not(None), players.c.team_id.in_(by.team_ids), _is_own_match(by))
        .subquery()
    )
    rows = await db.execute(
        select(newest).where(newest.c.recency <= most).order_by(newest.c.player_id, newest.c.recency)
    )
    return [Figure(row.player_id, row.name, row.date_time.date(), Fraction(row.value)) for row in rows]


async def formation_pressures(db: Connection, by: Principal) -> list[FormationFigure]:
    """Pressures by formation, each match of a team once; matches in which nobody counted them are left out."""
    if not by.team_ids:
        return []
    used = (
        select(
            match_lineups.c.formation_id,
            match_team_statistics.c.match_id,
            match_team_statistics.c.team_id,
            match_team_statistics.c.pressures,
            matches.c.date_time,
        )
        .join(
            match_team_statistics,
            (match_team_statistics.c.match_id == match_lineups.c.match_id)
            & (match_team_statistics.c.team_id == match_lineups.c.team_id),
        )
        .join(matches, matches.c.id == match_lineups.c.match_id)
        .where(
            match_lineups.c.is_starting.is_(True),
            match_lineups.c.team_id.in_(by.team_ids),
            match_team_statistics.c.pressures.is_not(None),
            _is_own_match(by),
        )
        .distinct()
        .subquery()
    )
    rows = await db.execute(
        select(
            formations.c.id,
            formations.c.name,
            func.sum(used.c.pressures).label("pressures"),
            func.count().label("matches"),
            func.min(used.c.date_time).label("first_at"),
            func.max(used.c.date_time).label("last_at"),
        )
        .join(used, used.c.formation_id == formations.c.id)
        .where(_is_visible_formation(by))
        .group_by(formations.c.id, formations.c.name)
    )
    return [
        FormationFigure(row.id, row.name, int(row.pressures), row.matches, _day(row.first_at), _day(row.last_at))
        for row in rows
    ]


async def visible_formations(db: Connection, by: Principal) -> list[tuple[str, str]]:
    """Ids and names of the formations that the caller may see, longer names first."""
    rows = await db.execute(
        select(formations.c.id, formations.c.name).where(_is_visible_formation(by)).order_by(formations.c.id)
    )
    return sorted(((row.id, row.name) for row in rows), key=lambda pair: -len(pair[1]))


def _recency() -> ColumnElement[int]:
    """1 for a player's newest row."""
    return func.row_number().over(partition_by=_statistics.c.player_id, order_by=_newest_first)


def _is_own_match(by: Principal) -> ColumnElement[bool]:
    return or_(matches.c.home_team_id.in_(by.team_ids), matches.c.away_team_id.in_(by.team_ids))


def _is_visible_formation(by: Principal) -> ColumnElement[bool]:
    return or_(formations.c.user_id.is_(None), in_organisation(formations.c.user_id, by))


def _day(at: Any) -> date:
    day: date = at.date()
    return day
