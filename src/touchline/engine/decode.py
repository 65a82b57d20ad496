"""A video file as sampled pictures in time order, whatever its container claims.

Times are presentation times: seconds from the first picture that a player would show. Frame counts, average rates
and durations of containers are hints only (edit lists, variable rates and cut-off files make them wrong).
"""

import logging
import math
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.error import FFmpegError
from av.stream import Disposition
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from touchline.engine.errors import VideoUnreadableError
from touchline.engine.types import Frame, Image, VideoFacts

_log = logging.getLogger(__name__)

# Containers that hold a film in themselves. Playlists and concatenation scripts are left out on purpose: a text file
# must never make the decoder open other files or addresses.
_FORMATS = (
    "mov,mp4,m4a,3gp,3g2,mj2",
    "matroska,webm",
    "avi",
    "mpegts",
    "mpeg",
    "mpegvideo",
    "flv",
    "asf",
    "ogg",
    "mxf",
    "h264",
    "hevc",
    "obu",
    "ivf",
)
_OPEN_OPTIONS = {"protocol_whitelist": "file", "format_whitelist": ",".join(_FORMATS)}
_TURNS = {90: cv2.ROTATE_90_COUNTERCLOCKWISE, 180: cv2.ROTATE_180, 270: cv2.ROTATE_90_CLOCKWISE}
_FALLBACK_FPS = 25.0
_TRUSTED_FPS = (1.0, 1000.0)
# 8K has 33 million. A small file may claim a size that fills the memory.
_MOST_PIXELS = 40_000_000
# A file with more broken packets in a row than this holds nothing more that is worth waiting for.
_BROKEN_IN_A_ROW = 500
# Less than this share of the promised length missing is rounding, not loss.
_LOSS_SHARE, _LOSS_S = 0.02, 1.0


@dataclass(slots=True)
class DecodeReport:
    """What decoding met so far. `lost_s`: seconds that the container promised and nobody could decode."""

    decoded_frames: int = 0
    sampled_frames: int = 0
    broken_packets: int = 0
    last_time_s: float = 0.0
    lost_s: float = 0.0


class VideoSource:
    """One video, sampled at `analysis_fps`; made by `open_video`, which has checked that it can be read."""

    def __init__(
        self,
        path: Path,
        facts: VideoFacts,
        *,
        analysis_fps: float,
        start_s: float,
        end_s: float | None,
        frame_limit: int,
        threads: int,
    ) -> None:
        self._path, self._facts = path, facts
        self._step_s = 1.0 / analysis_fps
        self._start_s, self._end_s = start_s, end_s
        self._frame_limit, self._threads = frame_limit, threads
        self.report = DecodeReport()

    @property
    def facts(self) -> VideoFacts:
        return self._facts

    @property
    def span_s(self) -> float | None:
        """Seconds of video that will be sampled, as far as the container tells; None when it does not."""
        ends = [end for end in (self._facts.duration_s, self._end_s) if end is not None]
        if self._frame_limit:
            ends.append(self._start_s + self._frame_limit / self._facts.fps)
        return max(0.0, min(ends) - self._start_s) if ends else None

    def frames(self) -> Iterator[Frame]:
        """Yield sampled frames in time order; closing the iterator releases the file.

        A picture is converted to BGR only when it is sampled. `source_index` counts decoded frames from the first
        one shown; when `start_s` skips ahead it starts from the time times the average rate. Iterating again starts
        over.
        """
        report = self.report = DecodeReport()
        half_frame_s = 0.5 / self._facts.fps
        due_s = self._start_s
        index = 0
        for source_index, time_s, picture in self._decoded(report):
            if self._end_s is not None and time_s >= self._end_s:
                return
            report.decoded_frames += 1
            report.last_time_s = time_s
            if time_s + half_frame_s >= due_s:
                yield Frame(index, source_index, time_s, _upright_bgr(picture))
                index += 1
                report.sampled_frames = index
                steps = math.floor((time_s + half_frame_s - self._start_s) / self._step_s + 1e-6) + 1
                due_s = self._start_s + steps * self._step_s
            if self._frame_limit and report.decoded_frames >= self._frame_limit:
                return
        report.lost_s = self._lost_s(report.last_time_s)
        if report.lost_s:
            _log.warning("video.cut_off lost_s=%.1f broken_packets=%d", report.lost_s, report.broken_packets)

    def _decoded(self, report: DecodeReport) -> Iterator[tuple[int, float, VideoFrame]]:
        """(source index, seconds from the first picture, picture) of every frame from `start_s` on."""
        with _open(self._path) as container:
            stream = _video_stream(container)
            stream.thread_type = "AUTO"
            stream.codec_context.thread_count = self._threads
            clock = _Clock(stream, self._facts.fps)
            index = 0
            pictures = _pictures(container, stream, report)
            if self._start_s > 0:
                first = next(pictures, None)
                if first is None:
                    return
                clock.time_s(first)
                pictures.close()
                _seek(container, stream, clock, self._start_s)
                pictures = _pictures(container, stream, report)
            skipping = self._start_s > 0
            for picture in pictures:
                time_s = clock.time_s(picture)
                if skipping:
                    if time_s < self._start_s - 0.5 / self._facts.fps:
                        continue
                    skipping, index = False, round(time_s * self._facts.fps)
                yield index, time_s, picture
                index += 1

    def _lost_s(self, last_time_s: float) -> float:
        promised = self.span_s
        if promised is None:
            return 0.0
        missing = promised - (last_time_s - self._start_s + 1.0 / self._facts.fps)
        return missing if missing > max(_LOSS_S, _LOSS_SHARE * promised) else 0.0


