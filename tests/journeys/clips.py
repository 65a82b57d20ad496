"""Short clips cut from the shipped synthetic match, without encoding anything anew."""

from pathlib import Path

import av


def cut(source: Path, target: Path, *, seconds: float) -> Path:
    """The first seconds of a video, packet by packet."""
    with av.open(str(source)) as given, av.open(str(target), "w", options={"movflags": "faststart"}) as made:
        video = given.streams.video[0]
        out = made.add_stream_from_template(video)
        for packet in given.demux(video):
            if packet.dts is None or packet.pts is None:
                continue
            if float(packet.pts * packet.time_base) >= seconds:
                continue
            packet.stream = out
            made.mux(packet)
    return target
