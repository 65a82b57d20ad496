"""Sprites for the tests of scenes, drawn from ellipses without the body model, and how they are chosen."""

from dataclasses import dataclass
from functools import cache

import cv2
import numpy as np
import pytest

from training.people.sprite import Kind, Outfit, Part, Sprite, SpriteMeta
from training.scenes.casting import casting

PX_PER_M = 110.0
FINE_PX_PER_M = 260.0


@dataclass(frozen=True)
class DrawnBank:
    """A bank held in memory."""

    sprites: tuple[Sprite, ...]

    @property
    def metas(self):
        return tuple(sprite.meta for sprite in self.sprites)

    def __len__(self):
        return len(self.sprites)

    def sprite(self, i):
        return self.sprites[i]


def drawn_sprite(index, *, kind, elevation_deg, scale, age_years=25.0, heading_deg=0.0):
    """A standing figure of 1.78 m: head, shirt, shorts, socks and boots, with a margin of 2 px."""
    height, width = round(1.78 * scale), round(0.56 * scale)
    part = np.zeros((height + 4, width + 4), np.uint8)
    alpha = np.zeros_like(part)
    for label, top, bottom, wide in (
        (Part.BOOT, 0.94, 1.0, 0.9),
        (Part.SOCK, 0.76, 0.95, 0.6),
        (Part.SHORTS, 0.46, 0.78, 0.75),
        (Part.SHIRT, 0.15, 0.5, 1.0),
        (Part.FACE, 0.0, 0.17, 0.38),
    ):
        box = (
            (int(2 + width / 2), int(2 + height * (top + bottom) / 2)),
            (int(width * wide / 2), int(height * (bottom - top) / 2)),
        )
        for canvas, value in ((part, int(label)), (alpha, 255)):
            cv2.ellipse(canvas, box[0], box[1], 0, 0, 360, value, -1)
    x = np.linspace(-110, 110, width + 4)[None].repeat(height + 4, axis=0)
    normal = np.stack([x, np.zeros_like(x)], axis=-1).astype(np.int8)
    u = np.linspace(0, 128, width + 4).astype(np.uint8)[None].repeat(height + 4, axis=0)
    v = np.linspace(0, 255, height + 4).astype(np.uint8)[:, None].repeat(width + 4, axis=1)
    meta = SpriteMeta(
        index=index,
        kind=kind,
        outfit=Outfit.KIT,
        pose="stand",
        age_years=age_years,
        is_female=bool(index % 2),
        height_m=1.78,
        heading_deg=heading_deg,
        elevation_deg=elevation_deg,
        px_per_m=scale,
        foot_x=2 + width / 2,
        foot_y=2 + height * 0.99,
        head_x=2 + width / 2,
        head_y=2 + height * 0.08,
        ball_x=2 + width / 2 if kind is Kind.KEEPER and index % 3 == 0 else float("nan"),
        ball_y=2 + height * 0.35 if kind is Kind.KEEPER and index % 3 == 0 else float("nan"),
        is_airborne=False,
        sleeve="short",
        sock="high",
        hair="short",
    )
    return Sprite(alpha=alpha, part=part, normal=normal, occlusion=np.full_like(alpha, 230), u=u, v=v, meta=meta)


@cache
def drawn_bank():
    """Forty-eight sprites of all kinds, heights of the camera, ages and both resolutions."""
    kinds = tuple(Kind)
    return DrawnBank(
        tuple(
            drawn_sprite(
                i,
                kind=kinds[i % len(kinds)],
                elevation_deg=2 + (i * 7) % 48,
                scale=FINE_PX_PER_M if i % 6 == 0 else PX_PER_M,
                age_years=12.0 if i % 4 == 1 else 25.0,
                heading_deg=float(i * 37 % 360),
            )
            for i in range(48)
        )
    )


def test_a_part_is_given_to_a_sprite_of_its_kind_age_and_angle():
    cast = casting(drawn_bank())
    rng = np.random.default_rng(1)
    for kind in Kind:
        for elevation in (5.0, 25.0, 45.0):
            meta = cast.pick(rng, kind, elevation, young=False, fine=False).meta
            assert meta.kind is kind
    young = [cast.pick(rng, Kind.PLAYER, 20.0, young=True, fine=False).meta.age_years for _ in range(8)]
    assert min(young) < 17


def test_near_people_get_fine_sprites_where_there_are_enough():
    sprites = tuple(
        drawn_sprite(i, kind=Kind.PLAYER, elevation_deg=20.0, scale=FINE_PX_PER_M if i % 2 else PX_PER_M)
        for i in range(40)
    )
    cast = casting(DrawnBank(sprites))
    rng = np.random.default_rng(1)
    for fine, scale in ((True, FINE_PX_PER_M), (False, PX_PER_M)):
        picked = {cast.pick(rng, Kind.PLAYER, 20.0, young=False, fine=fine).meta.px_per_m for _ in range(10)}
        assert picked == {scale}


def test_an_empty_bank_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"training\.people\.build"):
        casting(DrawnBank(()))
