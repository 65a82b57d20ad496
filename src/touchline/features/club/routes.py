"""The doors of players."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends, Query

from touchline.features.club.schemas import PlayerChangesIn, PlayerIn, PlayerOut
from touchline.features.club.service import PlayerService, visible_player
from touchline.features.identity.access import MayReadFootball, MayWriteClub
from touchline.foundation.gallery import Folder, Gallery
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId

router = APIRouter(prefix="/api/players", tags=["players"])

Players = Annotated[PlayerService, Depends(provided(PlayerService))]
Pictures = Annotated[Gallery, Depends(provided(Gallery))]


@router.get("")
async def list_players(
    by: MayReadFootball,
    db: Db,
    players: Players,
    page: Page,
    team_id: Annotated[RefId | None, Query(description="Only players of this team.")] = None,
) -> list[PlayerOut]:
    """Players of the caller's teams, by name."""
    found, total = await players.mine(db, by, team_id=team_id, limit=page.limit, offset=page.offset)
    page.report(total)
    return [PlayerOut.of(player) for player in found]


@router.post("", responses=refusals({400: "No team is named, and the caller has none."}))
async def add_player(body: PlayerIn, by: MayWriteClub, db: Db, players: Players) -> PlayerOut:
    """Add a player to a team of the caller's, without `team_id` to the primary one."""
    return PlayerOut.of(await players.add(db, by, body.values()))


@router.get("/{player_id}")
async def player(player_id: RefId, by: MayReadFootball, db: Db) -> PlayerOut:
    """One player of the caller's teams."""
    return PlayerOut.of(await visible_player(db, by, player_id))


@router.put("/{player_id}")
async def change_player(
    player_id: RefId, body: PlayerChangesIn, by: MayWriteClub, db: Db, players: Players
) -> PlayerOut:
    """Change a player; what is left out stays as it is."""
    return PlayerOut.of(await players.change(db, by, player_id, body.values()))


@router.delete("/{player_id}")
async def delete_player(
    player_id: RefId, by: MayWriteClub, db: Db, players: Players, pictures: Pictures, afterwards: BackgroundTasks
) -> DeletedOut:
    """Remove a player whom no event of a match names."""
    gone = await players.delete(db, by, player_id)
    afterwards.add_task(pictures.discard, gone.image_url, Folder.PLAYERS, gone.id)
    return DeletedOut(message="The player was deleted.")
