"""What `make bench-vision` leaves behind: one table, `vision.json`, and a section of `docs/benchmarks.md`."""

import importlib.metadata
import json
import os
import platform
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from rich.table import Table

from bench.vision_figures import Figure, Line, lines, shown
from bench.vision_models import Subject, checksum, megabytes

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs/benchmarks.md"
_BEGIN, _END = "<!-- bench-vision: begin -->", "<!-- bench-vision: end -->"
_LIBRARIES = ("onnxruntime", "openvino", "numpy", "opencv-python-headless")
_PIPE = "\\|"
_TITLES = {
    "people": "People",
    "ball": "Ball",
    "gate": "People beside the pitch",
    "speed": "Time for a picture",
    "size": "Size",
}
_HEAD = """# Benchmarks

What the detector and the path of the ball reach, measured by `make bench-vision`. Every line says on what: “measured
on synthetic” (drawn pictures whose truth is known; they show that a part works, not how it does on a real pitch),
“measured on n real frames”, or “not measured” with the reason. The real frames belong to others: they are used to
measure, never to train, and are not part of this repository (`TOUCHLINE_TEST_FOOTAGE` names their folder).

How to read the figures:

- A box fits a label from an IoU of .5 on (or the one named); finds are matched by falling score, each to the free label
  that it covers best. AP50 is the area under the precision-recall curve, interpolated at all points; mAP50:95 is its
  mean over IoU .5, .55 … .95. Everything down to a score of .05 counts.
- Staff and crowd are not labelled. “near” leaves out unmatched boxes whose feet lie more than 40 px outside the hull of
  the labelled feet; “all” counts them as false.
- The operating point is a score of .5 for people and .3 for the ball on the contract's scale. Mean IoU is that of the
  boxes which match there.
- A ball is hit within 10 px or one diameter, whichever is more, in source pixels. The ceiling is the recall of all
  candidates down to a score of .05.
- 1280 and 1920 are widths of the network's input; “scale rule” is what the engine chooses for each picture: the median
  player at least 36 px tall.
- Brackets hold 95 % intervals from 2,000 resamples of whole matches: frames of one match resemble each other.
- Drawn free people stand apart in pictures of 320 px; the drawn hard set has poor grounds, distractors and people above
  120 px in pictures of 640 px. People of whom less than .3 is seen are not judged.
- Crowded: the gap to the next person's box is under half the own box's width.
"""


@dataclass(frozen=True)
class Dataset:
    """What was measured on: `sha256` over names and contents of its files."""

    name: str
    pictures: int
    sha256: str


def provenance(subjects: Sequence[Subject], datasets: Sequence[Dataset]) -> dict[str, Any]:
    """Everything that the figures depend on besides the code's text."""
    return {
        "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
        "commit": commit(),
        "hardware": {"processor": processor(), "cores": os.cpu_count(), "machine": platform.machine()},
        "python": platform.python_version(),
        "libraries": {name: version for name in _LIBRARIES if (version := _version(name)) is not None},
        "models": [
            {
                "name": subject.name,
                "files": [{"file": path.name, "sha256": checksum(path)} for path in subject.files],
                "megabytes": round(megabytes(subject.files), 3),
            }
            for subject in subjects
        ],
        "datasets": [asdict(dataset) for dataset in datasets],
    }


def commit() -> str:
    """The commit that is checked out, and whether files differ from it; “unknown” outside a checkout."""
    head = _git("rev-parse", "--short=12", "HEAD")
    if head is None:
        return "unknown"
    return f"{head} with changes" if _git("status", "--porcelain", "--", "src", "bench", "training") else head


def processor() -> str:
    """The processor's own name where the system tells it."""
    described = Path("/proc/cpuinfo")
    if described.is_file():
        for line in described.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()


