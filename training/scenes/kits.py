"""What people wear, chosen at random and painted onto the parts of a sprite: kits, numbers, coats, skin and hair."""

from dataclasses import dataclass
from functools import cache, lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

from training.people.sprite import Part
from training.scenes.glyphs import word, write
from training.scenes.paint import Floats32, Picture

Colour = NDArray[np.float64]

FRONT_U, BACK_U = 64, 192
_SHEET = 256
_BODIES, _TEAMS = 600, 240
_TOP = [Part.SHIRT, Part.SLEEVE_LEFT, Part.SLEEVE_RIGHT, Part.COLLAR, Part.COAT]
_LEGS = [Part.SHORTS, Part.TROUSERS, Part.SOCK, Part.BASELAYER]
_V, _U = np.mgrid[:_SHEET, :_SHEET].astype(np.int16)

# BGR of the colours that kits are made of, the commoner ones more than once.
_CLOTH = np.array([
    (238, 238, 238), (235, 238, 240), (228, 230, 232), (28, 28, 30), (20, 22, 24), (42, 38, 36), (35, 30, 190),
    (30, 25, 215), (45, 35, 165), (40, 35, 130), (55, 30, 95), (60, 40, 115), (150, 60, 25), (190, 80, 30),
    (95, 40, 25), (70, 35, 25), (225, 170, 105), (215, 190, 130), (60, 215, 240), (45, 190, 235), (40, 130, 240),
    (70, 130, 40), (55, 95, 25), (85, 165, 70), (60, 210, 130), (130, 60, 110), (160, 90, 150), (170, 120, 230),
    (150, 150, 150), (95, 95, 100), (170, 160, 40), (180, 220, 200), (90, 255, 215), (200, 100, 255),
], float)  # fmt: skip
_SKIN = np.array([
    (178, 196, 232), (160, 182, 224), (140, 166, 212), (112, 140, 190), (84, 112, 164), (62, 86, 132), (44, 62, 98),
    (34, 46, 72),
], float)  # fmt: skip
_HAIR = np.array([
    (18, 18, 20), (22, 24, 30), (26, 32, 44), (34, 46, 66), (44, 68, 104), (96, 140, 176), (130, 170, 196),
    (150, 150, 152),
], float)  # fmt: skip
_HAIR_SHARE = np.cumsum((0.28, 0.22, 0.18, 0.13, 0.07, 0.06, 0.03, 0.03))
_VIVID = np.array(
    [(60, 235, 235), (40, 140, 250), (90, 250, 120), (190, 90, 250), (235, 235, 235), (30, 40, 230)], float
)


@dataclass(frozen=True)
class Outfit:
    """Everything that is painted onto one sprite: a colour (BGR) for each part, the shirt's sheet over (v, u), and the
    number's coverage (256, 256) over the same with its colour, or None."""

    palette: Floats32
    shirt: Picture
    number: Picture | None = None
    ink: tuple[float, float, float] = (0.0, 0.0, 0.0)


def _near(colour: Colour, rng: np.random.Generator, spread: float = 9) -> Colour:
    return np.clip(colour + rng.normal(0, spread, 3) + rng.normal(0, spread), 4, 250)


def cloth(rng: np.random.Generator) -> Colour:
    """A colour that football clothes come in."""
    return _near(_CLOTH[int(rng.integers(len(_CLOTH)))], rng)


def _apart(colour: Colour, rng: np.random.Generator, least: float = 110) -> Colour:
    """Another cloth colour that can be told from this one."""
    for _ in range(6):
        other = cloth(rng)
        if np.linalg.norm(other - colour) > least:
            return other
    return np.clip(255 - colour, 10, 245)


def _bands(count: float, shift: float, share: float, axis: int) -> NDArray[np.bool_]:
    along = (np.arange(_SHEET) / _SHEET * count + shift) % 1 < share
    return np.broadcast_to(along[None] if axis else along[:, None], (_SHEET, _SHEET))


