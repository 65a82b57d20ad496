"""The contract's scale of scores: 0.5 for a person and 0.3 for a ball mean the model's own operating points."""

import numpy as np

from touchline.engine.types import FloatArray

PERSON_DEFAULT, BALL_DEFAULT = 0.5, 0.3


def to_contract(raw_scores: FloatArray, *, raw: float, default: float) -> FloatArray:
    """Raw scores on the contract's scale: `raw`, the operating point, becomes `default`; monotone from 0 to 1."""
    scores = np.asarray(raw_scores)
    return np.where(scores <= raw, scores * default / raw, default + (scores - raw) * (1 - default) / (1 - raw))


def from_contract(confidence: float, *, raw: float, default: float) -> float:
    """The raw score that a contract confidence means; the inverse of `to_contract`."""
    if confidence <= default:
        return confidence * raw / default
    return raw + (confidence - default) * (1 - raw) / (1 - default)
