"""The examples run as they stand. The third one needs a running house: see the journeys."""

import subprocess
import sys
from pathlib import Path

import pytest

EXAMPLES = Path(__file__).resolve().parent.parent.parent / "examples"


@pytest.mark.parametrize(
    ("name", "words"),
    [("01_synthetic_match.py", "first true box"), ("02_engine_alone.py", "done: ")],
)
def test_an_example_runs(name, words):
    done = subprocess.run([sys.executable, EXAMPLES / name], capture_output=True, text=True, timeout=180, check=False)
    assert done.returncode == 0, done.stderr
    assert words in done.stdout
