"""Videos that browsers play: H.264, 4:2:0, index before pictures; half-written ones vanish."""

import av
import numpy as np
import pytest

from touchline.engine.render.writer import VideoWriter


def picture(color=(40, 60, 220), size=(64, 48)):
    image = np.empty((size[1], size[0], 3), np.uint8)
    image[:] = color
    return image


def box_order(path):
    """Names of the top-level boxes of an MP4 file."""
    data, at, names = path.read_bytes(), 0, []
    while at < len(data):
        size, name = int.from_bytes(data[at : at + 4], "big"), data[at + 4 : at + 8]
        names.append(name.decode())
        at += size if size != 1 else int.from_bytes(data[at + 8 : at + 16], "big")
    return names


def test_a_video_has_all_its_pictures_in_the_form_browsers_play(tmp_path):
    path = tmp_path / "deep" / "er" / "video.mp4"
    with VideoWriter(path, size=(64, 48), fps=25) as writer:
        for _ in range(60):
            writer.write(picture())
    names = box_order(path)
    assert names.index("moov") < names.index("mdat")
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        pictures = list(container.decode(stream))
        assert (stream.codec_context.name, stream.codec_context.pix_fmt) == ("h264", "yuv420p")
        assert float(stream.average_rate) == 25
        assert len(pictures) == 60
        assert [one.key_frame for one in pictures].count(True) == 2  # every two seconds: seeking is quick
        np.testing.assert_allclose(pictures[30].to_ndarray(format="bgr24")[20, 20], (40, 60, 220), atol=8)


def test_odd_rates_are_kept(tmp_path):
    with VideoWriter(tmp_path / "v.mp4", size=(64, 48), fps=24000 / 1001) as writer:
        writer.write(picture())
    with av.open(str(tmp_path / "v.mp4")) as container:
        assert float(container.streams.video[0].average_rate) == pytest.approx(23.976, abs=1e-3)


def test_the_name_appears_only_when_the_file_is_complete(tmp_path):
    with VideoWriter(tmp_path / "v.mp4", size=(64, 48), fps=10) as writer:
        writer.write(picture())
        assert not (tmp_path / "v.mp4").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["v.mp4"]


def test_an_error_leaves_nothing_behind(tmp_path):
    with (
        pytest.raises(RuntimeError, match="broken off"),
        VideoWriter(tmp_path / "v.mp4", size=(64, 48), fps=10) as writer,
    ):
        for _ in range(40):
            writer.write(picture())
        raise RuntimeError("broken off")
    assert list(tmp_path.iterdir()) == []
