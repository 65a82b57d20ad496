"""Analysis speed in video seconds per second of wall time, the whole process from start to end."""

from pathlib import Path

from bench.materials import Material, run, synthetic, tactical
from bench.rows import Row, at_least


def measure(work: Path, *, full: bool) -> list[Row]:
    material = tactical(work) or synthetic(work)
    return [
        _row(material, work, "analysis at 5 fps, no rendering", 2.0, "--no-render"),
        _row(material, work, "analysis at 5 fps with all renderings", 0.8),
    ]


def _row(material: Material, work: Path, name: str, gate: float, *options: str) -> Row:
    out = work / f"out{len(options)}"
    done = run(
        "analyse", str(material.video), "--out", str(out), "--calibration", str(material.points), *options,
        log=work / "speed.log",
    )  # fmt: skip
    value = material.seconds / done.seconds if done.status == 0 else None
    note = material.name if done.status == 0 else f"failed: {done.output[-200:]}"
    return at_least("speed", name, value, gate, "video s/s", note)
