"""Kits, colours and line-ups of the two invented teams and the officials. Colours are BGR 0..255."""

from dataclasses import dataclass

Colour = tuple[int, int, int]


@dataclass(frozen=True)
class Kit:
    """What one side wears; `name` names the main colour in words."""

    name: str
    shirt: Colour
    sleeve: Colour
    shorts: Colour
    socks: Colour
    boots: Colour
    number: Colour


HOME = Kit("white", (238, 240, 240), (238, 240, 240), (96, 44, 24), (236, 236, 236), (30, 30, 30), (96, 44, 24))
AWAY = Kit("red", (44, 34, 205), (44, 34, 205), (40, 30, 190), (40, 30, 190), (40, 200, 230), (245, 245, 245))
HOME_KEEPER = Kit("yellow", (40, 220, 245), (40, 220, 245), (36, 200, 225), (40, 220, 245), (30, 30, 30), (20, 20, 20))
AWAY_KEEPER = Kit(
    "blue", (205, 120, 30), (205, 120, 30), (190, 105, 24), (205, 120, 30), (240, 240, 240), (245, 245, 245)
)
OFFICIAL = Kit("black", (34, 30, 30), (34, 30, 30), (26, 24, 24), (26, 24, 24), (22, 22, 22), (200, 200, 200))

SKINS: tuple[Colour, ...] = ((150, 180, 225), (120, 155, 205), (90, 120, 175), (60, 85, 130), (45, 62, 98))
HAIRS: tuple[Colour, ...] = ((20, 22, 28), (28, 38, 58), (50, 78, 110), (90, 140, 175))


def hex_colour(colour: Colour) -> str:
    """BGR as the `#rrggbb` that profiles and teams carry."""
    blue, green, red = colour
    return f"#{red:02x}{green:02x}{blue:02x}"
