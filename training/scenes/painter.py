"""Paints a chosen scene from back to front: ground, lines, shadows, what is beyond, then all that stands on the grass."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from training.people.sprite import Kind, Sprite
from training.scenes import balls, goals, kits, surroundings
from training.scenes.backdrop import draw_sky
from training.scenes.camera import ADULT_M, Floats
from training.scenes.casting import Casting
from training.scenes.figures import cast_shadow, figure, light_table
from training.scenes.ground import draw_ground
from training.scenes.markings import draw_lines
from training.scenes.paint import shade
from training.scenes.play import BallSpot, ball_spots
from training.scenes.recipe import Recipe
from training.scenes.roster import KIND_OF, Place, roster
from training.scenes.stage import Stage

_FINE_PX_PER_M = 95.0
_STEP_M = 0.4
_HEADS = 0.05
"""Share of scenes with spectators' heads along the lower border."""


@dataclass(frozen=True)
class Standing:
    """Somebody with his feet on the grass: the sprite, feet (3,) metres and (2,) pixels, how many pixels a metre along x
    and y of the pitch takes there (2, 2), scale and distance."""

    place: Place
    sprite: Sprite
    foot: Floats
    foot_px: Floats
    slopes: Floats
    px_per_m: float
    depth_m: float


class Painter:
    """Paints one recipe. `stage` holds the picture, `ignored` the areas where nothing may be judged."""

    def __init__(self, recipe: Recipe, cast: Casting, rng: np.random.Generator, edition: int) -> None:
        self._recipe, self._cast, self._rng, self._edition = recipe, cast, rng, edition
        self._camera = recipe.camera
        self.ignored: list[tuple[float, float, float, float]] = []
        image, self._lit, wear = draw_ground(self._camera, recipe.pitch, recipe.turf, recipe.light, rng)
        self.stage = Stage(image)
        draw_lines(image, self._camera, recipe.pitch, recipe.paint, rng, wear)
        self._table = light_table(recipe.light, self._camera, rng)
        self._glow = rng.uniform(0.35, 0.95) if recipe.night else rng.uniform(0.7, 1.15)

    def paint(self) -> None:
        """Paint everything."""
        rng = self._rng
        self._litter()
        people = self._stand(roster(rng, self._recipe))
        held = [spot for who in people if (spot := self._held(who)) is not None]
        mine = [who for who in people if not who.place.is_behind]
        spots = ball_spots(rng, self._recipe, np.array([who.foot for who in mine if who.place.role != "staff"]), held)
        self._shadows(people, spots)
        outfits = self._outfits()
        near = self._beyond([who for who in people if who.place.is_behind], outfits)
        self._action(mine, spots, outfits)
        if rng.random() < _HEADS and self._recipe.kind != "free":
            self._heads()
        for side in near:
            if rng.random() < 0.8:
                for mask, roi in surroundings.draw_near(
                    self.stage.image, self._camera, side, rng, self._edition, self._glow
                ):
                    self.stage.hide(mask, roi)

    def _stand(self, places: list[Place]) -> list[Standing]:
        """Those whose size suits the scene, each with a sprite."""
        camera, recipe = self._camera, self._recipe
        if not places:
            return []
        feet = np.array([(place.x, place.y, 0.0) for place in places])
        # The feet, and a step along x and y of the pitch from them.
        spots = camera.project(feet + np.array([[[0, 0, 0]], [[_STEP_M, 0, 0]], [[0, _STEP_M, 0]]]))
        scales = camera.px_per_m(np.add(feet, (0, 0, 0.9)))
        depths = camera.depth(feet)
        fits = np.all(np.isfinite(spots), axis=(0, 2))
        fits &= (scales * ADULT_M >= 0.8 * recipe.least_px) & (scales * ADULT_M <= 1.15 * recipe.most_px)
        standing = []
        for i in np.flatnonzero(fits):
            place, scale = places[i], float(scales[i])
            elevation = float(np.degrees(camera.depression(np.add(feet[i], (0, 0, 0.9)))))
            young = recipe.young and place.role in {"home", "away", "keeper"}
            kind = KIND_OF[place.role]
            sprite = self._cast.pick(self._rng, kind, elevation, young=young, fine=scale > _FINE_PX_PER_M)
            slopes = ((spots[1:, i] - spots[0, i]) / _STEP_M).T
            standing.append(Standing(place, sprite, feet[i], spots[0, i], slopes, scale, float(depths[i])))
        return standing

    def _held(self, who: Standing) -> BallSpot | None:
        meta = who.sprite.meta
        if not np.isfinite(meta.ball_x):
            return None
        scale = who.px_per_m / meta.px_per_m
        at = who.foot_px + np.array([meta.ball_x - meta.foot_x, meta.ball_y - meta.foot_y]) * scale
        facing = np.cos(np.radians(meta.heading_deg))
        diameter = 2 * balls.RADIUS_M * who.px_per_m
        if diameter * self._recipe.out_px / self._recipe.draw_px < balls.LEAST_PX or self._rng.random() < 0.3:
            return None
        return BallSpot(
            (float(at[0]), float(at[1])), diameter, who.depth_m - 0.05 * float(np.sign(facing)), (0.0, 0.0), None, 1.0
        )

    def _bright(self, at_px: Floats) -> float:
        """The light on the grass at a pixel; 1 where that is not known."""
        cells = self._lit.shape[0]
        at = np.asarray(at_px) * cells / self._recipe.draw_px
        if not np.all(np.isfinite(at)):
            return 1.0
        x, y = at.clip(0, cells - 1).astype(int)
        return float(self._lit[y, x])

    def _litter(self) -> None:
        rng, camera, size = self._rng, self._camera, self._recipe.draw_px
        if rng.random() < (0.8 if self._recipe.kind in {"hard", "second_look"} else 0.35):
            spots = camera.ground(rng.uniform(0, size, (1 + min(12, int(rng.exponential(2.5))), 2)))
            spots = spots[np.all(np.isfinite(spots), axis=1)]
            if len(spots):
                balls.litter(self.stage.image, camera, spots, rng)

    def _shadows(self, people: list[Standing], spots: list[BallSpot]) -> None:
        camera, light = self._camera, self._recipe.light
        darkness = np.ones((self._recipe.draw_px, self._recipe.draw_px), np.float32)
        for who in people:
            if light.shade < 0.9 and self._bright(who.foot_px) < (1 + light.shade) / 2:
                continue  # in the shadow of a stand nobody has his own
            cast_shadow(darkness, who.sprite, camera, who.foot_px, who.slopes, who.px_per_m, light)
        for spot in spots:
            if spot.below is None or spot.height_m > 4:
                continue
            turn, length, strength = light.suns[0]
            fall = length * (spot.height_m - balls.RADIUS_M * 0.4)
            at = camera.project(np.add(spot.below, (fall * np.cos(turn), fall * np.sin(turn), 0)))
            if np.all(np.isfinite(at)):
                flat = float(np.sin(camera.depression(spot.below)))
                balls.shade_under(
                    darkness, (float(at[0]), float(at[1])), spot.diameter_px, flat, min(0.75, strength + 0.25)
                )
        shade(self.stage.image, darkness, (0, 0, self._recipe.draw_px, self._recipe.draw_px))

    def _outfits(self) -> dict[str, kits.Outfit]:
        home, away = kits.teams(self._rng, self._edition)
        return {"home": home, "away": away, "referee": kits.referee(self._rng)}

    def _wear(self, who: Standing, outfits: dict[str, kits.Outfit]) -> kits.Outfit:
        rng, role = self._rng, who.place.role
        clubs = (outfits["home"], outfits["away"])
        if role in {"staff", "other"}:
            return kits.staff(rng, clubs)
        if role == "keeper":
            return kits.player(kits.keeper(rng, clubs), rng, number=who.px_per_m > 25)
        return kits.player(outfits[role], rng, number=role != "referee" and who.px_per_m > 18 and rng.random() < 0.9)

    def _put_person(self, who: Standing, outfits: dict[str, kits.Outfit]) -> None:
        rng = self._rng
        streak = (0.0, 0.0)
        if rng.random() < 0.15:
            streak = (float(rng.normal(0, 0.09) * who.px_per_m), float(rng.normal(0, 0.02) * who.px_per_m))
        drawn = figure(
            who.sprite,
            self._wear(who, outfits),
            self._table,
            (float(who.foot_px[0]), float(who.foot_px[1])),
            who.px_per_m,
            lean_rad=float(rng.normal(0, 0.02)),
            bright=self._bright(who.foot_px),
            streak_px=streak,
        )
        if self.stage.covers(drawn.box):
            self.stage.put(drawn, "person")

    def _beyond(self, behind: list[Standing], outfits: dict[str, kits.Outfit]) -> list[surroundings.Side]:
        """Draw the far sides and those who stand behind their boards; returns the near sides for later."""
        rng, recipe, camera = self._rng, self._recipe, self._camera
        image = self.stage.image
        around = surroundings.sides(camera, recipe.pitch, recipe.margin_m)
        beyond = [side for side in around if side.is_beyond]
        draw_sky(image, camera, rng, night=recipe.night)
        for side in beyond:
            near_crowd = surroundings.draw_beyond(
                image, camera, side, rng, self._edition, stadium=recipe.stadium, light=self._glow
            )
            self.ignored += [(float(x0), float(y0), float(x1), float(y1)) for x0, y0, x1, y1 in near_crowd]
        for who in sorted(behind, key=lambda who: -who.depth_m):
            self._put_person(who, outfits)
        if rng.random() < (0.88 if recipe.stadium else 0.35):
            for side in beyond:
                covered = surroundings.draw_boards(image, camera, side, rng, self._edition, self._glow)
                if covered is not None:
                    self.stage.hide(*covered)
        return [side for side in around if not side.is_beyond]

    def _action(self, people: list[Standing], spots: list[BallSpot], outfits: dict[str, kits.Outfit]) -> None:
        """Paint all that stands on the grass, the farthest first."""
        image, camera = self.stage.image, self._camera
        acts: list[tuple[float, Callable[[], object]]] = []
        acts += [(who.depth_m, lambda who=who: self._put_person(who, outfits)) for who in people]  # type: ignore[misc]
        acts += [(spot.depth_m, lambda spot=spot: self._put_ball(spot)) for spot in spots]  # type: ignore[misc]
        for goal in self._goals():
            if not goals.is_near(goal, camera):
                continue
            light = self._bright(camera.project((goal.x, goal.y, 0)))
            acts += [
                (depth, lambda goal=goal, panel=panel, light=light: goals.draw_panel(image, camera, goal, panel, light))  # type: ignore[misc]
                for depth, panel in goals.net_panels(goal, camera)
            ]
            depth = float(camera.depth((goal.x, goal.y, goal.height_m / 2)))
            acts.append((depth - 0.01, lambda goal=goal, light=light: goals.draw_frame(image, camera, goal, light)))  # type: ignore[misc]
        for x, y in self._corners():
            depth = float(camera.depth((x, y, 0)))
            acts.append((depth, lambda x=x, y=y: balls.corner_flag(image, camera, x, y, self._rng)))  # type: ignore[misc]
        for _, act in sorted(acts, key=lambda act: -act[0]):
            act()

    def _heads(self) -> None:
        """Spectators between the camera and the pitch, of whom only heads and shoulders rise into the picture."""
        rng, size = self._rng, self._recipe.draw_px
        grass = self._camera.ground((size / 2, size - 1.0))
        scale = float(self._camera.px_per_m((*grass, 1.0)))
        if not np.isfinite(scale) or scale * ADULT_M < 14:
            return
        scale *= rng.uniform(1.0, 1.5)
        elevation = float(np.degrees(self._camera.depression((*grass, 1.0))))
        outfits = self._outfits()
        for x in rng.uniform(0, size, int(rng.integers(1, 9))):
            sprite = self._cast.pick(rng, Kind.STAFF, elevation, young=False, fine=scale > _FINE_PX_PER_M)
            foot = np.array([x, size + rng.uniform(0.85, 1.5) * scale])
            who = Standing(Place("staff", 0, 0), sprite, np.zeros(3), foot, np.eye(2), scale, 0.0)
            self._put_person(who, outfits)

    def _corners(self) -> list[tuple[float, float]]:
        """The corners of the pitch that are in the picture or nearly so."""
        length, width, size = self._recipe.pitch.length_m, self._recipe.pitch.width_m, self._recipe.draw_px
        corners = [(0.0, 0.0), (0.0, width), (length, 0.0), (length, width)]
        at = self._camera.project([(*corner, 0.5) for corner in corners])
        near = np.all(np.isfinite(at) & (np.abs(at - size / 2) < size), axis=1)
        return [corner for corner, is_near in zip(corners, near, strict=True) if is_near]

    def _put_ball(self, spot: BallSpot) -> None:
        bright = self._bright(np.array(spot.middle_px)) if spot.below is not None and spot.height_m < 1 else 1.0
        drawn = balls.ball(
            spot.middle_px, spot.diameter_px, self._table, self._rng, bright=bright, streak_px=spot.streak_px
        )
        self.stage.put(drawn, "ball")

    def _goals(self) -> list[goals.Goal]:
        rng, pitch = self._rng, self._recipe.pitch
        if self._recipe.kind == "free":
            return []
        found = []
        if rng.random() < 0.92:
            for x, facing in ((0.0, 0.0), (pitch.length_m, np.pi)):
                found.append(
                    goals.choose_goal(rng, x, pitch.width_m / 2, facing, pitch.goal_width_m, pitch.goal_height_m)
                )
        if rng.random() < 0.1:  # smaller goals on or beside the field
            for _ in range(int(rng.integers(1, 4))):
                at = self._camera.ground(rng.uniform(0.1, 0.9, 2) * self._recipe.draw_px)
                if np.all(np.isfinite(at)):
                    wide, high = ((5.0, 2.0), (3.0, 2.0), (1.8, 1.2), (1.2, 0.8))[int(rng.integers(4))]
                    found.append(
                        goals.choose_goal(rng, float(at[0]), float(at[1]), rng.uniform(0, 2 * np.pi), wide, high)
                    )
        return found
