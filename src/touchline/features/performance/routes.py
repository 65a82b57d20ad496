"""The doors of statistics and of a match on one page."""

from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from touchline.features.identity.access import MayReadFootball, MayWriteFootball, MayWriteOrAnalyse
from touchline.features.performance import service
from touchline.features.performance.details import match_details as details_of
from touchline.features.performance.details_schemas import MatchDetailsOut
from touchline.features.performance.schemas import (
    PlayerStatisticsChange,
    PlayerStatisticsIn,
    PlayerStatisticsOut,
    TeamStatisticsIn,
    TeamStatisticsOut,
)
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api", tags=["statistics"])


class StatisticsDeleted(BaseModel):
    message: str = Field(examples=["The statistics were deleted."])


@router.get("/player_match_statistics")
async def list_player_statistics(
    by: MayReadFootball, db: Db, page: Page, match_id: Annotated[RefId | None, Query()] = None
) -> list[PlayerStatisticsOut]:
    """What players did in a match, or in all matches of the caller's teams, newest match first."""
    rows, total = await service.players_of_match(db, by, match_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [PlayerStatisticsOut.of(row) for row in rows]


@router.post("/player_match_statistics")
async def add_player_statistics(body: PlayerStatisticsIn, by: MayWriteFootball, db: Db) -> PlayerStatisticsOut:
    """Add what a player did in a match; there is one row per player and match."""
    row = await service.add_of_player(db, by, match_id=body.match_id, player_id=body.player_id, figures=body.figures())
    return PlayerStatisticsOut.of(row)


@router.get("/player_match_statistics/player/{player_id}")
async def list_statistics_of_player(
    player_id: RefId, by: MayReadFootball, db: Db, page: Page
) -> list[PlayerStatisticsOut]:
    """What a player did in each match, newest match first."""
    rows, total = await service.matches_of_player(db, by, player_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [PlayerStatisticsOut.of(row) for row in rows]


@router.get("/player_match_statistics/{statistics_id}")
async def player_statistics(statistics_id: RefId, by: MayReadFootball, db: Db) -> PlayerStatisticsOut:
    """What one player did in one match."""
    return PlayerStatisticsOut.of(await service.of_player(db, by, statistics_id))


@router.put("/player_match_statistics/{statistics_id}")
async def change_player_statistics(
    statistics_id: RefId, body: PlayerStatisticsChange, by: MayWriteFootball, db: Db
) -> PlayerStatisticsOut:
    """Change what is named; what is left out stays as it is."""
    return PlayerStatisticsOut.of(await service.change_of_player(db, by, statistics_id, body.changes()))


@router.delete("/player_match_statistics/{statistics_id}")
async def delete_player_statistics(statistics_id: RefId, by: MayWriteFootball, db: Db) -> StatisticsDeleted:
    """Remove what a player did in a match."""
    await service.delete_of_player(db, by, statistics_id)
    return StatisticsDeleted(message="The statistics were deleted.")


@router.get("/matches/{match_id}/team_statistics")
async def list_team_statistics(match_id: RefId, by: MayReadFootball, db: Db, page: Page) -> list[TeamStatisticsOut]:
    """What both teams did in a match, home first; 404 when nothing is stored."""
    rows = await service.of_teams(db, by, match_id)
    page.report(len(rows))
    return [TeamStatisticsOut.of(row) for row in rows[page.offset : page.offset + page.limit]]


@router.put("/matches/{match_id}/team_statistics/{team_id}")
async def store_team_statistics(
    match_id: RefId, team_id: RefId, body: TeamStatisticsIn, by: MayWriteOrAnalyse, db: Db
) -> TeamStatisticsOut:
    """Store what a team did in a match; what is left out stays as it is."""
    return TeamStatisticsOut.of(await service.store_of_team(db, by, match_id, team_id, body.figures()))


@router.get("/matches/{match_id}/details", tags=["matches"])
async def match_details(match_id: RefId, by: MayReadFootball, db: Db) -> MatchDetailsOut:
    """A match on one page: lineups of both sides, what happened, and what players and teams did."""
    return MatchDetailsOut.of(await details_of(db, by, match_id))
