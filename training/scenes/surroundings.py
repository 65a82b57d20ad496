"""What stands around the pitch: boards, stands or a village's edge beyond it, dugouts and rails on the near side."""

from dataclasses import dataclass

import numpy as np

from training.scenes import backdrop, boards, stands
from training.scenes.balls import lamps
from training.scenes.camera import Camera, Floats
from training.scenes.markings import Pitch
from training.scenes.paint import Picture, Roi
from training.scenes.textures import stand_up

_UP = np.array([0.0, 0.0, 1.0])
CLEAR_M = 1.0
"""No stand begins nearer to the boards: stewards and photographers have their place there."""

_STRIP_PX = 32
_NEAR_CROWD_PX_PER_M = 42.0
"""From this scale on a spectator in a stand might as well be counted as a person: neither is judged."""


@dataclass(frozen=True)
class Side:
    """One side of the strip around the pitch: from `start` (3,) metres along the unit vector `along`, facing inwards
    away from `outward`; `is_beyond` when the camera looks at its inner face."""

    start: Floats
    along: Floats
    outward: Floats
    length_m: float
    is_beyond: bool
    distance_m: float


def sides(camera: Camera, pitch: Pitch, margin_m: float) -> list[Side]:
    """The sides that touch the picture, the farthest first."""
    low_x, high_x = -margin_m, pitch.length_m + margin_m
    low_y, high_y = -margin_m, pitch.width_m + margin_m
    found = []
    for outward, corners in (
        ((0, 1), ((low_x, high_y), (high_x, high_y))),
        ((0, -1), ((high_x, low_y), (low_x, low_y))),
        ((-1, 0), ((low_x, low_y), (low_x, high_y))),
        ((1, 0), ((high_x, high_y), (high_x, low_y))),
    ):
        out = np.array([*outward, 0.0])
        beyond = float((camera.position[:2] - corners[0]) @ outward) < 0
        # Along runs to the right of whoever looks at it, so that writing can be read.
        start, end = corners if beyond else corners[::-1]
        a, b = np.array([*start, 0.0]), np.array([*end, 0.0])
        length = float(np.linalg.norm(b - a))
        high = (8 if beyond else 2.5) * _UP
        outline = camera.outline([a, b, b + high, a + high])
        if len(outline) == 0 or np.any(outline.max(axis=0) < 0) or np.any(outline.min(axis=0) > camera.size_px):
            continue
        away = float(np.linalg.norm((camera.position - (a + b) / 2)[:2]))
        found.append(Side(a, (b - a) / length, out, length, beyond, away))
    return sorted(found, key=lambda side: -side.distance_m)


def draw_beyond(
    image: Picture, camera: Camera, side: Side, rng: np.random.Generator, edition: int, *, stadium: bool, light: float
) -> list[Roi]:
    """Draw what stands behind a side's boards; returns where near spectators are that must not be judged."""
    if not stadium:
        _village(image, camera, side, rng, edition, light)
        if rng.random() < 0.85:
            return []
    gap, wall = rng.uniform(CLEAR_M, 12), rng.uniform(0.3, 2.6)
    base = side.start + side.outward * gap
    reach = (-25.0, side.length_m + 25.0)
    slope = np.radians(rng.uniform(18, 36))
    rise = side.outward * np.cos(slope) + _UP * np.sin(slope)
    sheet = stands.stand(edition, int(rng.integers(stands.COUNT)))
    if not stadium:  # a few steps of terrace somewhere along the line
        middle = rng.uniform(0, side.length_m)
        reach = (middle - rng.uniform(4, 15), middle + rng.uniform(4, 15))
    back = base + rise * sheet.height_m + _UP * wall
    dark = backdrop.strip(edition, "wall", int(rng.integers(backdrop.COUNT)))
    stand_up(
        image,
        camera,
        dark,
        back,
        side.along,
        _UP,
        reach,
        light=light * rng.uniform(0.15, 0.6),
        stretch=rng.uniform(1, 4),
    )
    seen = stand_up(
        image, camera, sheet, base + _UP * wall, side.along, rise, reach,
        shift_m=rng.uniform(0, 48), light=light * rng.uniform(0.5, 1.15), stretch=rng.uniform(0.85, 1.3),
    )  # fmt: skip
    front = boards.board(edition, int(rng.integers(boards.COUNT)))
    stand_up(
        image,
        camera,
        front,
        base,
        side.along,
        _UP,
        reach,
        shift_m=rng.uniform(0, 40),
        light=light * rng.uniform(0.4, 1),
        stretch=wall / front.height_m,
    )
    if seen is None:
        return []
    mask, roi = seen
    if rng.random() < 0.12:
        lamps(image, rng, mask, roi)
    scale = camera.px_per_m(base + side.along * np.clip((camera.position - base) @ side.along, *reach) + _UP * wall)
    return _strips(mask, roi) if scale > _NEAR_CROWD_PX_PER_M else []


