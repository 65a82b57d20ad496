"""One run's tactical analysis: frames in, segments and alerts out, and a summary at the end."""

from collections.abc import Iterable, Mapping

import numpy as np

from touchline import __version__
from touchline.engine.alerting.advisory import RunAdvice, alert_advisory
from touchline.engine.alerting.alert import AlertFrame, alert_of
from touchline.engine.alerting.reference import reference_for
from touchline.engine.alerting.segment import WindowStory, metric_record, plain, segment_of
from touchline.engine.settings import EngineSettings
from touchline.engine.tactics.play import Scene
from touchline.engine.tactics.span import Sighting
from touchline.engine.tactics.speed import distance_m
from touchline.engine.tactics.summary import MatchSummary, SummaryBuilder
from touchline.engine.types import Observation
from touchline.engine.windows.cutting import Cut, WindowCutter, window_length_s
from touchline.engine.windows.judge import SIDES, Verdict, WindowJudge, balance_of, flow_terms
from touchline.football.updates import AlertRaised, AnalysisRequest, Json, SegmentDone
from touchline.football.vocabulary import AlertStatus, Side

ILLUSTRATIVE_BELOW_S = 30.0
_STATS_TRACKS = 60
_TARGETS: Mapping[str, Side] = {"team a": Side.A, "team b": Side.B}


