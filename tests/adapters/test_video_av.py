import io
import os
import struct
import threading
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from touchline.adapters.video_av import AvVideoTools, VideoToolError

TOOLS = AvVideoTools()


def film(
    path: Path,
    *,
    size: tuple[int, int] = (320, 180),
    frames: int = 30,
    options: dict | None = None,
    sound: bool = False,
) -> Path:
    """A small clip whose pictures get brighter from left to right."""
    width, height = size
    with av.open(str(path), "w", options=options or {}) as out:
        stream = out.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        tone = out.add_stream("aac", rate=48000) if sound else None
        ramp = np.tile(np.linspace(0, 255, width).astype(np.uint8)[None, :, None], (height, 1, 3))
        for n in range(frames):
            out.mux(stream.encode(av.VideoFrame.from_ndarray(np.roll(ramp, n, axis=0), "rgb24")))
        out.mux(stream.encode(None))
        if tone is not None:
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", layout="mono")
            frame.sample_rate, frame.pts = 48000, 0
            out.mux(tone.encode(frame))
            out.mux(tone.encode(None))
    return path


def pictures(path: Path) -> list[np.ndarray]:
    with av.open(str(path)) as container:
        return [frame.to_ndarray(format="gray") for frame in container.decode(video=0)]


def ftyp(*brands: bytes) -> bytes:
    body = brands[0] + b"\0\0\0\0" + b"".join(brands[1:])
    return struct.pack(">I4s", 8 + len(body), b"ftyp") + body


