"""What the engine finds on the synthetic match, against the truth it was drawn from.

Synthetic figures show that the chain is right and where it loses; they say nothing about real pictures.
"""

from pathlib import Path

import bench.house  # noqa: F401 — makes the scale of the tests importable
from bench.rows import Row, at_least, at_most, figure
from touchline.engine.positions import PositionsReader
from touchline.engine.run import analyse
from touchline.engine.synthetic import DEMO_LEVEL, DEMO_SECONDS, DEMO_SEED, demo_clip, demo_profile
from touchline.engine.synthetic.synthesis import make_scene
from touchline.engine.synthetic.truth_windows import true_windows
from touchline.football.updates import AnalysisOptions, AnalysisRequest, CalibrationPoint, Finished, SegmentDone

FPS = 5.0
SIDES = {"team_a": "home", "team_b": "away"}
METRICS = ("defensive_line", "width", "compactness")


def measure(work: Path, *, full: bool) -> list[Row]:
    from against_truth import score_of

    profile = demo_profile()
    request = AnalysisRequest(
        str(demo_clip()),
        "bench",
        camera_type="Fixed",
        calibration=tuple(CalibrationPoint(**point) for point in profile["points"]),
        options=AnalysisOptions(
            analysis_fps=FPS, home_color=profile["home_color"], away_color=profile["away_color"], render=False
        ),
    )
    said = list(analyse(request, output_root=work))
    end = said[-1]
    if not isinstance(end, Finished):
        return [figure("accuracy", "synthetic match", None, "", f"the analysis failed: {end}")]
    scene = make_scene(DEMO_LEVEL, DEMO_SEED, DEMO_SECONDS)
    score = score_of(PositionsReader(work / end.result.positions_path), scene, analysis_fps=FPS)
    windows = true_windows(scene.motion, window_s=10, pitch=scene.pitch)
    note = f"synthetic {DEMO_LEVEL}, seed {DEMO_SEED}, {DEMO_SECONDS:.0f} s, fixed camera"
    return [
        at_least("accuracy", "people found, visible > .3", score.recall, 0.95, "recall", note),
        figure("accuracy", "people found", score.precision, "precision", note),
        at_most("accuracy", "identity switches", score.switches_per_player_minute, 0.5, "/player-min", note),
        at_least("accuracy", "team of a sighting", score.team_accuracy, 0.97, "share", note),
        at_most("accuracy", "position", score.position_rms_m, 0.7, "m RMS", note),
        at_least("accuracy", "ball within 2 m", score.ball_found, 0.7, "recall", note),
        at_most("accuracy", "false balls", score.ball_false_per_minute, 2, "/min", note),
        *(_shape(name, said, windows, note) for name in METRICS),
    ]


def _shape(metric: str, said: list, windows: list, note: str) -> Row:
    segments = [update for update in said if isinstance(update, SegmentDone)]
    errors = [
        abs(segment.analysis["quality"][team][metric]["value"] - window[side][metric])
        for segment, window in zip(segments, windows, strict=False)
        for team, side in SIDES.items()
        if segment.analysis["quality"][team][metric]["value"] is not None
    ]
    return figure(
        "accuracy", f"{metric}, worst window", max(errors, default=None), "m", f"{note}, {len(errors)} values"
    )
