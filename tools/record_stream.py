"""Record what the engine says about the synthetic demo clip, for `touchline doctor --smoke`."""

import tempfile
from pathlib import Path

from touchline.adapters.engine_replay import write_recording
from touchline.apps.smoke import RECORDING
from touchline.engine.run import analyse
from touchline.engine.synthetic import demo_clip, demo_profile
from touchline.football.updates import (
    AlertRaised,
    AnalysisOptions,
    AnalysisRequest,
    AnalysisResult,
    CalibrationPoint,
    Finished,
    SegmentDone,
)

if __name__ == "__main__":
    request = AnalysisRequest(
        video_path=str(demo_clip()),
        run_id="recorded",
        output_dir="recorded",
        camera_type="Fixed",
        calibration=tuple(CalibrationPoint(**point) for point in demo_profile()["points"]),
        options=AnalysisOptions(render=False),
    )
    with tempfile.TemporaryDirectory() as folder:
        said = list(analyse(request, output_root=Path(folder)))
    kept = [update for update in said if isinstance(update, SegmentDone | AlertRaised)]
    # The files of that analysis are not part of the recording, so its end names none.
    write_recording(RECORDING, [*kept, Finished(AnalysisResult(run_id="recorded"))], run_id="recorded")
    print(f"{len(kept)} updates in {RECORDING}")