def shirt_sheet(first: Colour, second: Colour, rng: np.random.Generator) -> Picture:
    """A shirt's cloth (256, 256, 3), rows v from shoulder to hem, columns u around the body."""
    draw = rng.random()
    if draw < 0.52:
        return _plain(first)
    sheet = _plain(first).copy()
    u, v = _U, _V
    if draw < 0.68:  # stripes, as many in front as behind so that the middle falls alike
        sheet[_bands(2 * int(rng.integers(2, 10)), rng.choice([0, 0.25, 0.5]), rng.uniform(0.3, 0.6), 1)] = second
    elif draw < 0.77:
        sheet[_bands(int(rng.integers(2, 9)), rng.random(), rng.uniform(0.3, 0.6), 0)] = second
    elif draw < 0.81:
        sheet[(u > FRONT_U) & (u < BACK_U)] = second
    elif draw < 0.85:
        across = np.minimum(np.abs(u - FRONT_U), np.abs(u - BACK_U)) * rng.uniform(1.6, 2.4)
        sheet[np.abs(across * np.sign(u - 128) + v - 128) < rng.uniform(16, 34)] = second
    elif draw < 0.91:
        share = (v / _SHEET)[..., None] ** rng.uniform(0.6, 2)
        sheet[:] = np.clip(first + share * (second - first), 0, 255)
    elif draw < 0.95:
        middle, half = rng.uniform(70, 140), rng.uniform(12, 35)
        sheet[np.abs(v - middle) < half] = second
    elif draw < 0.98:
        sheet[(np.abs(u - 128) < 18) | (u < 18) | (u > 238)] = second
    else:
        cells = rng.random((16, 16)) < 0.4
        sheet[cells.repeat(16, axis=0).repeat(16, axis=1)] = second
    return sheet


@cache
def _bodies() -> Floats32:
    """Palettes (`_BODIES`, parts, 3) with only skin, hair, boots and what is carried filled in."""
    rng = np.random.default_rng(401)
    return np.stack([_body(rng) for _ in range(_BODIES)])


def _body(rng: np.random.Generator) -> Floats32:
    palette = np.full((len(Part) + 1, 3), 90, np.float32)
    place = rng.beta(0.9, 1.1) * (len(_SKIN) - 1)
    low = int(place)
    skin = _SKIN[low] + (place - low) * (_SKIN[min(low + 1, len(_SKIN) - 1)] - _SKIN[low]) + rng.normal(0, 5, 3)
    hair = _HAIR[int(np.searchsorted(_HAIR_SHARE, rng.random()).clip(0, 7))]
    palette[Part.SKIN], palette[Part.FACE], palette[Part.EYE] = skin, skin * 1.03, skin * 0.3
    palette[Part.HAIR] = np.clip(hair + rng.normal(0, 6, 3), 5, 250)
    palette[Part.CAP], palette[Part.GLOVE] = cloth(rng), cloth(rng)
    palette[Part.BOOT] = _VIVID[int(rng.integers(6))] if rng.random() < 0.55 else rng.uniform(12, 60)
    palette[Part.SOLE] = palette[Part.BOOT] * 0.5 + 20
    palette[Part.FLAG] = ((40, 90, 245), (50, 220, 245), (40, 40, 225))[int(rng.integers(3))]
    palette[Part.GEAR] = rng.uniform(10, 80)
    palette[Part.BIB] = _VIVID[int(rng.integers(6))]
    return palette


def _anybody(rng: np.random.Generator) -> Floats32:
    return np.array(_bodies()[int(rng.integers(_BODIES))])


@lru_cache(maxsize=2 * _TEAMS)
def _team(edition: int, number: int) -> Outfit:
    rng = np.random.default_rng([402, edition, number])
    first = cloth(rng)
    second = _apart(first, rng)
    palette = _anybody(rng)
    draw = rng.random(5)
    shorts = first if draw[0] < 0.4 else second if draw[0] < 0.7 else cloth(rng)
    palette[[Part.SHIRT, Part.COAT]] = first
    palette[[Part.SLEEVE_LEFT, Part.SLEEVE_RIGHT]] = (
        first if draw[1] < 0.68 else second if draw[1] < 0.9 else cloth(rng)
    )
    palette[Part.COLLAR] = first if draw[2] < 0.5 else second
    palette[[Part.SHORTS, Part.TROUSERS]] = shorts
    palette[Part.SOCK] = (
        first if draw[3] < 0.45 else shorts if draw[3] < 0.7 else second if draw[3] < 0.85 else cloth(rng)
    )
    palette[Part.BASELAYER] = first if draw[4] < 0.6 else cloth(rng)
    return Outfit(palette, shirt_sheet(first, second, rng))


def teams(rng: np.random.Generator, edition: int) -> tuple[Outfit, Outfit]:
    """Two teams' kits, nine times in ten of colours that can be told apart. Skin, hair and boots are each player's
    own: see `player`."""
    home = _team(edition, int(rng.integers(_TEAMS)))
    away = home
    alike = rng.random() < 0.1
    for _ in range(8):
        away = _team(edition, int(rng.integers(_TEAMS)))
        if alike or np.linalg.norm(away.palette[Part.SHIRT] - home.palette[Part.SHIRT]) > 110:
            break
    return home, away


_OWN = [Part.SKIN, Part.FACE, Part.HAIR, Part.EYE, Part.BOOT, Part.SOLE, Part.GLOVE, Part.CAP, Part.GEAR]


