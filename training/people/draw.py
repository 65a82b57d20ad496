"""The sprite of a number: everything about it follows from the bank's seed and that number alone."""

from __future__ import annotations

import numpy as np

from training.people.figure import Wardrobe, figure
from training.people.person import Person, draw_person
from training.people.poses import HOLDS_BALL
from training.people.render import Picture, View, render
from training.people.sprite import Sprite, SpriteMeta

FAR_PX_PER_M = 110.0
NEAR_PX_PER_M = 260.0
NEAR_SHARE = 0.1


def draw_sprite(wardrobe: Wardrobe, seed: int, index: int) -> Sprite:
    """Draws the sprite of that number."""
    rng = np.random.default_rng([seed, index])
    person = draw_person(rng)
    view = View(
        heading_deg=float(rng.uniform(0, 360)),
        # low cameras are more frequent: most stand at the side of a small pitch
        elevation_deg=float(2 + 48 * rng.beta(1.1, 1.9)),
        px_per_m=NEAR_PX_PER_M if rng.random() < NEAR_SHARE else FAR_PX_PER_M,
    )
    drawn = figure(wardrobe, person.traits, person.clothes, person.hair, person.pose, rng=rng)
    picture = render(drawn, view)
    return Sprite(
        alpha=picture.alpha,
        part=picture.part,
        normal=picture.normal,
        occlusion=picture.occlusion,
        u=picture.u,
        v=picture.v,
        meta=_meta(index, person, view, picture),
    )


def _meta(index: int, person: Person, view: View, picture: Picture) -> SpriteMeta:
    clothes = person.clothes
    ball = picture.hands if person.pose_name in HOLDS_BALL else (float("nan"), float("nan"))
    return SpriteMeta(
        index=index,
        kind=person.kind,
        outfit=clothes.outfit,
        pose=person.pose_name,
        age_years=round(person.traits.age_years, 1),
        is_female=person.traits.is_female,
        height_m=round(person.traits.height_m, 3),
        heading_deg=view.heading_deg,
        elevation_deg=view.elevation_deg,
        px_per_m=view.px_per_m,
        foot_x=picture.ground[0],
        foot_y=picture.ground[1],
        head_x=picture.head[0],
        head_y=picture.head[1],
        ball_x=ball[0],
        ball_y=ball[1],
        is_airborne=person.pose.lift_m > 0,
        sleeve="long" if clothes.sleeve_end > 1.5 else "short",
        sock="none" if clothes.has_long_legs else "high" if clothes.sock_top < 1.3 else "low",
        hair=person.hair.form,
    )
