"""The doors of teams."""

from typing import Annotated

from fastapi import APIRouter, BackgroundTasks, Depends

from touchline.features.identity.access import AccountManager, MayWriteTeams, SignedIn
from touchline.features.identity.schemas import TeamChangeIn, TeamIn, TeamOut
from touchline.features.identity.team_service import NewTeam, TeamService, visible_team
from touchline.foundation.gallery import Folder, Gallery
from touchline.foundation.http.messages import DeletedOut
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.text import RefId, Text

router = APIRouter(prefix="/api/teams", tags=["teams"])

Teams = Annotated[TeamService, Depends(provided(TeamService))]
Pictures = Annotated[Gallery, Depends(provided(Gallery))]


@router.get("")
async def list_teams(by: SignedIn, db: Db, teams: Teams, page: Page) -> list[TeamOut]:
    """The caller's teams, the primary one first."""
    found, total = await teams.mine(db, by, limit=page.limit, offset=page.offset)
    page.report(total)
    return [TeamOut.of(team) for team in found]


@router.post("")
async def add_team(body: TeamIn, by: MayWriteTeams, db: Db, teams: Teams) -> TeamOut:
    """Add a team to the caller's organisation; opponents are added the same way."""
    return TeamOut.of(await teams.add(db, by, NewTeam(**body.model_dump())))


@router.get("/by_name/{name:path}")
async def team_by_name(name: Text, by: SignedIn, db: Db, teams: Teams) -> TeamOut:
    """A team by its exact name, in any case."""
    return TeamOut.of(await teams.by_name(db, by, name))


@router.get("/{team_id}")
async def team(team_id: RefId, by: SignedIn, db: Db) -> TeamOut:
    """A team of the caller's organisation, or a shared one."""
    return TeamOut.of(await visible_team(db, by, team_id))


@router.put("/{team_id}")
async def change_team(team_id: RefId, body: TeamChangeIn, by: AccountManager, db: Db, teams: Teams) -> TeamOut:
    """Change a team of the caller; what is null or left out stays."""
    return TeamOut.of(await teams.change(db, by, team_id, body.to_values()))


@router.delete("/{team_id}")
async def delete_team(
    team_id: RefId, by: AccountManager, db: Db, teams: Teams, pictures: Pictures, afterwards: BackgroundTasks
) -> DeletedOut:
    """Delete a team with its squad and its staff; accounts of its staff stay, without a team."""
    gone = await teams.delete(db, by, team_id)
    afterwards.add_task(pictures.discard, gone.logo_url, Folder.TEAMS, gone.id)
    return DeletedOut(message="The team was deleted.")