class MatchAnalyst:
    """Judges one run. Feed observations in time order, then finish; `live_stats` and `summary` may be read any time,
    and `uncalibrated_reason` may be set when it changes.

    Memory is bounded: the open window with a few seconds around it, one record per window, one number per track
    that was seen lately.
    """

    def __init__(
        self,
        *,
        settings: EngineSettings,
        request: AnalysisRequest,
        span_s: float | None,
        uncalibrated_reason: str | None,
        calibration_error_m: float | None = None,
    ) -> None:
        """Prepare an empty analysis.

        Args:
            settings: of the run.
            request: camera type, direction of play, language, the coach's team and the run id come from here.
            span_s: length of the analysed span when the container tells it.
            uncalibrated_reason: why there are no metres, None when there are.
            calibration_error_m: root mean square error of the mapping, None when nobody measured it.
        """
        self._settings, self._request = settings, request
        # May change while the run goes on, e.g. when a fixed camera turns out to move.
        self.uncalibrated_reason = uncalibrated_reason
        self._reference = reference_for(request.camera_type)
        self._cutter = WindowCutter(window_length_s(settings.window_s, span_s), start_s=settings.start_s, span_s=span_s)
        is_broadcast = not request.camera_type.strip().lower().startswith("fixed")
        scene = Scene(settings.pitch, is_broadcast=is_broadcast, calibration_error_m=calibration_error_m)
        self._judge = WindowJudge(scene, self._reference, request.options.attacks_right_a)
        self._summary = SummaryBuilder()
        self._advice = RunAdvice()
        self._advisories: list[Json] = []
        self._advised: set[str] = set()
        self._distances: dict[int, float] = {}
        self._frames = 0
        self._ball_frames = 0

    @property
    def live_stats(self) -> Mapping[str, Json]:
        """Observed metres so far of the tracks seen lately, by track id; empty while nothing is calibrated."""
        return {str(track): {"distance": round(metres, 1)} for track, metres in self._distances.items()}

    def add(self, observation: Observation) -> list[SegmentDone | AlertRaised]:
        """Take one analysed frame.

        Returns:
            what became certain with it: closed windows, each followed by its alerts; mostly nothing.
        """
        self._frames += 1
        self._ball_frames += bool(np.isfinite(observation.ball_score))
        self._cutter.add(Sighting.of(observation))
        return self._updates(self._cutter.ready())

    def finish(self) -> list[SegmentDone | AlertRaised]:
        """Judge what is still open; nothing may be added afterwards."""
        return self._updates(self._cutter.rest())

    def summary(self) -> MatchSummary:
        """The run in numbers so far."""
        closing = self._advice.conclude(windows=self._summary.windows, language=self._language)
        return self._summary.result(
            duration_s=self._cutter.seen_s,
            ball_detection_pct=100 * self._ball_frames / self._frames if self._frames else 0.0,
            advisories=(*self._advisories, closing),
            reference_set=self._reference.name,
            engine_version=__version__,
            illustrative=self._is_illustrative,
            direction_source=self._judge.direction.source,
            uncalibrated_reason=self.uncalibrated_reason,
        )

    @property
    def _language(self) -> str:
        return self._request.options.language or self._settings.language

    @property
    def _is_illustrative(self) -> bool:
        return self._cutter.window_s < ILLUSTRATIVE_BELOW_S

    def _updates(self, cuts: Iterable[Cut]) -> list[SegmentDone | AlertRaised]:
        updates: list[SegmentDone | AlertRaised] = []
        for cut in cuts:
            verdict = self._judge.judge(cut)
            segment = segment_of(self._story(verdict), verdict.views)
            updates += [segment, *self._alerts(verdict, segment)]
            self._summary.add(verdict.play, verdict.measures)
            self._advice.add(verdict.views)
            self._count_distances(verdict)
        return updates

    def _story(self, verdict: Verdict) -> WindowStory:
        direction = verdict.measures.direction
        teams = verdict.measures.teams
        right = direction.attacks_right_a
        sides = ("right", "left") if right else ("left", "right")
        return WindowStory(
            index=verdict.index,
            start_s=verdict.cut.start_s,
            end_s=verdict.cut.end_s,
            language=self._language,
            focus=_TARGETS.get(self._request.target_team.strip().lower()),
            balance=balance_of(verdict),
            facts={
                "direction": None if right is None else {"team_a": sides[0], "team_b": sides[1]},
                "direction_source": direction.source,
                "period": self._judge.period,
                "illustrative": self._is_illustrative,
                "reference_set": self._reference.name,
                "engine_version": __version__,
                "calibration_reason": self.uncalibrated_reason,
                "flow_terms": flow_terms(verdict),
            },
            quality={
                "possession": {
                    f"team_{side.value.lower()}": metric_record(verdict.measures.possession[team])
                    for team, side in SIDES.items()
                },
                "score": {
                    f"team_{side.value.lower()}": {
                        "value": plain(teams[team].quality.value),
                        "label": teams[team].quality.label,
                        "parts": {name: plain(part) for name, part in teams[team].quality.parts.items()},
                    }
                    for team, side in SIDES.items()
                },
                "ball_pct": plain(100 * verdict.measures.ball_share, 1),
                "live_pct": plain(100 * verdict.measures.live_share, 1),
            },
        )

    def _alerts(self, verdict: Verdict, segment: SegmentDone) -> list[AlertRaised]:
        frame = AlertFrame(
            run_id=self._request.run_id,
            language=self._language,
            window_s=self._cutter.window_s,
            illustrative=self._is_illustrative,
            analysis=segment.analysis,
            reference_set=self._reference.name,
            engine_version=__version__,
        )
        raised = []
        for state in verdict.alerts:
            alert = alert_of(state, frame)
            if state.status is AlertStatus.ACTIVE and alert.alert_id not in self._advised:
                self._advised.add(alert.alert_id)
                self._advisories.append(alert_advisory(alert, state.rule.components[0], self._language))
            raised.append(alert)
        return raised

    def _count_distances(self, verdict: Verdict) -> None:
        """Add the window's observed running; tracks not seen lately make room for newer ones."""
        play = verdict.play
        run_m = distance_m(play.motion.velocities[play.core])
        seen = np.isfinite(play.motion.positions[play.core][..., 0]).any(axis=0)
        for column in np.flatnonzero(seen):
            track = int(play.ids[column])
            # Re-inserting keeps the order by last sight.
            self._distances[track] = self._distances.pop(track, 0.0) + float(run_m[column])
        for track in list(self._distances)[: max(len(self._distances) - _STATS_TRACKS, 0)]:
            del self._distances[track]