@pytest.mark.parametrize(
    ("head", "container"),
    [
        (ftyp(b"isom", b"isom", b"avc1"), "mp4"),
        (ftyp(b"M4V "), "mp4"),
        (ftyp(b"3gp5"), "mp4"),
        (ftyp(b"qt  "), "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "mov"),
        (b"\0\0\0\0mdat" + bytes(8), "mov"),
        (b"RIFF\x24\0\0\0AVI LIST", "avi"),
        (b"RIFF\x24\0\0\0WAVEfmt ", None),
        (b"RIFF\x24\0\0\0WEBPVP8 ", None),
        (ftyp(b"heic", b"mif1"), None),
        (ftyp(b"avif", b"mif1"), None),
        (ftyp(b"M4A ", b"isom"), None),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01B\x82\x84webmB\x87\x81\x04", "webm"),
        (b"\x1aE\xdf\xa3\xa3B\x86\x81\x01B\x82\x88matroska", "mkv"),
        (b"\x1aE\xdf\xa3\x9f", None),
        (b"", None),
        (b"ftyp", None),
        (b"A report on the match of Saturday\n", None),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", None),
        (b"\0\0\0\x02moov" + bytes(8), None),
    ],
)
def test_a_container_is_known_by_its_first_bytes(head: bytes, container: str | None):
    assert TOOLS.sniff(head) == container


@pytest.mark.parametrize("extension", ["mp4", "mov", "mkv", "avi"])
def test_real_files_are_recognised(tmp_path: Path, extension: str):
    head = film(tmp_path / f"clip.{extension}", frames=2).read_bytes()[:4096]
    assert TOOLS.sniff(head) == extension


@pytest.mark.parametrize("extension", ["mp4", "mov"])
def test_the_index_moves_to_the_front_and_pictures_stay_the_same(tmp_path: Path, extension: str):
    clip = film(tmp_path / f"clip.{extension}", sound=True)
    before = pictures(clip)
    assert not TOOLS.is_faststart(clip)
    size = clip.stat().st_size
    TOOLS.faststart(clip)
    assert TOOLS.is_faststart(clip)
    assert clip.stat().st_size == size
    assert np.array_equal(pictures(clip), before)
    with av.open(str(clip)) as container:
        assert len([packet for packet in container.demux(audio=0) if packet.size]) > 0
    assert [entry.name for entry in tmp_path.iterdir()] == [clip.name]


def test_the_index_of_a_growing_file_is_readable_from_its_start(tmp_path: Path):
    clip = film(tmp_path / "clip.mp4", frames=100)
    TOOLS.faststart(clip)
    beginning = clip.read_bytes()[: clip.stat().st_size * 3 // 4]
    with av.open(io.BytesIO(beginning)) as container:
        assert next(container.decode(video=0)).width == 320


def test_wide_offsets_are_moved_too(tmp_path: Path):
    clip = film(tmp_path / "clip.mp4", frames=5)
    before = pictures(clip)
    _widen_offsets(clip)
    assert np.array_equal(pictures(clip), before)
    TOOLS.faststart(clip)
    assert TOOLS.is_faststart(clip)
    assert np.array_equal(pictures(clip), before)


def _widen_offsets(clip: Path) -> None:
    """Rewrite the 32-bit chunk offsets of a clip with its index at the end as 64-bit ones."""
    content = clip.read_bytes()
    at = content.rindex(b"stco")
    (size, _, _, count) = struct.unpack(">I4sII", content[at - 4 : at + 12])
    offsets = struct.unpack(f">{count}I", content[at + 12 : at - 4 + size])
    wide = struct.pack(f">I4sII{count}Q", size + 4 * count, b"co64", 0, count, *offsets)
    content = bytearray(content[: at - 4] + wide + content[at - 4 + size :])
    for kind in (b"moov", b"trak", b"mdia", b"minf", b"stbl"):
        place = content.rindex(kind) - 4
        struct.pack_into(">I", content, place, struct.unpack_from(">I", content, place)[0] + 4 * count)
    clip.write_bytes(content)


def test_a_file_with_its_index_in_front_says_so(tmp_path: Path):
    clip = film(tmp_path / "clip.mp4", options={"movflags": "faststart"})
    assert TOOLS.is_faststart(clip)
    with pytest.raises(VideoToolError, match="in front already"):
        TOOLS.faststart(clip)


def test_a_container_without_such_an_index_needs_nothing(tmp_path: Path):
    assert TOOLS.is_faststart(film(tmp_path / "clip.mkv", frames=2))


@pytest.mark.parametrize("kept", [0.3, 0.9])
def test_a_cut_off_file_is_left_as_it_is(tmp_path: Path, kept: float):
    clip = film(tmp_path / "clip.mp4")
    content = clip.read_bytes()[: int(clip.stat().st_size * kept)]
    clip.write_bytes(content)
    with pytest.raises(VideoToolError, match="left as it is"):
        TOOLS.faststart(clip)
    assert clip.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["clip.mp4"]


def test_moving_the_index_keeps_to_its_time_limit(tmp_path: Path):
    clip = film(tmp_path / "clip.mp4")
    content = clip.read_bytes()
    with pytest.raises(VideoToolError, match="longer than"):
        TOOLS.faststart(clip, limit_s=-1)
    assert clip.read_bytes() == content
    assert [entry.name for entry in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_preview_is_small_soundless_and_plays_at_once(tmp_path: Path):
    clip = film(tmp_path / "clip.mp4", size=(1270, 720), frames=25, sound=True)
    target = tmp_path / "small.mp4"
    TOOLS.preview(clip, target)
    assert TOOLS.is_faststart(target)
    with av.open(str(target)) as container:
        video = container.streams.video[0]
        assert (video.codec.name, video.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert (video.width, video.height) == (846, 480)
        assert not container.streams.audio
        assert video.average_rate == Fraction(25)
        assert len(list(container.decode(video))) == 25
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["clip.mp4", "small.mp4"]


def test_a_preview_looks_like_its_source(tmp_path: Path):
    clip = film(tmp_path / "clip.mp4", size=(640, 360), frames=3)
    TOOLS.preview(clip, tmp_path / "small.mp4", lines=180)
    small = pictures(tmp_path / "small.mp4")[0].astype(float)
    assert small.shape == (180, 320)
    assert np.all(np.diff(small[90, 20:300:20]) > 0)


def test_a_preview_is_never_larger_than_its_source(tmp_path: Path):
    TOOLS.preview(film(tmp_path / "clip.mp4", size=(322, 182), frames=3), tmp_path / "small.mp4")
    assert pictures(tmp_path / "small.mp4")[0].shape == (182, 322)


def test_a_preview_of_a_long_video_has_fewer_pictures_a_second(tmp_path: Path):
    clip = film(tmp_path / "clip.mp4", frames=75)
    AvVideoTools(preview_frames=25).preview(clip, tmp_path / "small.mp4")
    with av.open(str(tmp_path / "small.mp4")) as container:
        times_s = [frame.time for frame in container.decode(video=0)]
    assert 10 <= len(times_s) <= 26
    assert times_s[0] == 0
    assert times_s[-1] > 2.5


def test_a_preview_of_a_turned_recording_is_upright(tmp_path: Path):
    clip = film(tmp_path / "clip.mp4", size=(320, 180), frames=3)
    _turn(clip)
    with av.open(str(clip)) as container:
        turned = next(container.decode(video=0))
        assert turned.rotation % 360 == 270
    TOOLS.preview(clip, tmp_path / "small.mp4")
    small = pictures(tmp_path / "small.mp4")[0].astype(float)
    assert small.shape == (320, 180)
    # Brighter to the right became brighter downwards.
    assert np.all(np.diff(small[20:300:20, 90]) > 0)


def _turn(clip: Path) -> None:
    """Write "turn 90 degrees clockwise" into the track header."""
    content = bytearray(clip.read_bytes())
    matrix = content.rindex(b"tkhd") + 4 + 40
    one = 1 << 16
    struct.pack_into(">9i", content, matrix, 0, one, 0, -one, 0, 0, 0, 0, 1 << 30)
    clip.write_bytes(content)


@pytest.mark.parametrize("content", [b"", b"no video at all" * 100])
def test_no_preview_of_what_is_no_video(tmp_path: Path, content: bytes):
    (tmp_path / "clip.mp4").write_bytes(content)
    with pytest.raises(VideoToolError, match="No preview of clip"):
        TOOLS.preview(tmp_path / "clip.mp4", tmp_path / "small.mp4")
    assert [entry.name for entry in tmp_path.iterdir()] == ["clip.mp4"]


def test_a_preview_keeps_to_its_time_limit_and_leaves_nothing(tmp_path: Path):
    clip = film(tmp_path / "clip.mp4")
    with pytest.raises(VideoToolError, match="longer than"):
        TOOLS.preview(clip, tmp_path / "small.mp4", limit_s=-1)
    assert [entry.name for entry in tmp_path.iterdir()] == ["clip.mp4"]


@pytest.mark.skipif(not hasattr(os, "getpriority"), reason="no priorities on this system")
def test_the_caller_keeps_its_priority(tmp_path: Path):
    before = os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
    TOOLS.preview(film(tmp_path / "clip.mp4", frames=2), tmp_path / "small.mp4")
    assert os.getpriority(os.PRIO_PROCESS, threading.get_native_id()) == before
