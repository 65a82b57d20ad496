"""Use the engine as a library: no database, no server; updates arrive while the video is read.

python examples/02_engine_alone.py [VIDEO]
"""

import sys
import tempfile
from pathlib import Path

from touchline.engine.run import analyse
from touchline.engine.synthetic import demo_clip, demo_profile
from touchline.football.updates import (
    AlertRaised,
    AnalysisOptions,
    AnalysisRequest,
    CalibrationPoint,
    Failed,
    Finished,
    SegmentDone,
)


def main(video: Path | None, folder: Path) -> None:
    points = () if video else tuple(CalibrationPoint(**point) for point in demo_profile()["points"])
    request = AnalysisRequest(
        video_path=str(video or demo_clip()),
        run_id="example",
        output_dir="example",
        camera_type="Fixed",
        calibration=points,
        options=AnalysisOptions(end_s=10.0, render=False),
    )
    for update in analyse(request, output_root=folder):
        match update:
            case SegmentDone():
                team = update.analysis["team_a"]
                line = team.get("defensive_line")
                reason = update.analysis["quality"]["team_a"].get("defensive_line", {}).get("reason")
                print(f"{update.start_s:.0f}-{update.end_s:.0f} s, line of team A: {line or f'unknown ({reason})'}")
            case AlertRaised():
                print(f"alert: {update.action}")
            case Finished():
                print(f"done: {update.result.total_frames} pictures, {update.result.players_tracked} tracks")
            case Failed():
                sys.exit(update.message)


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as scratch:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else None, Path(scratch))
