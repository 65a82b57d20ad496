"""What travels over HTTP about line-ups."""

from typing import Annotated, Any, Self

from pydantic import BaseModel, Field

from touchline.features.matches.fields import LEFT_OUT, IdOut, OptionalRef, PlaceInFormation, Ref, sent
from touchline.features.matches.lineup import Lineup, NewLineup


class MatchLineupIn(BaseModel):
    match_id: Ref
    team_id: Ref
    formation_id: OptionalRef = None
    is_starting: bool
    player_id: Ref
    position_in_formation: PlaceInFormation = None

    def to_new(self) -> NewLineup:
        return NewLineup(
            match_id=self.match_id,
            team_id=self.team_id,
            formation_id=self.formation_id,
            is_starting=self.is_starting,
            player_id=self.player_id,
            position_in_formation=self.position_in_formation,
        )


class MatchLineupChangesIn(BaseModel):
    """What is left out stays; the match cannot change."""

    match_id: Ref = LEFT_OUT
    team_id: Ref = LEFT_OUT
    formation_id: OptionalRef = None
    is_starting: bool = LEFT_OUT
    player_id: Ref = LEFT_OUT
    position_in_formation: PlaceInFormation = None

    def changes(self) -> dict[str, Any]:
        return sent(self)


class MatchLineupOut(BaseModel):
    id: IdOut
    match_id: IdOut
    team_id: IdOut
    formation_id: IdOut | None
    is_starting: bool
    player_id: IdOut
    position_in_formation: Annotated[
        str | None, Field(description="`x,y` in fractions of the pitch.", examples=["0.2500,0.8000"])
    ]

    @classmethod
    def of(cls, lineup: Lineup) -> Self:
        return cls(
            id=lineup.id,
            match_id=lineup.match_id,
            team_id=lineup.team_id,
            formation_id=lineup.formation_id,
            is_starting=lineup.is_starting,
            player_id=lineup.player_id,
            position_in_formation=lineup.position_in_formation,
        )
