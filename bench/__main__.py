"""`make bench`: measure, print one table, and write it as JSON beside it.

`ARGS="speed memory"` measures only these groups; `ARGS=--quick` takes a 5-minute video where the gate wants 30 minutes.
"""

import argparse
import importlib
import json
import os
import platform
import sys
import tempfile
import time
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bench.rows import Row

GROUPS = ("speed", "memory", "accuracy", "transfer", "streams", "health", "api", "questions")


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench", description=__doc__)
    parser.add_argument("groups", nargs="*", help=f"any of {', '.join(GROUPS)}; none: all")
    parser.add_argument("--quick", action="store_true", help="a 5-minute looped video instead of 30 minutes")
    parser.add_argument("--out", type=Path, default=Path("bench-out"), help="folder for bench.json")
    wanted = parser.parse_args()
    if unknown := set(wanted.groups) - set(GROUPS):
        parser.error(f"unknown: {', '.join(sorted(unknown))}; choose from {', '.join(GROUPS)}")
    console = Console(width=150)
    rows: list[Row] = []
    with tempfile.TemporaryDirectory(prefix="touchline-bench-") as folder:
        for name in wanted.groups or GROUPS:
            console.print(f"measuring {name} ...", style="dim")
            module = importlib.import_module(f"bench.{name}")
            work = Path(folder) / name
            work.mkdir()
            rows += module.measure(work, full=not wanted.quick)
    console.print(_table(rows))
    _write(rows, wanted.out)
    return int(any(row.passed is False for row in rows))


def _table(rows: list[Row]) -> Table:
    table = Table(title=f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}")
    for column in ("group", "what", "value", "unit", "gate", "", "note"):
        table.add_column(column, justify="right" if column == "value" else "left")
    for row in rows:
        value = (
            "not measured" if row.value is None else f"{row.value:,.3g}" if row.value < 1000 else f"{row.value:,.0f}"
        )
        verdict = {True: "[green]met[/]", False: "[red]MISSED[/]", None: ""}[row.passed]
        table.add_row(row.group, row.name, value, row.unit, row.gate, verdict, row.note)
    return table


def _write(rows: list[Row], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    report = {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "cores": os.cpu_count(),
        "machine": platform.machine(),
        "python": platform.python_version(),
        "rows": [vars(row) for row in rows],
    }
    (folder / "bench.json").write_text(json.dumps(report, indent=1, ensure_ascii=False), encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
