"""A running `touchline up` with a signed-in coach, for the rows that measure the doors."""

import contextlib
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tests"))

from journeys.processes import Coach, addresses_of, sign_up, touchline  # noqa: E402 — shared with the journey tests


@contextlib.contextmanager
def house(work: Path, **environment: str) -> Iterator[Coach]:
    """Everything in one process on a fresh data folder."""
    data = work / "data"
    with (
        touchline("up", "--data", str(data), log=work / "up.log", **environment) as process,
        sign_up(addresses_of(process), data / "mail") as coach,
    ):
        yield coach
