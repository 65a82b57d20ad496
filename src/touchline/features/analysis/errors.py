"""What can go wrong with runs, uploads, files and profiles, in the user's words."""

from typing import ClassVar

from touchline.foundation.errors import Kind, TouchlineError


class RunNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "analysis.run_not_found"
    text = "Analysis not found"


class MatchNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "analysis.match_not_found"
    text = "Match not found"


class TeamNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "analysis.team_not_found"
    text = "Team not found"


class ProfileNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "analysis.profile_not_found"
    text = "Tracking profile not found"


class FileMissingError(TouchlineError):
    """Absent, internal, or of a run that the caller may not see: one answer for all three."""

    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "analysis.file_not_found"
    text = "File not found"


class NotYourRunError(TouchlineError):
    kind: ClassVar[Kind] = Kind.FORBIDDEN
    code = "analysis.not_your_run"
    text = "Only the person who started this analysis or the account manager may change it."


class RunEndedError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "analysis.run_ended"
    text = "This run has already ended."


class RunStillActiveError(TouchlineError):
    kind: ClassVar[Kind] = Kind.CONFLICT
    code = "analysis.run_still_active"
    text = "This run is still in progress; cancel it before trying again."


class UploadGoneError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "analysis.upload_gone"
    text = "The uploaded video is no longer available."


class NoVideoError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "analysis.no_video"
    text = "Send a video in the part `file`."


class NoRoomError(TouchlineError):
    """Told before the first byte is kept; a client error, because a smaller video may still fit."""

    kind: ClassVar[Kind] = Kind.TOO_LARGE
    code = "analysis.no_room"
    text = "There is not enough room on the server for this upload; delete old analyses or ask your administrator."


class NotAVideoError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNSUPPORTED
    code = "analysis.not_a_video"
    text = "`{name}` is not a video that can be analysed; send MP4, MOV, MKV, WebM or AVI."


class EmptyVideoError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNSUPPORTED
    code = "analysis.empty_video"
    text = "`{name}` is empty; choose the video again."


class NotAPictureError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "analysis.not_a_picture"
    text = "The file is not a picture that can be read; send JPEG, PNG or WebP of at most 40 megapixels."


class EngineAwayError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNAVAILABLE
    code = "analysis.engine_unavailable"
    text = "Tracking engine unavailable; try again in a moment."


class NotJsonNameError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "analysis.not_json_name"
    text = "Only files that end in .json can be shown here."


class NotJsonError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "analysis.not_json"
    text = "The file does not hold valid JSON."


class TeamsUnfitError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "analysis.teams_unfit"
    text = "Team A and team B must be the two different teams of this match."
