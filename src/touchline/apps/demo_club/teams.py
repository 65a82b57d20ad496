"""Both teams of the demo club's matches as they are stored: its own, and an opponent that all clubs share."""

from collections.abc import Sequence
from dataclasses import dataclass

from touchline.apps.demo_club.desk import Desk
from touchline.apps.demo_club.squads import OPPONENT, OWN, Member, Squad
from touchline.features.club import FormationService
from touchline.features.club import queries as player_queries
from touchline.features.identity import Principal, team_queries
from touchline.features.identity.team_service import TeamService


@dataclass(frozen=True)
class Side:
    """A squad as it is stored; ids of players in its order."""

    squad: Squad
    team_id: str
    formation_id: str
    player_ids: Sequence[str]

    def player(self, number: int) -> str:
        """The id of the one with this number."""
        numbers = [member.number for member in self.squad.members]
        return self.player_ids[numbers.index(number)]


async def write_own_team(desk: Desk, owner: Principal) -> Side:
    """Give the owner's first team its name, its colours and its squad."""
    assert owner.primary_team_id is not None
    named = {"name": OWN.name, "primary_color": OWN.primary_color, "secondary_color": OWN.secondary_color}
    team = await desk.service(TeamService).change(desk.db, owner, owner.primary_team_id, named)
    return await _with_squad(desk, owner, OWN, team.id)


async def write_opponent(desk: Desk, owner: Principal) -> Side:
    """An opponent with a squad, which belongs to nobody."""
    team = await team_queries.insert_team(
        desk.db,
        name=OPPONENT.name,
        owner_id=None,
        is_primary=False,
        now=desk.now,
        primary_color=OPPONENT.primary_color,
        secondary_color=OPPONENT.secondary_color,
    )
    return await _with_squad(desk, owner, OPPONENT, team.id)


async def _with_squad(desk: Desk, owner: Principal, squad: Squad, team_id: str) -> Side:
    formations, _ = await desk.service(FormationService).visible(desk.db, owner, limit=500, offset=0)
    formation_id = next(formation.id for formation in formations if formation.name == squad.formation)
    player_ids = [await player_queries.insert_player(desk.db, _columns(member, team_id)) for member in squad.members]
    return Side(squad, team_id, formation_id, player_ids)


def _columns(member: Member, team_id: str) -> dict[str, object]:
    return {
        "team_id": team_id,
        "name": member.name,
        "position": member.position.value,
        "jersey_number": member.number,
        "birth_date": member.born,
        "dominant_foot": member.foot.value,
        "height_cm": member.height_cm,
        "weight_kg": member.weight_kg,
        "nationality": member.nationality,
        "country_code": member.country_code,
        "market_value": member.value,
    }