def open_video(
    path: Path,
    *,
    analysis_fps: float,
    start_s: float = 0.0,
    end_s: float | None = None,
    frame_limit: int = 0,
    threads: int = 2,
) -> VideoSource:
    """Open a video for sampling, after decoding its first picture to be sure.

    Args:
        path: the file.
        analysis_fps: pictures wanted per second of video; the native rate is the ceiling.
        start_s: start of the span in seconds from the first picture.
        end_s: its end; None means the end of the file.
        frame_limit: stop after this many decoded frames of the span; 0 means all.
        threads: decoder threads.

    Raises:
        VideoUnreadableError: missing, empty, not a video, or broken before its first picture.
    """
    facts = read_facts(path)
    if start_s > 0 and facts.duration_s is not None and start_s >= facts.duration_s:
        raise VideoUnreadableError(
            f"The analysis should start at {start_s:g} s, but the video is only {facts.duration_s:.0f} s long."
        )
    return VideoSource(
        path, facts, analysis_fps=analysis_fps, start_s=start_s, end_s=end_s, frame_limit=frame_limit, threads=threads
    )


def read_facts(path: Path) -> VideoFacts:
    """What the container says about the video, confirmed by decoding its first picture.

    Raises:
        VideoUnreadableError: missing, empty, not a video, or broken before its first picture.
    """
    if not path.is_file():
        raise VideoUnreadableError("The video file is not there any more; upload it again.")
    if path.stat().st_size == 0:
        raise VideoUnreadableError("The video file is empty (0 bytes); the upload or copy probably broke off.")
    with _open(path) as container:
        stream = _video_stream(container)
        codec = stream.codec_context.name
        picture = next(_pictures(container, stream, DecodeReport()), None)
        if picture is None:
            raise VideoUnreadableError(
                "The video file is damaged: not a single picture in it could be decoded. "
                "Export or copy it again, best as MP4 (H.264)."
            )
        turn = int(picture.rotation) % 360
        width, height = picture.width, picture.height
        if turn in {90, 270}:
            width, height = height, width
        return VideoFacts(
            width=width,
            height=height,
            fps=_native_fps(stream),
            duration_s=_duration_s(container, stream),
            rotation_deg=(-turn) % 360,
            codec=codec,
        )


