"""Videos as people have them: turned, odd, variable, cut off, silent, or no videos at all."""

from fractions import Fraction

import av
import numpy as np
import pytest

from touchline.engine.decode import open_video
from touchline.engine.errors import VideoUnreadableError

MILLI = Fraction(1, 1000)


def film(path, *, width=64, height=48, times=None, count=50, fps=25, turn=None, faststart=False):
    """Encode a clip: white on top, brighter to the right."""
    times = [index / fps for index in range(count)] if times is None else times
    is_even = width % 2 == 0 and height % 2 == 0
    with av.open(str(path), "w", options={"movflags": "faststart"} if faststart else {}) as container:
        stream = container.add_stream("libx264" if is_even else "libx264rgb", rate=fps)
        stream.width, stream.height = width, height
        stream.pix_fmt = "yuv420p" if is_even else "rgb24"
        stream.codec_context.time_base = MILLI
        stream.codec_context.gop_size = 10
        stream.codec_context.max_b_frames = 2
        if turn is not None:
            stream.set_display_rotation(turn)
        noise = np.random.default_rng(7)
        for time_s in times:
            image = np.repeat(np.linspace(20, 180, width)[None, :, None], height, axis=0).repeat(3, axis=2)
            image += noise.uniform(-20, 20, image.shape)
            image[: height // 4] = 255
            frame = av.VideoFrame.from_ndarray(image.astype(np.uint8), format="bgr24")
            frame.pts, frame.time_base = round(time_s * 1000), MILLI
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def sampled(path, **options):
    source = open_video(path, **{"analysis_fps": 5, **options})
    return source, list(source.frames())


def test_a_plain_clip_is_sampled_at_the_asked_rate(tmp_path):
    source, frames = sampled(film(tmp_path / "a.mp4"))
    assert [frame.index for frame in frames] == list(range(10))
    assert [frame.source_index for frame in frames] == list(range(0, 50, 5))
    assert [frame.time_s for frame in frames] == pytest.approx(np.arange(10) * 0.2, abs=0.002)
    assert frames[0].image.shape == (48, 64, 3)
    assert (source.facts.width, source.facts.height, source.facts.codec) == (64, 48, "h264")
    assert source.facts.fps == pytest.approx(25, rel=0.05)
    assert source.span_s == pytest.approx(2.0, abs=0.1)


def test_a_rate_above_the_native_one_gives_every_frame_once(tmp_path):
    _, frames = sampled(film(tmp_path / "a.mp4", count=20), analysis_fps=60)
    assert [frame.source_index for frame in frames] == list(range(20))


def test_variable_rate_is_sampled_by_presentation_time(tmp_path):
    dense = [index / 50 for index in range(50)]
    sparse = [1.0 + index / 4 for index in range(8)]
    _, frames = sampled(film(tmp_path / "vfr.mkv", times=dense + sparse))
    times = [frame.time_s for frame in frames]
    assert times[:5] == pytest.approx([0.0, 0.2, 0.4, 0.6, 0.8], abs=0.03)
    assert times[5:] == pytest.approx(sparse, abs=0.03)


def test_times_count_from_the_first_picture_even_when_stamps_start_late(tmp_path):
    _, frames = sampled(film(tmp_path / "late.mkv", times=[7 + index / 25 for index in range(25)]))
    assert frames[0].time_s == 0
    assert frames[-1].time_s == pytest.approx(0.8, abs=0.01)


@pytest.mark.parametrize(("turn", "bright_side"), [(90, "left"), (-90, "right"), (180, "bottom")])
def test_a_rotation_tag_is_applied(tmp_path, turn, bright_side):
    source, frames = sampled(film(tmp_path / "turned.mp4", count=10, turn=turn))
    image = frames[0].image
    assert image.shape[:2] == ((64, 48) if abs(turn) == 90 else (48, 64))
    assert (source.facts.height, source.facts.width) == image.shape[:2]
    means = {
        "left": image[:, :6].mean(),
        "right": image[:, -6:].mean(),
        "top": image[:6].mean(),
        "bottom": image[-6:].mean(),
    }
    assert max(means, key=means.get) == bright_side


@pytest.mark.parametrize(("width", "height"), [(63, 47), (48, 96), (65, 48)])
def test_odd_sizes_and_portrait_keep_their_size(tmp_path, width, height):
    _, frames = sampled(film(tmp_path / "odd.mkv", width=width, height=height, count=10))
    assert frames[0].image.shape == (height, width, 3)
    assert frames[0].image[height // 2, -3].mean() > frames[0].image[height // 2, 2].mean() + 80


def test_a_span_starts_and_ends_where_asked(tmp_path):
    source, frames = sampled(film(tmp_path / "a.mp4", count=100), start_s=1.0, end_s=2.0)
    assert [frame.time_s for frame in frames] == pytest.approx([1.0, 1.2, 1.4, 1.6, 1.8], abs=0.002)
    assert frames[0].source_index == 25
    assert source.span_s == pytest.approx(1.0)


def test_a_frame_limit_counts_decoded_frames(tmp_path):
    source, frames = sampled(film(tmp_path / "a.mp4", count=100), frame_limit=21)
    assert source.report.decoded_frames == 21
    assert len(frames) == 5


def test_a_cut_off_file_gives_what_is_there_and_tells_the_loss(tmp_path):
    whole = film(tmp_path / "whole.mp4", count=250, faststart=True).read_bytes()
    cut = tmp_path / "cut.mp4"
    cut.write_bytes(whole[: len(whole) * 6 // 10])
    source, frames = sampled(cut)
    assert 15 <= len(frames) <= 40
    assert source.report.lost_s == pytest.approx(10 - frames[-1].time_s, abs=0.5)


def test_corrupt_stretches_are_passed_over_and_counted(tmp_path):
    content = bytearray(film(tmp_path / "whole.mkv", count=250).read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = np.random.default_rng(3).integers(0, 256, 3000, np.uint8).tobytes()
    broken = tmp_path / "broken.mkv"
    broken.write_bytes(content)
    _, frames = sampled(broken)
    assert frames[-1].time_s == pytest.approx(9.8, abs=0.3)
    assert len(frames) >= 35
    times = [frame.time_s for frame in frames]
    assert times == sorted(set(times))


def test_closing_the_iterator_releases_the_file(tmp_path):
    path = film(tmp_path / "a.mp4")
    frames = open_video(path, analysis_fps=5).frames()
    next(frames)
    frames.close()
    with pytest.raises(StopIteration):
        next(frames)


def test_reading_again_gives_the_same_pictures(tmp_path):
    source = open_video(film(tmp_path / "a.mp4"), analysis_fps=5)
    first, second = ([frame.time_s for frame in source.frames()] for _ in range(2))
    assert first == second


def test_an_empty_file_is_named_empty(tmp_path):
    path = tmp_path / "empty.mp4"
    path.write_bytes(b"")
    with pytest.raises(VideoUnreadableError, match="empty"):
        open_video(path, analysis_fps=5)


def test_a_missing_file_is_named_missing(tmp_path):
    with pytest.raises(VideoUnreadableError, match="not there"):
        open_video(tmp_path / "nothing.mp4", analysis_fps=5)


@pytest.mark.parametrize(
    "content",
    [
        b"Dear coach, this is the line-up for Saturday.\n" * 50,
        b"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\nfile:///etc/hostname\n",
        b"ffconcat version 1.0\nfile 'a.mp4'\n",
        bytes(range(256)) * 20,
    ],
)
def test_what_is_no_video_is_refused_in_words(tmp_path, content):
    path = tmp_path / "match.mp4"
    path.write_bytes(content)
    with pytest.raises(VideoUnreadableError, match="not a video"):
        open_video(path, analysis_fps=5)


def test_a_playlist_never_opens_the_film_it_names(tmp_path):
    film(tmp_path / "a.mp4")
    path = tmp_path / "list.mp4"
    path.write_text("ffconcat version 1.0\nfile a.mp4\n", encoding="utf-8")
    with pytest.raises(VideoUnreadableError):
        open_video(path, analysis_fps=5)


def test_a_file_without_its_index_is_refused_in_words(tmp_path):
    whole = film(tmp_path / "whole.mp4", count=100).read_bytes()
    path = tmp_path / "cut.mp4"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(VideoUnreadableError, match="end is missing"):
        open_video(path, analysis_fps=5)


@pytest.mark.parametrize("tells_the_truth", [True, False])
def test_pictures_that_would_fill_the_memory_are_refused(tmp_path, tells_the_truth):
    path, width, height = tmp_path / "huge.mkv", 9000, 5000
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mjpeg", rate=25)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuvj420p"
        container.mux(stream.encode(av.VideoFrame(width, height, "yuvj420p")))
        container.mux(stream.encode())
    if not tells_the_truth:  # elements PixelWidth and PixelHeight of the container
        content = path.read_bytes()
        for mark, side_px in ((b"\xb0\x82", width), (b"\xba\x82", height)):
            content = content.replace(mark + side_px.to_bytes(2), mark + (64).to_bytes(2), 1)
        path.write_bytes(content)
    with pytest.raises(VideoUnreadableError):
        open_video(path, analysis_fps=5)


def test_a_sound_recording_is_refused_in_words(tmp_path):
    path = tmp_path / "sound.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        for block in range(20):
            frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), format="fltp", layout="mono")
            frame.sample_rate, frame.pts = 44100, block * 1024
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(VideoUnreadableError, match="only sound"):
        open_video(path, analysis_fps=5)


def test_a_start_behind_the_end_is_refused(tmp_path):
    with pytest.raises(VideoUnreadableError, match="only 2 s"):
        open_video(film(tmp_path / "a.mp4"), analysis_fps=5, start_s=60)


def test_the_container_of_the_broadcast_clip_claims_more_frames_than_decode(footage):
    source = open_video(footage / "footage" / "broadcast-pan.mp4", analysis_fps=1)
    frames = list(source.frames())
    assert source.report.decoded_frames == 630
    assert frames[-1].time_s == pytest.approx(21.0, abs=0.1)
    assert source.report.lost_s == 0
