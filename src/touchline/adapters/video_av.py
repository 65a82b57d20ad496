"""VideoTools over PyAV: what a file is, its index to the front, and a small copy to look at.

Everything blocks. The preview is made in a thread of its own that steps back behind all others, one picture at a
time, so neither the APIs nor the memory notice how long the video is.
"""

import math
import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import av.filter
from av.container import InputContainer, OutputContainer
from av.error import FFmpegError
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from touchline.adapters.video_atoms import AtomsError, index_is_first, move_index_first, top_level

_NICE = 10
_ENCODER = {"preset": "superfast", "crf": "27", "threads": "2", "x264-params": "rc-lookahead=10:sync-lookahead=0"}
_KEYFRAME_EVERY_S = 4
_FALLBACK_FPS = Fraction(25)
_OPEN_OPTIONS = {"protocol_whitelist": "file"}
# `frame.rotation` counts anticlockwise.
_TURNS = {90: (("transpose", "cclock"),), 180: (("hflip", ""), ("vflip", "")), 270: (("transpose", "clock"),)}

_QUICKTIME_STARTS = frozenset({b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})
# Brands of files that are laid out like MP4 and hold stills or only sound.
_NOT_FILMS = frozenset(
    {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis", b"crx ", b"jp2 ", b"jpx "}
    | {b"M4A ", b"M4B ", b"M4P ", b"aax ", b"F4A ", b"F4B "}
)


class VideoToolError(Exception):
    """A video could not be prepared; the original is as it was. The message says why."""


class AvVideoTools:
    """See `VideoTools`.

    Args:
        preview_frames: about the most pictures a preview holds. A longer video is previewed with fewer pictures a
            second, because every picture of a whole match would take longer than the time limit (measured on one
            core, 720 lines: 1.5 ms to decode a picture, 4.5 ms to scale and encode it).
    """

    def __init__(self, *, preview_frames: int = 50_000) -> None:
        self._preview_frames = preview_frames

    def sniff(self, head: bytes) -> str | None:
        """Container by the first bytes (4 KiB are plenty); None when it is no video."""
        if head[4:8] == b"ftyp" and len(head) >= 12:
            return _by_brand(head)
        if head[:4] == b"\x1aE\xdf\xa3":
            return _by_document_type(head)
        if head[:4] == b"RIFF" and head[8:12] == b"AVI ":
            return "avi"
        if len(head) >= 12 and head[4:8] in _QUICKTIME_STARTS:
            size = int.from_bytes(head[:4])
            return "mov" if size >= 8 or size in (0, 1) else None
        return None

    def is_faststart(self, path: Path) -> bool:
        """Whether playing can start at once; true for containers that know no such thing."""
        with path.open("rb") as file:
            first = next(top_level(file), None)
        is_mp4 = first is not None and (first.kind == b"ftyp" or first.kind in _QUICKTIME_STARTS)
        return index_is_first(path) if is_mp4 else True

    def faststart(self, path: Path, *, limit_s: float = 180) -> None:
        """Move the index to the front, in place; needs room for a second copy while it works.

        Raises:
            VideoToolError: the file does not allow it, or it took too long; it is as it was.
        """
        part = path.with_name(path.name + ".part")
        try:
            move_index_first(path, part, limit_s=limit_s)
            part.replace(path)
        except AtomsError as error:
            raise VideoToolError(f"{path.name} is left as it is: {error}.") from error
        except TimeoutError as error:
            raise VideoToolError(f"{path.name} is left as it is: it took longer than {limit_s:g} s.") from error
        finally:
            part.unlink(missing_ok=True)

    def preview(self, source: Path, target: Path, *, lines: int = 480, limit_s: float = 300) -> None:
        """A small soundless copy (H.264, index first, upright); never larger than its source.

        Raises:
            VideoToolError: the source cannot be read, or it took too long; nothing is left.
        """
        most = self._preview_frames
        _in_the_background(lambda: _Preview(source, target, lines=lines, limit_s=limit_s, frames=most).make())


class _Preview:
    """One preview in the making."""

    def __init__(self, source: Path, target: Path, *, lines: int, limit_s: float, frames: int) -> None:
        self._source, self._target, self._lines, self._frames = source, target, lines, frames
        self._part = target.with_name(target.name + ".part")
        self._limit_s = limit_s
        self._deadline_s = time.monotonic() + limit_s

    def make(self) -> None:
        try:
            with av.open(str(self._source), options=_OPEN_OPTIONS, metadata_errors="replace") as container:
                self._encode(_film(container), container)
            self._part.replace(self._target)
        except (FFmpegError, ValueError, OSError) as error:
            raise VideoToolError(f"No preview of {self._source.name}: {error}") from error
        finally:
            self._part.unlink(missing_ok=True)

    def _encode(self, film: VideoStream, container: InputContainer) -> None:
        shrink = _Shrinker(film, self._lines)
        rate = film.average_rate or _FALLBACK_FPS
        every = max(1, math.ceil(_length_s(film, container) * rate / self._frames))
        if every > 2:
            film.codec_context.skip_frame = "NONREF"
        rate /= every
        frames = self._timely(container.decode(film))
        if every > 1:
            frames = _thinned(frames, step_s=1 / rate)
        first = next(frames, None)
        if first is None:
            raise ValueError("it holds no picture")
        small = shrink(first)
        out = av.open(str(self._part), "w", format="mp4", options={"movflags": "faststart"})
        try:
            _Encoder(out, small, rate).run(small, (shrink(frame) for frame in frames))
        except BaseException:
            # The name goes first: closing would otherwise rewrite the whole file to move its index.
            self._part.unlink(missing_ok=True)
            with suppress(FFmpegError, OSError):
                out.close()
            raise
        out.close()

    def _timely(self, frames: Iterator[VideoFrame]) -> Iterator[VideoFrame]:
        """The frames whose time goes forward, until the limit of this work."""
        last = None
        for frame in frames:
            if time.monotonic() > self._deadline_s:
                raise ValueError(f"it took longer than {self._limit_s:g} s")
            if frame.pts is not None and (last is None or frame.pts > last):
                last = frame.pts
                yield frame


class _Encoder:
    """H.264 into an open container."""

    def __init__(self, out: OutputContainer, first: VideoFrame, rate: Fraction) -> None:
        self._out = out
        stream = out.add_stream("libx264", rate=rate)
        stream.width, stream.height, stream.pix_fmt = first.width, first.height, "yuv420p"
        stream.options = dict(_ENCODER)
        if first.time_base is not None:
            stream.codec_context.time_base = first.time_base
        stream.codec_context.gop_size = max(1, round(float(rate) * _KEYFRAME_EVERY_S))
        self._stream = stream

    def run(self, first: VideoFrame, others: Iterator[VideoFrame]) -> None:
        start = first.pts or 0
        self._put(first, start)
        for frame in others:
            self._put(frame, start)
        self._mux(None)

    def _put(self, frame: VideoFrame, start: int) -> None:
        frame.pts = (frame.pts or 0) - start
        self._mux(frame)

    def _mux(self, frame: VideoFrame | None) -> None:
        for packet in self._stream.encode(frame):
            self._out.mux(packet)


class _Shrinker:
    """Turns frames upright and makes them small; built anew when the picture changes on the way."""

    def __init__(self, film: VideoStream, lines: int) -> None:
        self._film, self._lines = film, lines
        self._shape: tuple[int, int, str, int] | None = None
        self._size: tuple[int, int] | None = None
        self._graph: av.filter.Graph | None = None

    def __call__(self, frame: VideoFrame) -> VideoFrame:
        shape = (frame.width, frame.height, frame.format.name, int(frame.rotation) % 360)
        if shape != self._shape or self._graph is None:
            self._shape, self._graph = shape, self._built(frame, shape[3])
        pts, time_base = frame.pts, frame.time_base
        self._graph.vpush(frame)
        small = self._graph.vpull()
        small.pts, small.time_base = pts, time_base
        small.pict_type = 0  # the source's keyframes are no matter of the copy
        return small

    def _built(self, frame: VideoFrame, turn: int) -> av.filter.Graph:
        upright = (frame.height, frame.width) if turn in (90, 270) else (frame.width, frame.height)
        # The size of the first picture stays: an encoder cannot change it.
        self._size = self._size or _fitting(*upright, lines=self._lines)
        width, height = self._size
        graph = av.filter.Graph()
        chain = [
            graph.add_buffer(width=frame.width, height=frame.height, format=frame.format, time_base=frame.time_base)
        ]
        steps = [*_TURNS.get(turn, ()), ("scale", f"{width}:{height}:flags=bilinear"), ("format", "yuv420p")]
        chain += [graph.add(name, arguments) if arguments else graph.add(name) for name, arguments in steps]
        chain.append(graph.add("buffersink"))
        for here, there in pairwise(chain):
            here.link_to(there)
        graph.configure()
        return graph


def _fitting(width: int, height: int, *, lines: int) -> tuple[int, int]:
    """Even width and height of the copy: `lines` high, or as high as the source when that is less."""
    target = min(lines, height)
    target -= target % 2
    return max(2, round(width * target / height / 2) * 2), max(2, target)


def _length_s(film: VideoStream, container: InputContainer) -> float:
    """Seconds of video as the container tells; 0 when it does not."""
    if film.duration and film.time_base:
        return float(film.duration * film.time_base)
    return container.duration / av.time_base if container.duration else 0.0


def _thinned(frames: Iterator[VideoFrame], *, step_s: Fraction) -> Iterator[VideoFrame]:
    """Frames at least about `step_s` apart."""
    due_s = -math.inf
    for frame in frames:
        time_s = float((frame.pts or 0) * (frame.time_base or 0))
        if time_s >= due_s:
            due_s = (time_s if math.isinf(due_s) else due_s) + float(step_s)
            yield frame


def _film(container: InputContainer) -> VideoStream:
    if not container.streams.video:
        raise ValueError("it holds no pictures")
    film = container.streams.video[0]
    film.thread_type = "AUTO"
    film.codec_context.thread_count = 2
    return film


def _in_the_background(work: Callable[[], None]) -> None:
    """Do blocking work in a thread of lowered priority and wait for it; what it raises is raised here.

    A thread of its own, because a thread that has stepped back may not step forward again.
    """
    failed: list[BaseException] = []

    def run() -> None:
        if sys.platform == "linux":  # elsewhere priorities belong to whole processes
            with suppress(OSError):
                os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), _NICE)
        try:
            work()
        except BaseException as error:  # noqa: BLE001 - carried over to the thread that waits
            failed.append(error)

    thread = threading.Thread(target=run, name="video-tools")
    thread.start()
    thread.join()
    if failed:
        raise failed[0]


def _by_brand(head: bytes) -> str | None:
    size = int.from_bytes(head[:4])
    major = head[8:12]
    others = {head[at : at + 4] for at in range(16, min(size, len(head)), 4)}
    if major == b"qt  ":
        return "mov"
    if major in _NOT_FILMS and not others & {b"mp41", b"mp42", b"avc1", b"hvc1"}:
        return None
    return "mp4"


def _by_document_type(head: bytes) -> str | None:
    """Matroska and WebM differ by the DocType element (0x4282) of their EBML header."""
    at = head.find(b"\x42\x82", 4)
    if at < 0 or at + 3 > len(head) or not head[at + 2] & 0x80:
        return None
    name = head[at + 3 : at + 3 + (head[at + 2] & 0x7F)].rstrip(b"\x00")
    return {b"matroska": "mkv", b"webm": "webm"}.get(name)