def player(kit: Outfit, rng: np.random.Generator, *, number: bool) -> Outfit:
    """One player of a team: his own body and boots, and with `number` a number on back and chest."""
    palette = kit.palette.copy()
    palette[_OWN] = _bodies()[int(rng.integers(_BODIES))][_OWN]
    if rng.random() < 0.15:  # tape or other socks
        palette[Part.SOCK] *= rng.uniform(0.7, 1.05)
    if not number:
        return Outfit(palette, kit.shirt)
    ground = kit.shirt[130, 192].astype(float)
    ink = (240.0, 240.0, 240.0) if ground.mean() < 120 or rng.random() < 0.1 else (25.0, 25.0, 25.0)
    if rng.random() < 0.2:
        blue, green, red = _apart(ground, rng)
        ink = (blue, green, red)
    return Outfit(palette, kit.shirt, _number(int(rng.integers(1, 40)), int(rng.integers(6))), ink)


@cache
def _number(number: int, style: int) -> Picture:
    """Coverage (256, 256) of a number on back and chest, and of what else is printed there."""
    rng = np.random.default_rng([403, number, style])
    painted, text = np.zeros((_SHEET, _SHEET), np.uint8), str(number)
    high = rng.uniform(85, 120)
    wide = high * 0.42
    for text_at, tall, top in ((BACK_U, high, 70.0), (FRONT_U, high * 0.4, 75.0)):
        full = len(text) * wide * tall / high * 1.3
        write(painted, text, text_at - full / 2, top, tall, 255, weight=0.14, aspect=0.42)
    if style % 3 == 1:  # a sponsor's bar on the chest
        y = int(rng.uniform(95, 130))
        cv2.rectangle(painted, (FRONT_U - 30, y), (FRONT_U + 30, y + int(rng.uniform(8, 22))), 255, -1)
    if style % 3 == 2:  # or his name above the number
        write(painted, word(rng, 4, 8), BACK_U - 34, 45, 15, 255, weight=0.2, aspect=0.5)
    return painted


def keeper(rng: np.random.Generator, clubs: tuple[Outfit, Outfit]) -> Outfit:
    """A goalkeeper's kit, mostly of one colour and unlike his own team's."""
    shirt = _apart(clubs[0].palette[Part.SHIRT].astype(float), rng)
    if rng.random() < 0.5:
        shirt = _near(_VIVID[int(rng.integers(6))], rng)
    palette = _anybody(rng)
    palette[_TOP + _LEGS] = shirt
    for part in (Part.SHORTS, Part.SOCK, Part.SLEEVE_LEFT):
        if rng.random() < 0.2:
            palette[part] = cloth(rng)
    palette[Part.SLEEVE_RIGHT] = palette[Part.SLEEVE_LEFT]
    return Outfit(palette, shirt_sheet(shirt, cloth(rng), rng) if rng.random() < 0.2 else _plain(shirt))


def _plain(colour: Colour) -> Picture:
    # A view of a single pixel: most shirts are of one colour.
    return np.broadcast_to(colour.astype(np.uint8), (_SHEET, _SHEET, 3))


_REFEREE = np.array(
    [
        (24, 24, 26),
        (24, 24, 26),
        (50, 225, 240),
        (60, 235, 210),
        (40, 35, 205),
        (225, 175, 90),
        (85, 160, 60),
        (150, 60, 170),
        (170, 110, 240),
    ],
    float,
)


def referee(rng: np.random.Generator) -> Outfit:
    """The officials' outfit of this match: bright or black shirt, black shorts and socks."""
    shirt = _near(_REFEREE[int(rng.integers(len(_REFEREE)))], rng)
    palette = _anybody(rng)
    palette[_TOP] = shirt
    palette[_LEGS] = rng.uniform(14, 40)
    return Outfit(palette, _plain(shirt))


def staff(rng: np.random.Generator, clubs: tuple[Outfit, Outfit]) -> Outfit:
    """A coach, substitute, steward or photographer: dark clothes, a club's colours, or a bright vest."""
    palette = _anybody(rng)
    draw = rng.random()
    if draw < 0.5:
        top = _near(rng.uniform(15, 60) + np.array([rng.uniform(0, 30), 0, 0]), rng, 4)
    elif draw < 0.68:
        top = clubs[int(rng.integers(2))].palette[Part.SHIRT].astype(float)
    elif draw < 0.82:
        top = _near(_VIVID[int(rng.integers(6))], rng)
    else:
        top = _near(rng.uniform(20, 230, 3), rng)
    legs = rng.uniform(12, 60) + np.array([rng.uniform(0, 25), 0, 0])
    if rng.random() < 0.25:
        legs = rng.uniform(20, 220, 3)
    palette[_TOP] = top
    palette[_LEGS] = legs
    if rng.random() < 0.2:
        palette[[Part.SLEEVE_LEFT, Part.SLEEVE_RIGHT]] = cloth(rng)
    return Outfit(palette, _plain(top))