def _strips(mask: Picture, roi: Roi) -> list[Roi]:
    """Narrow boxes that together hold what a mask covers: one box around a slanting stand would hold half the pitch."""
    found = []
    for left in range(0, mask.shape[1], _STRIP_PX):
        rows = np.flatnonzero(mask[:, left : left + _STRIP_PX].any(axis=1))
        if len(rows):
            right = min(roi[0] + left + _STRIP_PX, roi[2])
            found.append((roi[0] + left, roi[1] + int(rows[0]), right, roi[1] + int(rows[-1]) + 1))
    return found


def _village(image: Picture, camera: Camera, side: Side, rng: np.random.Generator, edition: int, light: float) -> None:
    away = rng.uniform(12, 60)
    kinds: list[str] = []
    if rng.random() < 0.85:
        kinds.append("trees" if rng.random() < 0.65 else "houses")
    if rng.random() < 0.4:
        kinds.append("trees" if rng.random() < 0.7 else "scaffold")
    kinds += [str(rng.choice(["hedge", "fence", "cars", "wall", "net"])) for _ in range(int(rng.integers(1, 4)))]
    for kind in kinds:
        sheet = backdrop.strip(edition, kind, int(rng.integers(backdrop.COUNT)))
        stand_up(
            image, camera, sheet, side.start + side.outward * away, side.along, _UP, (-90, side.length_m + 90),
            shift_m=rng.uniform(0, 60), light=light * rng.uniform(0.7, 1.15), stretch=rng.uniform(0.7, 1.4),
        )  # fmt: skip
        away *= rng.uniform(0.25, 0.75)


def draw_boards(
    image: Picture, camera: Camera, side: Side, rng: np.random.Generator, edition: int, light: float
) -> tuple[Picture, Roi] | None:
    """Draw the row of boards on a side; returns what it covers (0..255) and where."""
    sheet = boards.board(edition, int(rng.integers(boards.COUNT)))
    reach = (0.0, side.length_m)
    if rng.random() < 0.15:
        middle = rng.uniform(0, side.length_m)
        reach = (max(0, middle - rng.uniform(3, 25)), min(side.length_m, middle + rng.uniform(3, 25)))
    return stand_up(
        image, camera, sheet, side.start, side.along, _UP, reach,
        shift_m=rng.uniform(0, 40), light=light * rng.uniform(0.7, 1.15), stretch=rng.uniform(0.6, 1.25) / sheet.height_m,
    )  # fmt: skip


def draw_near(
    image: Picture, camera: Camera, side: Side, rng: np.random.Generator, edition: int, light: float
) -> list[tuple[Picture, Roi]]:
    """Draw dugouts, boards from behind and rails on the side where the camera stands; returns what they cover."""
    drawn = []
    if rng.random() < 0.6:
        sheet = boards.roof(edition, int(rng.integers(8)))
        middle, half = rng.uniform(0.2, 0.8) * side.length_m, rng.uniform(3, 9)
        # Where the picture looks, not where chance would have it: most of a side is out of sight.
        foot = camera.ground((camera.size_px * rng.uniform(0.1, 0.9), camera.size_px * rng.uniform(0.75, 1.0)))
        if np.all(np.isfinite(foot)):
            middle = float((np.append(foot, 0) - side.start) @ side.along)
        base = side.start + side.outward * rng.uniform(0, 2) + _UP * rng.uniform(1.5, 2.2)
        lean = np.radians(rng.uniform(-15, 50))
        drawn.append(
            stand_up(
                image,
                camera,
                sheet,
                base,
                side.along,
                side.outward * np.cos(lean) + _UP * np.sin(lean),
                (middle - half, middle + half),
                light=light,
            )
        )
        behind = base + side.outward * sheet.height_m * np.cos(lean)
        drawn.append(
            stand_up(
                image,
                camera,
                sheet,
                behind - _UP * base[2],
                side.along,
                _UP,
                (middle - half, middle + half),
                light=light * rng.uniform(0.3, 0.8),
                stretch=1.2,
            )
        )
    if rng.random() < 0.5:
        sheet = boards.board(edition, int(rng.integers(boards.COUNT)))
        dim = rng.uniform(0.1, 1)
        drawn.append(
            stand_up(
                image,
                camera,
                sheet,
                side.start + side.outward * rng.uniform(0, 4),
                side.along,
                _UP,
                (-20, side.length_m + 20),
                light=light * dim,
                shift_m=rng.uniform(0, 40),
            )
        )
    if rng.random() < 0.25:
        sheet = backdrop.strip(edition, "fence", int(rng.integers(backdrop.COUNT)))
        drawn.append(
            stand_up(
                image,
                camera,
                sheet,
                side.start + side.outward * rng.uniform(1, 5),
                side.along,
                _UP,
                (-20, side.length_m + 20),
                light=light,
            )
        )
    return [cover for cover in drawn if cover is not None]
