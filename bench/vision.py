"""`make bench-vision`: what detector, pitch gate and ball reach, in one table, `vision.json` and docs/benchmarks.md.

Real frames are read from TOUCHLINE_TEST_FOOTAGE (folders `footage/players` and `models`), drawn scenes from a bank of
rendered people (`--bank`, or TOUCHLINE_BANK). What cannot be measured for want of one of them says so.

    ARGS="--only people --model candidate=new.onnx"   only these parts, one more detector
    ARGS="--bank FOLDER --write-docs"                 everything, and the page of the documentation
"""

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench import vision_ball, vision_drawn, vision_gate, vision_people, vision_report, vision_speed
from bench.vision_figures import Figure, missing, with_gates
from bench.vision_frames import FOLDER, fingerprint, footage, labelled_frames
from bench.vision_models import SETTINGS, SHIPPED, Setting, Subject, checksum, open_pair, open_subject

PARTS = ("people", "drawn", "gate", "ball", "speed")
# Yardsticks that the folder of real footage may hold, by the names of their columns.
YARDSTICKS = {
    "first": "models/syn.onnx",
    "forerunner": "models/syn-first.onnx",
    "NanoDet-g": "models/nanodet_g_pb_fp16.onnx",
}
PARTNER = "NanoDet-g"
NO_FOOTAGE = "TOUCHLINE_TEST_FOOTAGE names no folder with footage/players"


def main(arguments: Sequence[str] | None = None) -> int:
    parser, wanted = _asked(arguments)
    if wanted.write_docs and (wanted.only or len(wanted.seen_at) < len(SETTINGS)):
        parser.error("--write-docs writes whole tables; leave --only and --seen-at out")
    console = Console(width=max(170, Console().width))
    subjects = opened(wanted.model, shipped_only=wanted.shipped_only)
    parts = wanted.only or PARTS
    figures: list[Figure] = []
    for part in parts:
        console.print(f"measuring {part} ...", style="dim")
        figures += _measured(part, subjects, wanted, console)
    figures = with_gates(figures, subject=SHIPPED)
    about = vision_report.provenance(subjects, _datasets(wanted.bank, parts))
    columns = [*(subject.name for subject in subjects), *_others(figures, subjects)]
    console.print(vision_report.table(figures, columns, about))
    written = [vision_report.write_json(figures, about, wanted.out)]
    if wanted.write_docs:
        text = vision_report.PAGE.read_text(encoding="utf-8") if vision_report.PAGE.is_file() else ""
        vision_report.PAGE.write_text(vision_report.page(text, figures, columns, about), encoding="utf-8")
        written.append(vision_report.PAGE)
    console.print(f"written: {', '.join(str(path) for path in written)}", style="dim")
    return int(any(figure.passed is False for figure in figures))


def opened(more: Sequence[tuple[str, Path]], *, shipped_only: bool = False) -> list[Subject]:
    """The shipped detector, the yardsticks that are there, those asked for, and the shipped one fused with NanoDet-g.

    A file that is measured already under an earlier name is not measured twice.
    """
    folder = footage()
    named = [] if folder is None or shipped_only else [(name, folder / path) for name, path in YARDSTICKS.items()]
    subjects = [open_subject(None, name=SHIPPED)]
    known = {checksum(subjects[0].files[0])}
    for name, path in [*((name, path) for name, path in named if path.is_file()), *more]:
        if checksum(path) not in known:
            known.add(checksum(path))
            subjects.append(open_subject(path, name=name))
    partner = next((subject for subject in subjects if subject.name == PARTNER), None)
    if partner is not None:
        subjects.append(open_pair(None, partner.files[0], name=f"{SHIPPED} + {PARTNER}"))
    return subjects


def _measured(part: str, subjects: Sequence[Subject], wanted: argparse.Namespace, console: Console) -> list[Figure]:
    singles = [subject for subject in subjects if len(subject.files) == 1]
    if part == "people":
        return _people(subjects, [one for one in SETTINGS if one.name in wanted.seen_at], console)
    if part == "drawn":
        scenes = vision_drawn.drawn_set(wanted.bank)
        return [figure for one in subjects for figure in vision_drawn.figures(one, scenes, count=wanted.count)]
    if part == "gate":
        return vision_gate.gate_figures()
    if part == "ball":
        return vision_ball.ball_figures(subjects)
    return [figure for one in singles for figure in vision_speed.figures(one)]


def _people(subjects: Sequence[Subject], settings: Sequence[Setting], console: Console) -> list[Figure]:
    folder = footage()
    frames = [] if folder is None else labelled_frames(folder / FOLDER)
    if not frames:
        return [
            missing("people", measure, setting.name, SHIPPED, NO_FOOTAGE)
            for setting in settings
            for measure in ("AP50 near", "AP50 all", "recall at precision .95, near", "mean IoU of matched boxes")
        ]
    figures: list[Figure] = []
    for setting in settings:
        for subject in subjects:
            console.print(f"  {subject.name} at {setting.name}", style="dim")
            judgements = vision_people.judge(subject, frames, setting)
            figures += vision_people.figures(judgements, subject.name, setting.name)
    return figures


def _datasets(bank: Path | None, parts: Sequence[str]) -> list[vision_report.Dataset]:
    folder, found = footage(), []
    if folder is not None and (frames := labelled_frames(folder / FOLDER)):
        found.append(vision_report.Dataset("labelled real frames", len(frames), fingerprint(folder / FOLDER)))
    if "drawn" in parts and (drawn := vision_drawn.drawn_set(bank)).draw is not None:
        found.append(vision_report.Dataset("bank of rendered people", drawn.sprites, drawn.checksum))
    return found


def _others(figures: Sequence[Figure], subjects: Sequence[Subject]) -> list[str]:
    """Columns of what no single detector answers for."""
    named = {subject.name for subject in subjects}
    return list(dict.fromkeys(figure.subject for figure in figures if figure.subject not in named))


def _asked(arguments: Sequence[str] | None) -> tuple[argparse.ArgumentParser, argparse.Namespace]:
    parser = argparse.ArgumentParser(
        prog="bench.vision", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    bank = os.environ.get("TOUCHLINE_BANK")
    parser.add_argument("--only", nargs="+", choices=PARTS, help="measure only these parts")
    parser.add_argument(
        "--model", action="append", default=[], type=_named, metavar="[NAME=]PATH", help="one more detector; repeatable"
    )
    names = [setting.name for setting in SETTINGS]
    parser.add_argument("--seen-at", nargs="+", choices=names, default=names, help="only at these input sizes")
    parser.add_argument("--shipped-only", action="store_true", help="without the yardsticks of the footage folder")
    parser.add_argument("--bank", type=Path, default=Path(bank) if bank else None, help="folder of rendered people")
    parser.add_argument("--count", type=int, default=300, help="drawn scenes of each kind")
    parser.add_argument("--out", type=Path, default=Path("bench-out"), help="folder for vision.json")
    parser.add_argument("--write-docs", action="store_true", help="write docs/benchmarks.md too")
    return parser, parser.parse_args(arguments)


def _named(text: str) -> tuple[str, Path]:
    name, _, path = text.rpartition("=")
    if not Path(path).is_file():
        raise argparse.ArgumentTypeError(f"there is no file {path}")
    return name or Path(path).stem, Path(path)


if __name__ == "__main__":
    sys.exit(main())
