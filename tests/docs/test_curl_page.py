"""The page that does the main job with curl runs from top to bottom, as it stands."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from journeys.clips import cut
from journeys.processes import addresses_of, clean_environment, touchline
from touchline.engine.synthetic import demo_clip, demo_profile

PAGE = Path(__file__).resolve().parent.parent.parent / "docs/with-curl.md"


def test_the_curl_page_runs(tmp_path):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    blocks = re.findall(r"^```sh\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    data = tmp_path / "data"
    points = tmp_path / "points.json"
    points.write_text(json.dumps(demo_profile()["points"]), encoding="utf-8")
    with touchline("up", "--data", str(data), log=tmp_path / "up.log") as process:
        at = addresses_of(process)
        environment = clean_environment(
            CLASSIC=at.classic,
            ANALYSIS=at.analysis,
            DATA=str(data),
            VIDEO=str(cut(demo_clip(), tmp_path / "match.mp4", seconds=11)),
            POINTS=str(points),
        )
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", "\n".join(blocks)],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=240,
            check=False,
        )
    assert done.returncode == 0, done.stdout + done.stderr
    assert '"status":"SEGMENT_DONE"' in done.stdout
    assert "event: done" in done.stdout
    assert done.stdout.rstrip().endswith("206")
    assert (tmp_path / "first-kilobyte.bin").stat().st_size == 1024
