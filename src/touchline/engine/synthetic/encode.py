"""Frames into an H.264 file that plays while it loads; one frame is held at a time."""

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av

from touchline.engine.types import Image


class Mp4File:
    """An H.264 video in the making: yuv420p, four seconds between key frames, index at the front."""

    def __init__(self, path: Path, *, fps: int, size_px: tuple[int, int], crf: int, preset: str = "medium") -> None:
        self._container = av.open(str(path), "w", format="mp4", options={"movflags": "+faststart"})
        stream = self._container.add_stream("libx264", rate=Fraction(fps), options={"crf": str(crf), "preset": preset})
        stream.width, stream.height = size_px
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 4 * fps  # a still stadium: key frames are nine tenths of the file
        stream.thread_count = 2
        stream.codec_context.color_range = 1  # limited range, BT.709: what players assume for this picture size
        stream.codec_context.colorspace = 1
        stream.codec_context.color_primaries = 1
        stream.codec_context.color_trc = 1
        self._stream = stream

    def add(self, image: Image) -> None:
        """Append one (H, W, 3) BGR frame."""
        frame = av.VideoFrame.from_ndarray(image, format="bgr24")
        frame = frame.reformat(format="yuv420p", dst_colorspace=1, dst_color_range=1)
        for packet in self._stream.encode(frame):
            self._container.mux(packet)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is None:
            for packet in self._stream.encode():
                self._container.mux(packet)
        self._container.close()
