"""What can go wrong with players, competitions and formations, in the user's words."""

from typing import ClassVar

from touchline.foundation.errors import Kind, TouchlineError


class PlayerNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "club.player_not_found"
    text = "Player not found."


class PlayerInUseError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "club.player_in_use"
    text = "There are match events of this player; delete them before the player."


class NoTeamError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "club.no_team"
    text = "You have no team yet that the player could join."


class NotYourTeamError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "club.not_your_team"
    text = "That team is not yours."


class BornInFutureError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "club.born_in_future"
    text = "`birth_date`: lies in the future"


class CompetitionNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "club.competition_not_found"
    text = "Competition not found."


class DuplicateCompetitionError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "club.duplicate_competition"
    text = "Your club has a competition of that name already."


class SharedCompetitionError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "club.shared_competition"
    text = "All clubs share this competition; it cannot be changed."


class NoClubError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "club.no_club"
    text = "Your account belongs to no club yet; ask the account manager to add you to a team."


class FormationNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "club.formation_not_found"
    text = "Formation not found."


class SharedFormationError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "club.shared_formation"
    text = "All clubs share this formation; it cannot be changed."


class NotYourFormationError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "club.not_your_formation"
    text = "Only its author or the account manager can change this formation."
