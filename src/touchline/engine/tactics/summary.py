"""What a whole run has to tell at its end: possession, ball events, means of each team. Grows by windows, not frames."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from touchline.engine.tactics.measure import TEAMS, WindowMeasures
from touchline.engine.tactics.play import Play
from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.quality import Reason
from touchline.engine.types import Metric
from touchline.football.vocabulary import TeamCode

MIN_KNOWN_SHARE = 0.3
MIN_TRANSITIONS = 5
_TRANSITIONS = ("def_to_atk", "atk_to_def")
_SUMS = ("pressing_intensity", "regains", "regains_high", "siege_s", "threat_against", "threat_for")
_NOT_AVERAGED = ("pressing_rate", *_SUMS)


@dataclass(frozen=True)
class BallEvent:
    """The ball changed teams: interception, tackle or loose_ball; video seconds, metres that the ball travelled."""

    event_type: str
    from_team: TeamCode
    to_team: TeamCode
    time_s: float
    distance_m: float


@dataclass(frozen=True)
class TeamSummary:
    """One team over the run: records per metric, and counts that are None when nothing could be counted."""

    possession_pct: float | None
    metrics: Mapping[str, Metric]
    entries: Mapping[str, int] | None
    regain_zones: Mapping[str, int] | None


@dataclass(frozen=True)
class MatchSummary:
    """A run in numbers.

    possession_known_pct: share of live time in which possession is known, None when nothing was judged;
    ball_detection_pct: share of analysed frames with a ball; advisories: JSON objects, newest last.
    """

    windows: int
    duration_s: float
    possession_known_pct: float | None
    ball_detection_pct: float
    teams: Mapping[TeamCode, TeamSummary]
    events: tuple[BallEvent, ...]
    advisories: tuple[Mapping[str, Any], ...]
    reference_set: str
    engine_version: str
    illustrative: bool
    direction_source: str | None
    uncalibrated_reason: str | None


@dataclass
class _TeamTally:
    sums: dict[str, float] = field(default_factory=dict)
    counts: dict[str, int] = field(default_factory=dict)
    qualities: dict[str, float] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    possession_frames: int = 0
    control_s: float = 0.0
    entries: dict[str, int] | None = None
    regain_zones: dict[str, int] | None = None


class SummaryBuilder:
    """Adds windows up; memory grows with windows and ball events only."""

    def __init__(self) -> None:
        self._teams = {team: _TeamTally() for team in TEAMS}
        self._events: list[BallEvent] = []
        self._live_frames = 0
        self.windows = 0

    def add(self, play: Play, measures: WindowMeasures) -> None:
        """Take one judged window."""
        self.windows += 1
        possession = play.possession[play.core]
        self._live_frames += int(play.live[play.core].sum())
        for team, tally in self._teams.items():
            tally.possession_frames += int((possession == team).sum())
            found = measures.teams[team]
            if found.metrics["pressing_intensity"].value is not None:
                tally.control_s += found.control_against_s
            for name, metric in found.metrics.items():
                _count(tally, name, metric)
            tally.entries = _added(tally.entries, found.entries)
            tally.regain_zones = _added(tally.regain_zones, found.regain_zones)
        for turnover in measures.turnovers:
            self._events.append(
                BallEvent(
                    turnover.kind,
                    TeamCode(turnover.loser),
                    TeamCode(turnover.winner),
                    float(play.motion.times_s[turnover.frame]),
                    turnover.distance_m,
                )
            )

    def result(self, **facts: Any) -> MatchSummary:
        """The summary; `facts` are the fields that the windows do not know."""
        known = sum(tally.possession_frames for tally in self._teams.values())
        share = known / self._live_frames if self._live_frames else 0.0
        is_known = known > 0 and share >= MIN_KNOWN_SHARE and known / GRID_HZ >= 4.0
        teams = {
            team: TeamSummary(
                possession_pct=100 * tally.possession_frames / known if is_known else None,
                metrics=_records(tally),
                entries=tally.entries,
                regain_zones=tally.regain_zones,
            )
            for team, tally in self._teams.items()
        }
        return MatchSummary(
            windows=self.windows,
            possession_known_pct=100 * share if self._live_frames else None,
            teams=teams,
            events=tuple(self._events),
            **facts,
        )


def _count(tally: _TeamTally, name: str, metric: Metric) -> None:
    if metric.value is None:
        tally.reasons[name] = metric.reason or Reason.SEEN_TOO_BRIEFLY.value
        return
    # Means weigh a window by what was seen of it; sums count each window once.
    weight = 1 if name in _SUMS else max(metric.n, 1)
    tally.sums[name] = tally.sums.get(name, 0.0) + metric.value * weight
    tally.qualities[name] = tally.qualities.get(name, 0.0) + metric.q * weight
    tally.counts[name] = tally.counts.get(name, 0) + weight


def _records(tally: _TeamTally) -> dict[str, Metric]:
    records: dict[str, Metric] = {}
    for name in tally.sums.keys() | tally.reasons.keys():
        count = tally.counts.get(name, 0)
        if count == 0:
            records[name] = Metric.missing(tally.reasons[name])
            continue
        quality = tally.qualities[name] / count
        if name in _TRANSITIONS and count < MIN_TRANSITIONS:
            records[name] = Metric.missing(Reason.TOO_FEW_EVENTS.value, n=count)
        elif name in _SUMS:
            records[name] = Metric(tally.sums[name], n=count, q=quality)
        elif name not in _NOT_AVERAGED:
            records[name] = Metric(tally.sums[name] / count, n=count, q=quality)
    actions = records.get("pressing_intensity")
    if actions is not None and actions.value is not None and tally.control_s >= 7.0:
        rate = actions.value / tally.control_s * 60
        records["pressing_rate"] = Metric(rate, n=round(actions.value), q=actions.q)
    elif "pressing_rate" in tally.reasons or actions is not None:
        reason = tally.reasons.get("pressing_rate", Reason.CONTROL_TOO_SHORT.value)
        records["pressing_rate"] = Metric.missing(reason)
    return dict(sorted(records.items()))


def _added(total: dict[str, int] | None, more: Mapping[str, int] | None) -> dict[str, int] | None:
    if more is None:
        return total
    return {key: (total or {}).get(key, 0) + count for key, count in more.items()}
