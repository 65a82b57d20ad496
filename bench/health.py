"""Do the doors answer while both cores analyse?"""

import statistics
import time
from pathlib import Path

from bench.house import house
from bench.materials import synthetic, tactical
from bench.rows import Row, at_most
from journeys.processes import Coach, wait_for


def measure(work: Path, *, full: bool) -> list[Row]:
    material = tactical(work) or synthetic(work)
    with house(work) as coach:
        run_id = coach.upload(material.video)
        wait_for("the analysis to work", lambda: coach.status(run_id)["progress"] > 0.06)
        health, status = [], []
        while coach.status(run_id)["status"] == "PROCESSING" and len(health) < 2000:
            health.append(_timed(coach, f"{coach.at.analysis}/health"))
            status.append(_timed(coach, f"{coach.at.analysis}/api/analysis_status/{run_id}"))
    note = f"{len(health)} requests each while {material.name} is analysed and rendered"
    return [
        at_most("health", "GET /health, p99", _p99(health), 100, "ms", note),
        at_most("health", "GET /api/analysis_status/{id}, p99", _p99(status), 100, "ms", note),
    ]


def _timed(coach: Coach, url: str) -> float:
    started = time.perf_counter()
    coach.http.get(url).raise_for_status()
    return (time.perf_counter() - started) * 1000


def _p99(values: list[float]) -> float | None:
    return statistics.quantiles(values, n=100)[-1] if len(values) >= 100 else None
