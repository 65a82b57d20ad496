"""The clip that ships: small, reproducible, and described by its profile."""

from itertools import islice

import av
import numpy as np

from touchline.engine.synthetic import DEMO_LEVEL, DEMO_SECONDS, DEMO_SEED, demo_clip, demo_profile
from touchline.engine.synthetic.demo import profile_of
from touchline.engine.synthetic.synthesis import make_scene, painted_frames


def test_the_demo_clip_is_small_and_whole():
    assert demo_clip().stat().st_size <= 3_000_000
    with av.open(str(demo_clip())) as container:
        assert sum(1 for packet in container.demux(video=0) if packet.size) == DEMO_SECONDS * 25


def test_the_demo_clip_is_what_the_generator_draws_from_its_seed():
    drawn = list(islice(painted_frames(make_scene(DEMO_LEVEL, DEMO_SEED, DEMO_SECONDS)), 3))
    with av.open(str(demo_clip())) as container:
        for painted, frame in zip(drawn, container.decode(video=0), strict=False):
            difference = frame.to_ndarray(format="bgr24").astype(int) - painted.image
            assert np.abs(difference).mean() < 4  # what CRF 23 and 4:2:0 cost
            for x1, y1, x2, y2 in painted.boxes[np.isfinite(painted.boxes).all(axis=1)].astype(int):
                assert np.abs(difference[y1:y2, x1:x2]).mean() < 25


def test_the_demo_profile_belongs_to_the_clip():
    assert demo_profile() == profile_of(make_scene(DEMO_LEVEL, DEMO_SEED, 1))
    assert len(demo_profile()["points"]) >= 8
    assert demo_profile()["home"]["attacks"] == "left"
    assert demo_profile()["away"]["attacks"] == "right"
