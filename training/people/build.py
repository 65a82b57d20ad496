"""Command: python -m training.people.build FOLDER [--count 6000] [--seed 1] [--workers 2]."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from training.people import bank
from training.people.makehuman import BodyDataError


def main() -> None:
    """Builds a bank of people, or goes on with one that was interrupted."""
    parser = argparse.ArgumentParser(prog="python -m training.people.build", description=main.__doc__)
    parser.add_argument("folder", type=Path, help="where the bank lies or shall lie")
    parser.add_argument("--count", type=int, default=bank.DEFAULT_COUNT)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=None, help="processes; one for each core if not given")
    given = parser.parse_args()
    try:
        built = bank.build(
            given.folder, seed=given.seed, count=given.count, workers=given.workers, on_progress=_say_progress
        )
    except (bank.BankError, BodyDataError) as refusal:
        sys.exit(str(refusal))
    sys.stdout.write(f"{len(built)} people in {given.folder}, checksum {built.checksum}\n")


def _say_progress(done: int, count: int) -> None:
    sys.stderr.write(f"people.drawn done={done} of={count}\n")


if __name__ == "__main__":
    main()
