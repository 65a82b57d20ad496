"""Judges one window after the other: measures, risk, words, alerts. Remembers what later windows need."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from touchline.engine.alerting.actions import Situation
from touchline.engine.alerting.board import AlertBoard, AlertState, WindowMark
from touchline.engine.alerting.narrative import Balance, TeamView
from touchline.engine.alerting.norms import TeamNorms
from touchline.engine.alerting.reference import ReferenceSet
from touchline.engine.alerting.rules import Rule
from touchline.engine.alerting.segment import plain
from touchline.engine.alerting.severity import MIN_USABLE_S, assess
from touchline.engine.alerting.window import TeamWindow
from touchline.engine.tactics.direction import UNKNOWN_DIRECTION, Direction, DirectionFinder, evidence_of
from touchline.engine.tactics.measure import TeamMeasures, WindowMeasures, measure_window
from touchline.engine.tactics.play import Play, Scene, prepare_play
from touchline.engine.tactics.preprocess import GRID_HZ
from touchline.engine.tactics.quality import Minimums
from touchline.engine.tactics.snapshot import snapshot
from touchline.engine.windows.cutting import OVERLAP_S, Cut
from touchline.football.vocabulary import Side, TeamCode

SIDES: Mapping[TeamCode, Side] = {TeamCode.A: Side.A, TeamCode.B: Side.B}
_CODES: Mapping[Side, TeamCode] = {side: code for code, side in SIDES.items()}


@dataclass(frozen=True)
class Verdict:
    """A judged window: what was measured, how risky it was, and which alerts rose or changed."""

    index: int
    cut: Cut
    play: Play
    measures: WindowMeasures
    views: Mapping[Side, TeamView]
    alerts: tuple[AlertState, ...]


@dataclass
class WindowJudge:
    """Takes cuts in time order."""

    scene: Scene
    reference: ReferenceSet
    user_direction: bool | None
    direction: Direction = UNKNOWN_DIRECTION
    _finder: DirectionFinder = field(init=False)
    _norms: dict[Side, TeamNorms] = field(init=False)
    _board: AlertBoard = field(init=False)
    _index: int = 0
    _evidence_until_s: float = float("-inf")
    _possession: tuple[float, int] = (float("-inf"), -1)

    def __post_init__(self) -> None:
        self._finder = DirectionFinder(self.scene.pitch, user=self.user_direction)
        self._restart()

    @property
    def period(self) -> int:
        """1 for the first period that was seen, 2 after a long break, and so on."""
        return self._finder.period

    def judge(self, cut: Cut) -> Verdict:
        """Measure and judge a window."""
        play = self._prepare(cut)
        self._find_direction(play)
        minimums = Minimums(cut.end_s - cut.start_s)
        measures = measure_window(play, self.direction, minimums)
        views = {side: self._view(side, measures.teams[team], minimums) for team, side in SIDES.items()}
        alerts = self._alerts(cut, play, measures, views)
        for side, view in views.items():
            self._norms[side].add(view.window.metrics)
        verdict = Verdict(self._index, cut, play, measures, views, tuple(alerts))
        self._index += 1
        return verdict

    def _prepare(self, cut: Cut) -> Play:
        at_s, carried = self._possession
        is_carried = bool(cut.sightings) and abs(cut.sightings[0].time_s - at_s) < 0.5
        play = prepare_play(
            cut.sightings,
            start_s=cut.start_s,
            end_s=cut.end_s,
            scene=self.scene,
            initial_possession=carried if is_carried else int(TeamCode.UNKNOWN),
        )
        # The next window's frames begin a few seconds before this one's end.
        row = play.core.stop - round(OVERLAP_S * GRID_HZ)
        if row >= 0:
            self._possession = (cut.end_s - OVERLAP_S, int(play.possession[row]))
        return play

    def _find_direction(self, play: Play) -> None:
        """Every frame is evidence once, whichever windows it is part of."""
        period, before = self._finder.period, self.direction
        fresh = play.motion.times_s > self._evidence_until_s + 1e-6
        if fresh.any():
            self._evidence_until_s = float(play.motion.times_s[-1])
            if self._finder.add(evidence_of(play, slice(int(fresh.argmax()), len(fresh)))):
                self._board.half_time()
        self.direction = self._finder.decide()
        is_same_period = self._finder.period == period
        is_turned = None not in (before.attacks_right_a, self.direction.attacks_right_a) and (
            before.attacks_right_a != self.direction.attacks_right_a
        )
        if is_same_period and is_turned:
            self._restart()  # everything judged so far looked the wrong way

    def _restart(self) -> None:
        self._norms = {side: TeamNorms(self.reference) for side in Side}
        self._board = AlertBoard()

    def _view(self, side: Side, team: TeamMeasures, minimums: Minimums) -> TeamView:
        window = TeamWindow(
            side=side,
            metrics=team.metrics,
            quality=team.quality.value,
            usable_s=team.usable_s,
            ip_s=team.ip_s,
            oop_s=team.oop_s,
            ball_deep_share=team.ball_deep_share,
            entries=team.entries,
            scale=minimums.scale,
            seen_share=team.quality.parts.get("cov", 0.0),
        )
        severity = assess(
            window,
            self._norms[side],
            min_components=minimums.severity_components,
            min_usable_s=minimums.seconds(MIN_USABLE_S),
        )
        return TeamView(window, severity, self._norms[side])

    def _alerts(
        self, cut: Cut, play: Play, measures: WindowMeasures, views: Mapping[Side, TeamView]
    ) -> list[AlertState]:
        situations = {
            side: Situation(view.window, view.severity, view.norms, context=view.severity.risk("threat"))
            for side, view in views.items()
        }

        def picture(side: Side, rule: Rule) -> Mapping[str, Any]:
            condition = rule.conditions[0]
            return snapshot(
                play,
                measures.teams[_CODES[side]],
                metric=condition.metric,
                worst_is_high=self.reference.levels[condition.level].is_above,
                zone=rule.zone,
            )

        return self._board.step(WindowMark(self._index, cut.start_s, cut.end_s), situations, picture)


def balance_of(verdict: Verdict) -> Balance:
    """Ball shares and where play was."""
    measures = verdict.measures
    third = None
    if measures.territory_x is not None:
        length = verdict.play.scene.pitch.length_m
        third = "A" if measures.territory_x < length / 3 else "B" if measures.territory_x > 2 * length / 3 else "middle"
    return Balance(
        share_a=measures.possession[TeamCode.A].value,
        share_b=measures.possession[TeamCode.B].value,
        known=measures.possession_known_share,
        third=third,
    )


def flow_terms(verdict: Verdict) -> dict[str, dict[str, float | None]]:
    """What flow analysis compares: threat made, mean ball x' in metres, ball share, stable regains in the far half."""
    measures = verdict.measures
    length = verdict.play.scene.pitch.length_m
    terms = {}
    for team, side in SIDES.items():
        metrics = measures.teams[team].metrics
        x = measures.territory_x
        terms[f"team_{side.value.lower()}"] = {
            "threat": plain(metrics["threat_for"].value),
            "territory": None if x is None else plain(x if team is TeamCode.A else length - x, 2),
            "possession": plain(measures.possession[team].value, 1),
            "regains": plain(metrics["regains_high"].value),
        }
    return terms
