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


def looped(source: Path, target: Path, *, seconds: float) -> Path:
    """A video played again and again until it lasts at least that long; packets are shifted, not encoded."""
    with av.open(str(target), "w", options={"movflags": "faststart"}) as made:
        out = None
        offset = 0
        while True:
            with av.open(str(source)) as given:
                video = given.streams.video[0]
                out = out or made.add_stream_from_template(video)
                last = 0
                for packet in given.demux(video):
                    if packet.dts is None or packet.pts is None:
                        continue
                    end = packet.pts + (packet.duration or 0)
                    last = max(last, end)
                    packet.pts += offset
                    packet.dts += offset
                    packet.stream = out
                    made.mux(packet)
                offset += last
                if float(offset * video.time_base) >= seconds:
                    return target
