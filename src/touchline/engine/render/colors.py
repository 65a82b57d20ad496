"""Colours to draw with: two teams that can be told apart on grass, and everything neutral around them."""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

import cv2
import numpy as np

from touchline.engine.render.job import Bgr
from touchline.engine.types import FloatArray
from touchline.football.vocabulary import Side

WHITE: Bgr = (250, 250, 250)
BLACK: Bgr = (16, 16, 16)
SLATE: Bgr = (34, 27, 22)  # panels and page ground
SLATE_LIGHT: Bgr = (60, 50, 42)
MUTED: Bgr = (190, 180, 170)  # secondary text on slate
GRASS: Bgr = (62, 104, 52)  # the drawn pitch
GRASS_DARK: Bgr = (56, 95, 46)
CHALK: Bgr = (205, 222, 205)
BALL: Bgr = (255, 255, 255)
RISKS: Mapping[str, Bgr] = {
    "LOW": (120, 190, 110),
    "MODERATE": (70, 195, 245),
    "MEDIUM": (70, 195, 245),
    "HIGH": (60, 140, 250),
    "CRITICAL": (75, 75, 240),
}

# Differences in CIE L*a*b* (CIE 1976). 2.3 is just noticeable side by side; small moving marks need far more.
TEAMS_APART = 58.0
APART_FROM_GRASS = 38.0
_LIGHTEST, _DARKEST = 96.0, 14.0
# Lightnesses that are lost on grass: too dark for a dark rim, too light for a light one. Strong colours need less.
_LOST_GREYS, _LOST_COLORS = (26.0, 60.0), (30.0, 48.0)
_LADDER = (20.0, 50.0, 60.0, 70.0, 82.0, 94.0)
_COLORLESS = 6.0
_RIM_TURNS = 40.0
_DARK_COST = 10.0  # a dark ink is the last choice among equals: thin lines carry light colours better
_GRASS_TONES: tuple[Bgr, ...] = (GRASS, (60, 120, 75), (45, 150, 70))
_NEUTRALS: tuple[Bgr, ...] = ((175, 175, 175), (60, 225, 250), (230, 200, 90), (110, 110, 110))
# Last resort when both kits have one colour: hues that no kit decides.
_ACCENTS: tuple[Bgr, ...] = ((245, 150, 40), (60, 150, 255), (200, 80, 230), (60, 70, 235), (245, 245, 245))
_ACCENT_COST = 60.0
_UNKNOWN_KITS: Mapping[Side, Bgr] = {Side.A: (240, 240, 240), Side.B: (225, 120, 40)}


@dataclass(frozen=True)
class Inks:
    """Drawing colours, BGR: one per team, one for referees and people of no known team."""

    a: Bgr
    b: Bgr
    neutral: Bgr

    def of(self, team: int) -> Bgr:
        """The ink of a `TeamCode`."""
        return self.neutral if team < 0 else (self.a, self.b)[team]

    def side(self, side: Side) -> Bgr:
        return self.a if side is Side.A else self.b


def inks_for(kits: Mapping[Side, Bgr]) -> Inks:
    """Choose drawing colours close to the kits, apart from each other and from grass.

    The same kits always give the same inks. Every kit is offered in several lightnesses and strengths of its own
    hue; the pair with the least change that keeps `TEAMS_APART` wins. Kits that no shade can separate (both black)
    get an accent colour for one team; a kit that nobody knows is drawn white or blue.
    """
    choices = [_shades(kits.get(side, _UNKNOWN_KITS[side])) for side in Side]
    best = min(itertools.product(*choices), key=lambda pair: pair[0][2] + pair[1][2] + _closeness(pair[0], pair[1]))
    a, b = best[0][0], best[1][0]
    neutral = max(_NEUTRALS, key=lambda ink: (min(difference(ink, a), difference(ink, b), 45.0), -_NEUTRALS.index(ink)))
    return Inks(a, b, neutral)


def rim_of(ink: Bgr) -> Bgr:
    """The thin edge around a mark: dark, or light around dark marks."""
    return BLACK if _lab(ink)[0] >= _RIM_TURNS else WHITE


def text_on(ink: Bgr) -> Bgr:
    """Black or white, whichever reads better on a ground of this colour."""
    return BLACK if _lab(ink)[0] > 58 else WHITE


def difference(first: Bgr, second: Bgr) -> float:
    """Distance of two BGR colours in CIE L*a*b* (CIE 1976)."""
    return float(np.linalg.norm(_lab(first) - _lab(second)))


_Shade = tuple[Bgr, FloatArray, float]


def _shades(kit: Bgr) -> list[_Shade]:
    """(BGR, L*a*b*, cost) of ways to draw a kit; cost is the change plus what is missing to stand out on grass."""
    lightness, a, b = _lab(kit)
    chroma = max(float(np.hypot(a, b)), 1e-6)
    # A grey, black or white kit has no hue worth strengthening.
    strengths = (1.0,) if chroma < _COLORLESS else (1.0, 1.4, 2.0, 70 / chroma)
    levels = (float(np.clip(lightness, _DARKEST, _LIGHTEST)), *_LADDER)
    shades = [
        _shade(_bgr(np.array([level, a * strength, b * strength])), kit, _DARK_COST if level < _RIM_TURNS else 0.0)
        for strength, level in itertools.product(strengths, levels)
        if not _is_lost(level, chroma * strength)
    ]
    return shades + [_shade(ink, kit, _ACCENT_COST) for ink in _ACCENTS]


def _is_lost(lightness: float, chroma: float) -> bool:
    low, high = _LOST_GREYS if chroma < 35 else _LOST_COLORS
    return low < lightness < high


def _shade(ink: Bgr, kit: Bgr, extra_cost: float) -> _Shade:
    lab = _lab(ink)
    from_grass = min(difference(ink, tone) for tone in _GRASS_TONES)
    # A change of hue misleads more than a change of lightness.
    moved = lab - _lab(kit)
    cost = 0.5 * abs(float(moved[0])) + float(np.hypot(moved[1], moved[2])) * 0.6
    return ink, lab, cost + 14 * max(0.0, APART_FROM_GRASS - from_grass) + extra_cost


def _closeness(first: _Shade, second: _Shade) -> float:
    return 10 * max(0.0, TEAMS_APART - float(np.linalg.norm(first[1] - second[1])))


@lru_cache(maxsize=1024)
def _lab(color: Bgr) -> FloatArray:
    pixel = np.array([[color]], np.float32) / 255
    return np.asarray(cv2.cvtColor(pixel, cv2.COLOR_BGR2Lab)[0, 0], np.float64)


def _bgr(lab: FloatArray) -> Bgr:
    pixel = cv2.cvtColor(np.asarray(lab, np.float32).reshape(1, 1, 3), cv2.COLOR_Lab2BGR)[0, 0]
    blue, green, red = np.clip(np.round(pixel * 255), 0, 255).astype(int).tolist()
    return blue, green, red
