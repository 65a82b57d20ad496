"""An invented match whose truth is known: demo clip, test material and bench."""

from touchline.engine.synthetic.demo import DEMO_LEVEL, DEMO_SECONDS, DEMO_SEED, demo_clip, demo_profile
from touchline.engine.synthetic.synthesis import SyntheticMatch, synthesise

__all__ = ["DEMO_LEVEL", "DEMO_SECONDS", "DEMO_SEED", "SyntheticMatch", "demo_clip", "demo_profile", "synthesise"]