def write_json(figures: Sequence[Figure], about: Mapping[str, Any], folder: Path) -> Path:
    """Write `vision.json`: where the figures come from, and every figure with its gate."""
    folder.mkdir(parents=True, exist_ok=True)
    told = [
        {**asdict(figure), "gate": str(figure.gate) if figure.gate else "", "passed": figure.passed}
        for figure in figures
    ]
    path = folder / "vision.json"
    path.write_text(json.dumps({**about, "figures": told}, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path


def table(figures: Sequence[Figure], subjects: Sequence[str], about: Mapping[str, Any]) -> Table:
    """The figures side by side for the terminal."""
    hardware = about["hardware"]
    shape = Table(title=f"{hardware['processor']}, {hardware['cores']} cores, commit {about['commit']}")
    for column in ("", "measure", "seen at", *subjects, "gate", "", "how"):
        shape.add_column(column, justify="right" if column in subjects else "left")
    colors = {"met": "[green]met[/]", "MISSED": "[red]MISSED[/]", "": ""}
    for line in lines(figures):
        gate, verdict = _gate(line)
        shape.add_row(*_cells(line, subjects), gate, colors[verdict], line.words)
    return shape


def page(text: str, figures: Sequence[Figure], subjects: Sequence[str], about: Mapping[str, Any]) -> str:
    """`docs/benchmarks.md` with the section of these figures put in; whatever else the page says stays.

    Args:
        text: the page as it is, empty where there is none yet.
        figures: of one whole run.
        subjects: columns, in order.
        about: what `provenance` says.
    """
    section = f"{_BEGIN}\n{_section(figures, subjects, about)}{_END}\n"
    if _BEGIN in text and _END in text:
        before, _, rest = text.partition(_BEGIN)
        return before + section + rest.partition(_END)[2].removeprefix("\n")
    return (f"{text.rstrip()}\n\n" if text.strip() else f"{_HEAD}\n") + section


def _section(figures: Sequence[Figure], subjects: Sequence[str], about: Mapping[str, Any]) -> str:
    parts: dict[str, list[Line]] = {}
    for line in lines(figures):
        parts.setdefault(line.part, []).append(line)
    text = f"## Figures of {about['at'][:10]}\n\n{_origin(about)}"
    for part, held in parts.items():
        names = [name for name in subjects if any(name in line.by_subject for line in held)]
        text += f"\n### {_TITLES.get(part, part)}\n\n"
        text += _row(["measure", "seen at", *names, "gate", "", "how"])
        text += _row(["---", "---", *("--:" for _ in names), "---", "---", "---"])
        text += "".join(_row([*_cells(line, names)[1:], *_gate(line), line.words]) for line in held)
    return text + "\n"


def _origin(about: Mapping[str, Any]) -> str:
    hardware = about["hardware"]
    libraries = ", ".join(f"{name} {version}" for name, version in about["libraries"].items())
    told = [
        f"- Commit {about['commit']}, {about['at']}",
        f"- {hardware['processor']}, {hardware['cores']} cores; Python {about['python']}, {libraries}",
        *(f"- Frames: {one['name']}, {one['pictures']}, SHA-256 `{one['sha256']}`" for one in about["datasets"]),
    ]
    for model in about["models"]:
        files = "; ".join(f"`{file['file']}` SHA-256 `{file['sha256']}`" for file in model["files"])
        told.append(f"- {model['name']}: {files}")
    return "\n".join(told) + "\n"


def _cells(line: Line, subjects: Iterable[str]) -> list[str]:
    unit = f", {line.unit}" if line.unit else ""
    return [line.part, f"{line.measure}{unit}", line.setting, *(shown(line.by_subject.get(name)) for name in subjects)]


def _gate(line: Line) -> tuple[str, str]:
    gated = line.gated
    return ("", "") if gated is None else (str(gated.gate), gated.verdict)


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell.replace('|', _PIPE) for cell in cells)} |\n"


def _version(library: str) -> str | None:
    try:
        return importlib.metadata.version(library)
    except importlib.metadata.PackageNotFoundError:
        return None


def _git(*arguments: str) -> str | None:
    done = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip() if done.returncode == 0 else None
