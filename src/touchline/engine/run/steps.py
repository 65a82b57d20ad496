"""The steps of a run, one after the other, as one stream of updates."""

import errno
import logging
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import asdict, fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from touchline.engine.catalogue import stages_for
from touchline.engine.decode import VideoSource, open_video
from touchline.engine.errors import EngineError, SettingsInvalidError
from touchline.engine.pipeline import Pipeline
from touchline.engine.ports import Stages
from touchline.engine.positions import PositionsReader, PositionsWriter
from touchline.engine.render.files import render_files
from touchline.engine.render.job import RenderJob
from touchline.engine.report import write_advisory, write_possession, write_statistics, write_tracking
from touchline.engine.run.folder import ADVISORY, POSITIONS, POSSESSION, STATISTICS, TRACKING_JSON, OutputFolder
from touchline.engine.run.telling import PeopleCount, Ticker, closing_text, progress_text
from touchline.engine.settings import EngineSettings, settings_for
from touchline.engine.windows import MatchAnalyst
from touchline.football.updates import (
    AnalysisRequest,
    AnalysisResult,
    Failed,
    Finished,
    Json,
    Progress,
    SegmentDone,
    TrackingVideoReady,
    Update,
)
from touchline.football.vocabulary import Side

_log = logging.getLogger(__name__)

_BROKE = "The analysis stopped because of an internal error; the engine's log has the details."
_DISK_FULL = "The disk is full: there is no room for the results. Free some space and start the analysis again."
# Shares of the progress bar.
_STARTED, _ANALYSED, _ANALYSED_ALONE, _DRAWN = 0.05, 0.70, 0.95, 0.99
_RESULT_KEYS = frozenset(field.name for field in fields(AnalysisResult))


def analyse(
    request: AnalysisRequest,
    *,
    output_root: Path,
    threads: int = 2,
    detector_path: str | None = None,
    second_detector_path: str | None = None,
    realtime: bool = False,
) -> Generator[Update, None, None]:
    """Analyse one video; the last update is Finished or Failed.

    Closing the iterator before that stops the work and deletes what was written, as a failure does. What else lies in
    the output folder is left alone.

    Args:
        request: what to analyse and how; `video_path` may be absolute or relative to the output root.
        output_root: folder that `output_dir` and all paths in results are relative to.
        threads: of detector and decoder.
        detector_path: a detector other than the one that ships.
        second_detector_path: one to fuse with it, in every profile but the fast one.
        realtime: hand pictures on no faster than the video plays.
    """
    folder = OutputFolder(output_root, request)
    try:
        settings = settings_for(
            request, threads=threads, detector_path=detector_path, second_detector_path=second_detector_path
        )
        yield from _Run(request, settings, folder, is_realtime=realtime).updates()
    except EngineError as error:
        _log.warning("run.failed run_id=%s code=%s reason=%s", request.run_id, error.code, error)
        folder.discard()
        yield Failed(str(error))
    except Exception as error:  # noqa: BLE001 - the engine's outermost door: logged with the run, told without details
        _log.exception("run.broke run_id=%s", request.run_id)
        folder.discard()
        is_full = isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}
        yield Failed(_DISK_FULL if is_full else _BROKE)
    finally:
        folder.discard()


