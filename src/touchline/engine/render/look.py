"""What a person of a moment is on every drawing: in which ink, in a team or not, keeper or beside the match."""

from typing import NamedTuple

from touchline.engine.render.colors import Inks
from touchline.engine.render.job import Bgr
from touchline.engine.render.timeline import Moment
from touchline.football.vocabulary import Role, TeamCode

# Plain numbers: members of an enum are slow to look up, and this runs for every person of every picture.
_KEEPER, _REFEREE, _OTHER, _NO_TEAM = int(Role.KEEPER), int(Role.REFEREE), int(Role.OTHER), int(TeamCode.UNKNOWN)


class Look(NamedTuple):
    """One person; `is_beside` are people who take no part in the match."""

    track: int
    ink: Bgr
    in_team: bool
    is_keeper: bool
    is_referee: bool
    is_beside: bool


def looks(moment: Moment, inks: Inks) -> list[Look]:
    """One look per person of the moment, in its order."""
    return [
        Look(
            track=track,
            ink=inks.neutral if role in (_REFEREE, _OTHER) else inks.of(team),
            in_team=role not in (_REFEREE, _OTHER) and team != _NO_TEAM,
            is_keeper=role == _KEEPER,
            is_referee=role == _REFEREE,
            is_beside=role == _OTHER,
        )
        for track, team, role in zip(moment.ids.tolist(), moment.teams.tolist(), moment.roles.tolist(), strict=True)
    ]