class _Clock:
    """Presentation time in seconds from the first picture; never goes backwards."""

    def __init__(self, stream: VideoStream, fps: float) -> None:
        self._frame_s = 1.0 / fps
        self._stream_base_s = float(stream.time_base) if stream.time_base else 0.0
        self._origin_s: float | None = None
        self._last_s = -self._frame_s

    @property
    def origin_s(self) -> float:
        return self._origin_s or 0.0

    def time_s(self, picture: VideoFrame) -> float:
        base_s = float(picture.time_base) if picture.time_base else self._stream_base_s
        if picture.pts is None or base_s == 0:
            self._last_s += self._frame_s
            return self._last_s
        stamp_s = picture.pts * base_s
        if self._origin_s is None:
            self._origin_s = stamp_s
        elif stamp_s - self._origin_s <= self._last_s:
            # Glued recordings restart their clock: go on from the last picture.
            self._origin_s = stamp_s - self._last_s - self._frame_s
        self._last_s = stamp_s - self._origin_s
        return self._last_s

    def restart(self) -> None:
        """After a seek earlier times may follow; the origin stays."""
        self._last_s = -math.inf


def _open(path: Path) -> InputContainer:
    try:
        return av.open(str(path), mode="r", options=_OPEN_OPTIONS, metadata_errors="replace")
    except (FFmpegError, OSError, ValueError) as error:
        _log.info("video.refused reason=%s", error)
        raise VideoUnreadableError(
            "This file is not a video that can be read, or its end is missing. "
            "Export or copy it again, best as MP4 (H.264)."
        ) from error


def _video_stream(container: InputContainer) -> VideoStream:
    # A cover picture of a music file is a "video" of one picture for the container.
    films = [stream for stream in container.streams.video if Disposition.attached_pic not in stream.disposition]
    if not films:
        kind = "only sound" if container.streams.audio else "no pictures"
        raise VideoUnreadableError(f"This file holds {kind}; Touchline needs a video of the match.")
    stream = max(films, key=lambda film: (film.codec_context.width or 0) * (film.codec_context.height or 0))
    if stream.codec_context is None:
        raise VideoUnreadableError("The video's coding is unknown here; export it again as MP4 (H.264).")
    width, height = stream.codec_context.width or 0, stream.codec_context.height or 0
    if width * height > _MOST_PIXELS:
        raise VideoUnreadableError(
            f"The video's pictures are too large ({width} x {height} pixels); export it again in at most 8K."
        )
    # The container need not tell the truth, and pictures may grow on the way.
    stream.codec_context.options = {"max_pixels": str(_MOST_PIXELS)}
    return stream


def _pictures(
    container: InputContainer, stream: VideoStream, report: DecodeReport
) -> Generator[VideoFrame, None, None]:
    """Every picture that can be decoded; broken packets are counted and passed over."""
    packets = container.demux(stream)
    broken_in_a_row = 0
    while broken_in_a_row < _BROKEN_IN_A_ROW:
        try:
            packet = next(packets)
        except StopIteration:
            return
        except (FFmpegError, OSError):
            # The container itself ends badly (cut-off file): what came so far is what there is.
            report.broken_packets += 1
            return
        try:
            pictures = packet.decode()
        except (FFmpegError, ValueError):
            report.broken_packets += 1
            broken_in_a_row += 1
            continue
        for picture in pictures:
            if isinstance(picture, VideoFrame):
                broken_in_a_row = 0
                yield picture


def _seek(container: InputContainer, stream: VideoStream, clock: _Clock, start_s: float) -> None:
    base_s = float(stream.time_base) if stream.time_base else 1.0
    try:
        container.seek(int((start_s + clock.origin_s) / base_s), stream=stream, backward=True)
    except (FFmpegError, OSError):
        # Not every file can be entered in the middle; then it is read from the start.
        container.seek(0)
    clock.restart()


def _upright_bgr(picture: VideoFrame) -> Image:
    image = np.ascontiguousarray(picture.to_ndarray(format="bgr24"), np.uint8)
    turn = int(picture.rotation) % 360
    return np.asarray(cv2.rotate(image, _TURNS[turn]), np.uint8) if turn in _TURNS else image


def _native_fps(stream: VideoStream) -> float:
    for rate in (stream.average_rate, stream.guessed_rate, stream.base_rate):
        if rate is not None and _TRUSTED_FPS[0] <= float(rate) <= _TRUSTED_FPS[1]:
            return float(rate)
    return _FALLBACK_FPS


def _duration_s(container: InputContainer, stream: VideoStream) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    return container.duration / av.time_base if container.duration else None
