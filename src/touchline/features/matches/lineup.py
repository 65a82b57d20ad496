"""One player's place in the line-up of a side, as every room sees it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class NewLineup:
    """A place before it is stored.

    team_id: the side; the older client stores its own players under the home side even when they play away.
    position_in_formation: `x,y` as it was written, fractions of the pitch.
    """

    match_id: str
    team_id: str
    player_id: str
    is_starting: bool
    formation_id: str | None = None
    position_in_formation: str | None = None


@dataclass(frozen=True, kw_only=True)
class Lineup(NewLineup):
    """A place as it is stored."""

    id: str
