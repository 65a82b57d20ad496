"""Peak resident memory of an analysis, and that it does not grow with the video."""

from pathlib import Path

import av

from bench.materials import Material, run, synthetic, tactical
from bench.rows import Row, at_most

MINUTES = 5
FULL_MINUTES = 30


def measure(work: Path, *, full: bool) -> list[Row]:
    material = tactical(work) or synthetic(work)
    minutes = FULL_MINUTES if full else MINUTES
    long = _looped(material.video, work / "long.mp4", seconds=minutes * 60)
    short_peak = _peak(material, material.video, work)
    long_peak = _peak(material, long, work)
    note = f"{material.name}; without rendering"
    rows = [
        at_most("memory", f"peak, {material.seconds:.0f} s", _gb(short_peak), 1.2, "GB", note),
        at_most("memory", f"peak, {minutes} min looped", _gb(long_peak), 1.2, "GB", note),
    ]
    growth = None if short_peak is None or long_peak is None else (long_peak / short_peak - 1) * 100
    hint = "" if full else "; without --quick it takes 30 minutes"
    return [
        *rows,
        at_most("memory", f"growth from {material.seconds:.0f} s to {minutes} min", growth, 10, "%", note + hint),
    ]


def _gb(peak: int | None) -> float | None:
    return None if peak is None else peak / 1e9


def _peak(material: Material, video: Path, work: Path) -> int | None:
    done = run(
        "analyse", str(video), "--out", str(work / "out"), "--calibration", str(material.points), "--no-render",
        log=work / "memory.log",
    )  # fmt: skip
    return done.peak_rss_bytes if done.status == 0 else None


def _looped(source: Path, target: Path, *, seconds: float) -> Path:
    """The video again and again; packets are shifted in time, nothing is encoded."""
    with av.open(str(target), "w") as made:
        stream, shift, end_s = None, 0, 0.0
        while end_s < seconds:
            with av.open(str(source)) as given:
                video = given.streams.video[0]
                stream = stream or made.add_stream_from_template(video)
                first = last = None
                for packet in given.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    # Decoding time is what must go on without a step back; an edit list may begin it below zero.
                    first = packet.dts if first is None else first
                    last = packet.dts + (packet.duration or 1)
                    packet.pts += shift
                    packet.dts += shift
                    packet.stream = stream
                    made.mux(packet)
                if first is None or last is None or video.time_base is None:
                    raise ValueError(f"{source} holds no packets")
                shift += last - first
                end_s = float(shift * video.time_base)
    return target
