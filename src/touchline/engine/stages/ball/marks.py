"""What looks like a ball and is none: marks on the ground, captions, boots. Chains that sit on one pay for it.

Both rules are the same: what lies still, or goes with somebody's feet, is the ball if it was seen to come there and
nothing was found there before it came. What was always there is a mark, or a boot; and what does not leave for a long
time cannot be told from one any more.
"""

from dataclasses import dataclass

import numpy as np

from touchline.engine.stages.ball.nodes import NOBODY, Nodes, here, is_placed, to_px, turned
from touchline.engine.types import BoolArray, FloatArray

# A ball lies ready for a kick-off or free kick for up to a minute; nobody keeps it at his feet
# for six seconds without a touch that takes it a step away.
LONGEST_REST_S, LONGEST_KEPT_S = 60.0, 6.0
_REST_RADIUS_M, _REST_RADIUS_PX = 0.35, 2.5
_STILL_COST, _SPOT_COST, _CAPTION_COST = 1.0, 1.2, 2.0
_WORN_COST, _TETHERED_COST = 0.6, 0.4
_MOVES_TO_BELIEVE, _FREE_TO_BELIEVE = 3, 2
# Who stays longer within the radius of rest has not moved on, he drifted: the following of the background does that.
_PASSING_S = 0.8
_ARRIVAL_SLACK_S = 1.0


@dataclass(frozen=True)
class Marks:
    """What links from earlier nodes (N) to new ones (M) mean for marks; (N, M) each.

    cost: of the link; stays: the chain rests where it was; is_marked: it rests on a mark.
    """

    cost: FloatArray
    stays: BoolArray
    is_marked: BoolArray


def cost_of_start(new: Nodes) -> FloatArray:
    """(M,) what chains pay that begin in new nodes: nothing is known of how they came there."""
    still = np.where(np.isfinite(new["still_since_s"]), _STILL_COST, 0.0)
    ground = np.where(new["is_spot"], _SPOT_COST, still)
    worn = np.where(np.isfinite(new["worn_since_s"]), _WORN_COST, 0.0)
    boots = np.where(new["body"] != NOBODY, np.maximum(worn, _TETHERED_COST), 0.0)
    return np.asarray(ground + boots + _CAPTION_COST * new["is_caption"])


def marks_of_links(old: Nodes, new: Nodes, time_s: float) -> Marks:
    """Judge all links from nodes of earlier frames to those of the frame at `time_s`."""
    stays = _is_home(old, new)
    on_mark = _on_mark(old, new, stays, time_s)
    ground = np.where(on_mark, np.where(new["is_spot"], _SPOT_COST, _STILL_COST)[None], 0.0)
    cost = ground + _boots_cost(old, new, time_s) + _CAPTION_COST * new["is_caption"]
    return Marks(cost, stays, on_mark)


def begin(new: Nodes, time_s: float) -> None:
    """Set what a chain of one node knows of marks."""
    new["home"], new["home_since_s"], new["moves"] = here(new), time_s, 0
    new["is_marked"] = np.isfinite(new["still_since_s"]) | new["is_spot"] | new["is_caption"]
    new["free"], new["freed_s"], new["has_moved"], new["trial"] = 0, -np.inf, False, 0


def carry_on(node: Nodes, earlier: Nodes, *, stays: bool, is_marked: bool, is_leap: bool, is_astray: bool) -> None:
    """Set what one node knows of marks once it carries on the chain of an earlier one (arrays of length 1).

    Args:
        node: of the frame at hand.
        earlier: whose chain it carries on.
        stays: the chain rests where it was.
        is_marked: it rests on a mark.
        is_leap: it went far and nobody saw it go.
        is_astray: nor could anybody tell that it would go there.
    """
    node["is_marked"] = is_marked
    node["freed_s"] = -np.inf if is_astray else earlier["freed_s"]
    if is_leap:
        node["trial"] = earlier["trial"] + 1
        return
    node["has_moved"], node["trial"] = earlier["has_moved"], earlier["trial"]
    if stays:
        for name in ("home", "home_since_s", "moves", "free"):
            node[name] = earlier[name]
    else:
        passes = node["time_s"] - earlier["home_since_s"] <= _PASSING_S
        node["moves"], node["free"] = np.where(passes, earlier["moves"], 0) + 1, earlier["free"] + 1
    node["has_moved"] |= node["moves"] >= _MOVES_TO_BELIEVE
    if node["at_feet"][0]:
        node["free"] = 0
    elif node["free"][0] >= _FREE_TO_BELIEVE:
        node["freed_s"] = node["time_s"]


def _on_mark(old: Nodes, new: Nodes, stays: BoolArray, time_s: float) -> BoolArray:
    came = old["has_moved"][:, None] & ~(stays & old["is_marked"][:, None])
    since = np.where(stays, old["home_since_s"][:, None], time_s)
    is_still = np.isfinite(new["still_since_s"])[None]
    fresh = new["still_since_s"][None] >= since - _ARRIVAL_SLACK_S
    rests = came & (time_s - since <= LONGEST_REST_S) & (~is_still | fresh)
    return np.asarray((is_still | new["is_spot"][None]) & ~rests)


def _boots_cost(old: Nodes, new: Nodes, time_s: float) -> FloatArray:
    """(N, M) what it costs that a new node lies on somebody's boots."""
    freed = old["freed_s"][:, None]
    came = time_s - freed <= LONGEST_KEPT_S
    fresh = new["worn_since_s"][None] >= freed - _ARRIVAL_SLACK_S
    worn = np.isfinite(new["worn_since_s"])[None] & ~(came & fresh)
    cost = np.where(worn, _WORN_COST, np.where(came, 0.0, _TETHERED_COST))
    return np.where((new["body"] != NOBODY)[None], cost, 0.0)


def _is_home(old: Nodes, new: Nodes) -> BoolArray:
    """(N, M) whether new nodes lie where the chains rest."""
    px = turned(to_px(new), here(new)[None] - old["home"][:, None])
    radius = np.maximum(_REST_RADIUS_PX, _REST_RADIUS_M * new["scale"])
    comparable = is_placed(old)[:, None] == is_placed(new)
    return np.asarray(comparable & (px[..., 0] ** 2 + px[..., 1] ** 2 < radius**2))