class _Run:
    """What one run knows while its steps follow each other."""

    def __init__(
        self, request: AnalysisRequest, settings: EngineSettings, folder: OutputFolder, *, is_realtime: bool
    ) -> None:
        self._request, self._settings, self._folder = request, settings, folder
        self._is_realtime = is_realtime
        self._started_s = time.monotonic()
        self._segments: list[SegmentDone] = []
        self._people = PeopleCount()
        self._was_placed = False
        self._failed_files: list[str] = []

    def updates(self) -> Iterator[Update]:
        """Everything from opening the video to Finished."""
        request, settings, folder = self._request, self._settings, self._folder
        if not request.video_path:
            raise SettingsInvalidError("No video was named.")
        yield Progress(0.0, "Opening the video")
        source = open_video(
            folder.video(request.video_path),
            analysis_fps=settings.analysis_fps,
            start_s=settings.start_s,
            end_s=settings.end_s,
            frame_limit=settings.frame_limit,
            threads=settings.threads,
        )
        stages = stages_for(settings, request, picture_size=(source.facts.width, source.facts.height))
        folder.create()
        pipeline = Pipeline(
            source, stages, pitch=settings.pitch, threads=settings.threads, is_realtime=self._is_realtime
        )
        yield Progress(_STARTED, f"Analysing with {stages.detector.name}")
        analyst = yield from self._analysed(source, pipeline, stages)
        yield Progress(self._analysed_share, "Writing the results")
        result = self._reported(source, pipeline, analyst)
        if settings.render:
            result = yield from self._drawn(source, pipeline, stages, result)
        message = closing_text(
            request,
            frames=result.total_frames,
            players=result.players_tracked,
            lost_s=source.report.lost_s,
            uncalibrated_reason=stages.calibrator.reason,
            was_placed=self._was_placed,
            are_teams_known=stages.teams.is_fitted,
            people=stages.detector.people,
            failed_files=self._failed_files,
        )
        folder.keep()
        yield Finished(replace(result, processing_time_s=round(time.monotonic() - self._started_s, 2)), message)

    @property
    def _analysed_share(self) -> float:
        return _ANALYSED if self._settings.render else _ANALYSED_ALONE

    def _analysed(
        self, source: VideoSource, pipeline: Pipeline, stages: Stages
    ) -> Generator[Update, None, MatchAnalyst]:
        """Analyse every frame; segments and alerts go out as their windows close."""
        span_s, ticker = source.span_s, Ticker()
        writer = PositionsWriter(self._folder.path / POSITIONS)
        analyst: MatchAnalyst | None = None
        observations = pipeline.observations()
        try:
            for observation in observations:
                if observation is not None:
                    # Only now, some seconds into the video, is it known whether the camera stands still.
                    analyst = analyst or self._analyst(span_s, pipeline, stages)
                    # A camera may be pushed in the middle of a match.
                    analyst.uncalibrated_reason = stages.calibrator.reason
                    self._was_placed = self._was_placed or bool(np.isfinite(observation.positions).any())
                    writer.add(observation)
                    self._people.add(observation)
                    yield from self._heard(analyst.add(observation))
                if ticker.is_due():
                    yield self._progress(pipeline, span_s, analyst.live_stats if analyst else None)
            analyst = analyst or self._analyst(span_s, pipeline, stages)
            yield from self._heard(analyst.finish())
        except BaseException:
            # Whoever cancelled the run may have deleted its folder already: nothing new is written there.
            writer.abandon()
            raise
        finally:
            observations.close()
        writer.close(
            rate_hz=min(self._settings.analysis_fps, source.facts.fps),
            labels=pipeline.final_labels(),
            extra=self._header(source, pipeline, stages),
        )
        return analyst

    def _analyst(self, span_s: float | None, pipeline: Pipeline, stages: Stages) -> MatchAnalyst:
        calibration = pipeline.calibration
        return MatchAnalyst(
            settings=self._settings,
            request=self._request,
            span_s=span_s,
            uncalibrated_reason=stages.calibrator.reason,
            calibration_error_m=None if calibration is None else calibration.residual_m,
        )

    def _heard(self, updates: Sequence[Update]) -> Iterator[Update]:
        for update in updates:
            if isinstance(update, SegmentDone):
                self._segments.append(update)
            yield update

    def _progress(self, pipeline: Pipeline, span_s: float | None, live_stats: Json | None) -> Progress:
        state, start_s = pipeline.state, self._settings.start_s
        # A container that does not tell its length: the bar stands in the middle while the text moves.
        share = 0.5 if not span_s else min(1.0, max(0.0, state.time_s - start_s) / span_s)
        return Progress(
            round(_STARTED + share * (self._analysed_share - _STARTED), 4),
            progress_text(state, start_s=start_s, span_s=span_s),
            live_stats or None,
        )

    def _header(self, source: VideoSource, pipeline: Pipeline, stages: Stages) -> Json:
        """Further entries of the positions' header: what a later reader needs to understand them."""
        calibration, facts, pitch = pipeline.calibration, source.facts, self._settings.pitch
        people = stages.detector.people
        return {
            "picture": {"width": facts.width, "height": facts.height, "fps": facts.fps},
            "pitch": {"length_m": pitch.length_m, "width_m": pitch.width_m},
            "detector": stages.detector.name,
            "size_of_people": None if people is None else asdict(people),
            "calibration": None
            if calibration is None
            else {
                "homography": calibration.homography.tolist(),
                "k1": calibration.k1,
                "centre_px": list(calibration.centre_px),
                "scale_px": calibration.scale_px,
                "residual_m": calibration.residual_m,
                "residual_px": calibration.residual_px,
                "points": calibration.points,
            },
            "uncalibrated_reason": stages.calibrator.reason,
            "kit_colors_bgr": {side.value: list(color) for side, color in stages.teams.kit_colors.items()},
            "why_a": stages.teams.why_a or None,
        }

    def _reported(self, source: VideoSource, pipeline: Pipeline, analyst: MatchAnalyst) -> AnalysisResult:
        """Write the JSON files."""
        folder, summary = self._folder, analyst.summary()
        possession, advisory, statistics = (folder.path / name for name in (POSSESSION, ADVISORY, STATISTICS))
        write_possession(possession, summary)
        write_advisory(advisory, summary)
        write_statistics(statistics, summary)
        positions, tracking_json = folder.path / POSITIONS, ""
        if not self._request.skip_json:
            path = folder.path / TRACKING_JSON
            write_tracking(path, PositionsReader(positions))
            tracking_json = folder.relative(path)
        return AnalysisResult(
            run_id=self._request.run_id,
            total_frames=pipeline.state.frames,
            players_tracked=self._people.at_once,
            tracking_json_path=tracking_json,
            possession_analysis_path=folder.relative(possession),
            tactical_advisory_path=folder.relative(advisory),
            statistics_path=folder.relative(statistics),
            positions_path=folder.relative(positions),
            fps=round(source.facts.fps, 3),
        )

    def _drawn(
        self, source: VideoSource, pipeline: Pipeline, stages: Stages, result: AnalysisResult
    ) -> Generator[Update, None, AnalysisResult]:
        """Draw the videos; one that fails is left out and counted."""
        ticker = Ticker()
        for step in render_files(self._job(source, pipeline, stages)):
            if step.error is not None:
                self._failed_files.append((step.finished_key or "").removesuffix("_path").replace("_", " "))
            elif step.finished_key in _RESULT_KEYS and step.path is not None:
                path = self._folder.relative(step.path)
                changed: dict[str, Any] = {step.finished_key: path}
                result = replace(result, **changed)
                if step.finished_key == "tracking_video_path":
                    yield TrackingVideoReady(path, result.total_frames)
            if ticker.is_due():
                yield Progress(round(_ANALYSED + step.done * (_DRAWN - _ANALYSED), 4), "Drawing the videos")
        return result

    def _job(self, source: VideoSource, pipeline: Pipeline, stages: Stages) -> RenderJob:
        request, settings, folder = self._request, self._settings, self._folder
        return RenderJob(
            video=folder.video(request.video_path),
            positions=folder.path / POSITIONS,
            out=folder.path,
            facts=source.facts,
            calibration=pipeline.calibration,
            pitch=settings.pitch,
            segments=tuple(self._segments),
            team_colors=stages.teams.kit_colors,
            team_names=self._team_names(stages),
            language=settings.language,
            lines=settings.render_lines,
            fps=settings.render_fps,
            start_s=settings.start_s,
            end_s=self._drawn_until(source),
            attacks_right_a=self._attacks_right_a(),
        )

    def _drawn_until(self, source: VideoSource) -> float | None:
        """A frame limit ends the drawing where it ended the analysis."""
        if self._settings.frame_limit:
            return source.report.last_time_s + 1.0 / source.facts.fps
        return self._settings.end_s

    def _team_names(self, stages: Stages) -> dict[Side, str]:
        options = self._request.options
        if stages.teams.why_a == "home colour" and options.home_name and options.away_name:
            return {Side.A: options.home_name, Side.B: options.away_name}
        return {Side.A: "Team A", Side.B: "Team B"}

    def _attacks_right_a(self) -> bool | None:
        """As the latest window saw it."""
        for segment in reversed(self._segments):
            direction = segment.analysis.get("direction")
            if direction:
                return bool(direction.get("team_a") == "right")
        return self._request.options.attacks_right_a
