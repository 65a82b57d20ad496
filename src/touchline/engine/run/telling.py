"""What a run tells while it works and at its end."""

import time
from collections.abc import Sequence

import numpy as np

from touchline.engine.pipeline import PipelineState
from touchline.engine.types import Observation, SizeOfPeople
from touchline.football.updates import AnalysisRequest
from touchline.football.vocabulary import Role, TeamCode

_EVERY_S = 0.5
_MOST_PEOPLE = 200
_AT_ONCE = 0.95
# Of the profile's usual work: what nobody needs to be told.
_USUAL_WORK = 1.1


class Ticker:
    """True about twice a second of wall time."""

    def __init__(self) -> None:
        self._next_s = time.monotonic()

    def is_due(self) -> bool:
        now_s = time.monotonic()
        if now_s < self._next_s:
            return False
        self._next_s = now_s + _EVERY_S
        return True


class PeopleCount:
    """How many players were followed at once: tracks break, so the number of ids would count people twice."""

    def __init__(self) -> None:
        self._frames = np.zeros(_MOST_PEOPLE + 1, np.int64)

    def add(self, observation: Observation) -> None:
        """Count the players of one frame, or everybody while the teams are unknown."""
        if (observation.teams != TeamCode.UNKNOWN).any():
            is_player = (observation.roles == Role.PLAYER) | (observation.roles == Role.KEEPER)
            count = int(is_player.sum())
        else:
            count = len(observation.track_ids)
        self._frames[min(count, _MOST_PEOPLE)] += 1

    @property
    def at_once(self) -> int:
        """The number that 95 % of the frames do not exceed; 0 without frames."""
        total = int(self._frames.sum())
        if total == 0:
            return 0
        return int(np.searchsorted(np.cumsum(self._frames), _AT_ONCE * total))


def progress_text(state: PipelineState, *, start_s: float, span_s: float | None) -> str:
    """A line for the progress bar."""
    done = _clock(state.time_s - start_s)
    of = "" if span_s is None else f" of {_clock(span_s)}"
    return f"Analysing {done}{of}: {state.people} people in view"


def closing_text(
    request: AnalysisRequest,
    *,
    frames: int,
    players: int,
    lost_s: float,
    uncalibrated_reason: str | None,
    was_placed: bool,
    are_teams_known: bool,
    people: SizeOfPeople | None,
    failed_files: Sequence[str],
) -> str:
    """What the run achieved and what it could not do, for the coach."""
    told = [f"{frames} pictures analysed, up to {players} players followed at once."]
    if uncalibrated_reason is not None:
        reason = uncalibrated_reason.rstrip(".")
        told.append(f"{'From some point on there' if was_placed else 'There'} are no values in metres: {reason}.")
    if not are_teams_known:
        told.append("The two kits could not be told apart, so nobody is assigned to a team.")
    if people is not None:
        told += _size_text(people, profile=request.options.profile)
    if lost_s > 0:
        told.append(f"The video is cut off: its last {lost_s:.0f} s could not be read.")
    if request.second_video_path or request.camera_count > 1:
        told.append("The second camera's video is stored, but it is not used yet.")
    if request.enable_reid:
        told.append("Finding people again after long absences was asked for; this version does not do it yet.")
    if failed_files:
        told.append(f"{len(failed_files)} drawn file(s) could not be made: {', '.join(failed_files)}.")
    return " ".join(told)


def _size_text(people: SizeOfPeople, *, profile: str) -> list[str]:
    """What small players meant for the work and for the result."""
    told, tall = [], f"about {people.source_px:.0f} pixels tall"
    if people.work > _USUAL_WORK:
        told.append(
            f"Players are small ({tall}), so every picture was searched larger than the profile usually does: "
            f"{people.work:.1f} times the work."
        )
    if people.is_short:
        way_out = "" if profile == "accurate" else "choose the accurate profile, or "
        told.append(
            f"Players {tall} are hard to find, and some will be missing: {way_out}film closer or with more pixels."
        )
    return told


def _clock(seconds: float) -> str:
    whole = max(0, round(seconds))
    return f"{whole // 60:02d}:{whole % 60:02d}"
