"""Clothes as shells: the model's own helper surface, cut, hung and waved, that moves with the body's bones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from training.people.body import FloatArray, RestBody
from training.people.drape import crotch_share, hang, loose_leg_weights
from training.people.look import Clothes
from training.people.pieces import Piece, Surface, piece_of, relaxed, smooth, vertex_normals
from training.people.regions import BoolArray, Limb
from training.people.sprite import Outfit, Part
from training.people.waves import Waves


def dress(tights: Surface, skirt: Surface, body: RestBody, clothes: Clothes, rng: np.random.Generator) -> list[Piece]:
    """The clothes of a body at rest, from the skin outwards."""
    tailor = _Tailor(tights, body, clothes, rng)
    pieces = [tailor.feet()]
    if clothes.has_leg_layer or clothes.has_sleeve_layer:
        pieces.append(tailor.base_layer())
    pieces.append(tailor.legs())
    pieces.append(tailor.top())
    if clothes.outfit == Outfit.COAT:
        pieces.append(tailor.coat_skirt(skirt))
    return [piece for piece in pieces if len(piece.triangles)]


class _Tailor:
    """Cuts all garments of one body out of the tights, whose N vertices they share."""

    def __init__(self, tights: Surface, body: RestBody, clothes: Clothes, rng: np.random.Generator) -> None:
        self.tights = tights
        self.clothes = clothes
        self.body = body
        self.regions = tights.regions(body)
        self.points = self.regions.points
        self.normals = vertex_normals(self.points, tights.triangles)
        self.waves = Waves.drawn(rng, shortest_m=0.09, longest_m=0.3)
        model = tights.model
        self.shoulder_z = float(body.joints[model.bone_index["upperarm01.L"], 2])
        self.hip_z = float(body.joints[model.bone_index["upperleg01.L"], 2])
        self.waist_z = float(body.joints[model.bone_index["spine04"], 2])
        self.neck_z = float(body.joints[model.bone_index["neck01"], 2])
        self.size = float(self.neck_z / 1.48)  # against a person of 1.78 m

    def feet(self) -> Piece:
        """Boots, and socks where no trousers hide them."""
        around, along = self._legs_own(lambda limb: limb.around), self._legs_own(lambda limb: limb.along)
        is_leg = self.regions.is_leg
        boot_top = 1.97
        top = boot_top - 0.05 if self.clothes.has_long_legs else self.clothes.sock_top
        foot = along > boot_top
        shin_pad = np.exp(-((around / 0.9) ** 2)) * np.exp(-(((along - 1.5) / 0.3) ** 2))
        gap = np.where(foot, 0.006, 0.0045 + 0.006 * shin_pad) * self.size
        points: FloatArray = self.points + self.normals * gap[:, None]
        sole = points[:, 2] < 0.03 * self.size
        points[:, 2] = np.where(foot & sole, points[:, 2] - 0.012 * self.size, points[:, 2])
        keep = self._faces(is_leg & (along > top))
        points = self._cut_legs(points, lower=top)
        triangles = self.tights.triangles
        is_boot = np.all(along[triangles] > boot_top, axis=1)
        part = np.where(is_boot, Part.BOOT, Part.SOCK)
        beyond = np.where(is_boot, Part.SOLE, Part.BOOT)
        to_sole = 0.016 * self.size - points[triangles, 2]
        edge = np.where(is_boot[:, None], to_sole, along[triangles] - boot_top)
        return self._piece(points, keep, part, around, (along - top) / (2 - top), beyond=beyond, edge=edge)

    def base_layer(self) -> Piece:
        """Tight sleeves and tights under the kit."""
        arm_along, leg_along = (self._arms_own(lambda limb: limb.along), self._legs_own(lambda limb: limb.along))
        covered = np.zeros(len(self.points), bool)
        if self.clothes.has_sleeve_layer:
            covered |= self.regions.is_arm & (arm_along < 1.93)
        if self.clothes.has_leg_layer:
            covered |= self.regions.is_leg & (leg_along < 1.3)
        around = np.where(
            self.regions.is_arm, self._arms_own(lambda limb: limb.around), self._legs_own(lambda limb: limb.around)
        )
        along = np.where(self.regions.is_arm, arm_along, leg_along)
        points = self.points + self.normals * np.float32(0.003)
        part = np.full(len(self.tights.triangles), Part.BASELAYER)
        return self._piece(points, self._faces(covered), part, around, along / 2)

    @cached_property
    def leg_points(self) -> FloatArray:
        """All vertices of the tights as shorts or trousers, not yet cut."""
        clothes, r = self.clothes, self.regions
        is_long = clothes.has_long_legs
        waist = self.waist_z + 0.01
        seat = self._trunk_hung(
            ~r.is_arm & (self.points[:, 2] < waist + 0.03) & (self.points[:, 2] > self.hip_z - 0.16),
            ease_m=0.006 + clothes.leg_ease_m / 2,
            taper=0.1,
        )
        hung = seat
        for limb in r.legs:
            inside = limb.member & (limb.along > -0.25) & (limb.along < clothes.leg_end + 0.3)
            down = limb.along * limb.length_m[0]
            radius = limb.radius_m.copy()
            radius[inside] = hang(
                limb.around[inside],
                down[inside],
                limb.radius_m[inside],
                ease_m=clothes.leg_ease_m,
                taper=0.10 if is_long else 0.0,
                flare=0.0 if is_long else clothes.leg_flare,
            )
            # between the thighs the cloth has no room to stand off
            side = 1.0 if limb is r.legs[0] else -1.0
            room = 1 - 0.8 * smooth(-limb.outward[:, 0] * side + 0.1)
            tube = self.points + limb.outward * ((radius - limb.radius_m) * room)[:, None]
            share = smooth((limb.along + 0.02) / 0.28) * limb.member
            hung = hung * (1 - share[:, None]) + tube * share[:, None]
        loose = smooth((waist - self.points[:, 2]) / 0.3)
        share = crotch_share(self.tights)
        hung = relaxed(hung, self.tights.edges, share, rounds=12)
        # football shorts are cut low between the legs
        low = share * np.exp(-((self.points[:, 0] / 0.055) ** 2))
        hung[:, 2] -= (0.05 if is_long else 0.085) * self.size * low
        waved: FloatArray = hung + self.normals * (self.waves(self.points) * clothes.fold_m * loose)[:, None]
        return waved

    def legs(self) -> Piece:
        """Shorts or long trousers, with the seat."""
        clothes, r, hung = self.clothes, self.regions, self.leg_points
        is_long, is_leg = clothes.has_long_legs, self.regions.is_leg
        waist = self.waist_z + 0.01
        along = self._legs_own(lambda limb: limb.along)
        keep = self._faces(
            (~r.is_arm) & (self.points[:, 2] < waist) & (along < clothes.leg_end) & ~(is_leg & (along > 1.99))
        )
        hung = self._cut_legs(hung, upper=clothes.leg_end)
        above = (hung[:, 2] > waist) & ~r.is_arm
        hung[:, 2] = np.where(above, waist, hung[:, 2])
        if clothes.is_tucked:
            hung = hung + self._level_out(0.012 * (1 - smooth((waist - self.points[:, 2]) / 0.1)))
        part = np.full(len(self.tights.triangles), Part.TROUSERS if is_long else Part.SHORTS)
        hem_z = self.hip_z - min(clothes.leg_end, 1.0) * r.legs[0].length_m[0]
        hem_z -= max(clothes.leg_end - 1, 0) * r.legs[0].length_m[1]
        v = (waist - self.points[:, 2]) / (waist - hem_z)
        around = self._legs_own(lambda limb: limb.around) if is_long else r.around
        around = np.where(is_leg, around, r.around) if is_long else around
        piece = self._piece(hung, keep, part, around, v)
        return replace(piece, weights=loose_leg_weights(self.tights))

    def top(self) -> Piece:
        """Shirt, tracksuit top or the upper part of a coat, with its sleeves."""
        clothes, r = self.clothes, self.regions
        hem = self._shirt_hem_z()
        points = self._shirt_points()
        arm_along = self._arms_own(lambda limb: limb.along)
        z = self.points[:, 2]
        keep = self._faces((r.is_arm & (arm_along < clothes.sleeve_end)) | (~r.is_arm & (z > hem)))
        points = self._cut_arms(points, clothes.sleeve_end)
        points[:, 2] = np.where(~r.is_arm & (points[:, 2] < hem), hem, points[:, 2])
        triangles = self.tights.triangles
        is_coat = clothes.outfit == Outfit.COAT
        part = np.full(len(triangles), Part.COAT if is_coat else Part.SHIRT)
        beyond = np.full(len(triangles), Part.COLLAR)
        collar_z = z[~r.is_arm].max() - (0.035 if clothes.has_collar else 0.015) * self.size
        edge = z[triangles] - collar_z
        if clothes.outfit == Outfit.BIB:
            beyond[:] = Part.BIB
            edge = self._bib_edge()[triangles]
        around, v = r.around[triangles], ((self.shoulder_z + 0.05 - z) / (self.shoulder_z + 0.05 - hem))[triangles]
        for limb, sleeve in zip(r.arms, (Part.SLEEVE_LEFT, Part.SLEEVE_RIGHT), strict=True):
            at_arm = limb.member[triangles].any(axis=1)
            edge[at_arm] = limb.along[triangles[at_arm]] - 0.1
            beyond[at_arm] = Part.COAT if is_coat else sleeve
            inside = limb.member[triangles].all(axis=1)
            around[inside] = limb.around[triangles[inside]]
            v[inside] = limb.along[triangles[inside]] / clothes.sleeve_end
        return self._piece(points, keep, part, around, v, beyond=beyond, edge=edge)

    def _bib_edge(self) -> FloatArray:
        """(N,) above 0 where a bib lies over what is worn: no sleeves, open neck, hem at the waist."""
        z, x = self.points[:, 2], np.abs(self.points[:, 0])
        side = 0.78 * self._shoulder_x() + 0.5 * np.maximum(self.shoulder_z - 0.14 - z, 0) - x
        neck = self.neck_z + 0.2 * x - z
        edge: FloatArray = np.minimum(np.minimum(z - self.waist_z + 0.05, side), neck)
        return edge

    def coat_skirt(self, skirt: Surface) -> Piece:
        """The lower part of a long coat, one tube around both legs."""
        r = skirt.regions(self.body)
        end = self.hip_z - self.clothes.coat_end * self.regions.legs[0].length_m[0]
        gap = 0.03 + 0.02 * smooth((self.waist_z - r.points[:, 2]) / 0.5)
        points = r.points + r.outward * gap[:, None]
        points = points + r.outward * (self.waves(r.points) * self.clothes.fold_m * 1.5)[:, None]
        keep = np.any(r.points[skirt.triangles, 2] > end, axis=1)
        points[:, 2] = np.maximum(points[:, 2], end)
        v = (self.shoulder_z - r.points[:, 2]) / (self.shoulder_z - end)
        part = np.full(len(skirt.triangles), Part.COAT)
        return piece_of(skirt, points, keep, part, around=r.around, v=v)

    def _shirt_hem_z(self) -> float:
        if self.clothes.is_tucked:
            return self.waist_z - 0.02
        return self.hip_z - self.clothes.shirt_hem_m

    def _shirt_points(self) -> FloatArray:
        """All vertices of the tights as shirt: hung from the chest, sleeves hung from the shoulders."""
        clothes, r = self.clothes, self.regions
        z = self.points[:, 2]
        trunk = ~r.is_arm & (z < self.shoulder_z - 0.03) & (z > self._shirt_hem_z() - 0.12)
        worn_m = np.zeros_like(z)
        if not clothes.is_tucked:  # the shirt hangs over what is worn on the legs
            worn_m = np.maximum(((self.leg_points - self.points) * r.outward).sum(axis=1), 0) * (z < self.waist_z)
        hung = self._trunk_hung(trunk, worn_m=worn_m, ease_m=clothes.shirt_ease_m, taper=clothes.shirt_taper)
        near = self.points + self.normals * np.float32(0.007)
        share = smooth((self.shoulder_z + 0.01 - z) / 0.15)[:, None]
        points = near * (1 - share) + hung * share
        for limb in r.arms:
            inside = limb.member & (limb.along < clothes.sleeve_end + 0.3)
            radius = limb.radius_m.copy()
            is_long = clothes.sleeve_end > 1.5
            radius[inside] = hang(
                limb.around[inside],
                (limb.along * limb.length_m[0])[inside],
                limb.radius_m[inside],
                ease_m=0.006 + clothes.shirt_ease_m / 3,
                taper=0.12 if is_long else 0.02,
            )
            cuff = smooth((limb.along - clothes.sleeve_end + 0.25) / 0.2) if is_long else 0.0
            grown = (radius - limb.radius_m) * (1 - cuff) + 0.008 * cuff
            tube = self.points + limb.outward * grown[:, None]
            share = (smooth((limb.along - 0.05) / 0.35) * limb.member)[:, None]
            points = points * (1 - share) + tube * share
        loose = 0.35 + 0.65 * smooth((self.shoulder_z - z) / 0.4)
        points = points + self.normals * (self.waves(self.points) * clothes.fold_m * loose)[:, None]
        if not clothes.is_tucked:  # nor do its waves let that through
            under = ((self.leg_points - points) * r.outward).sum(axis=1) + 0.006
            points = points + r.outward * (np.maximum(under, 0) * ~r.is_arm * (z < self.waist_z + 0.06))[:, None]
        return points

    def _trunk_hung(
        self, chosen: BoolArray, *, ease_m: float, taper: float, worn_m: FloatArray | float = 0.0
    ) -> FloatArray:
        """All points, those chosen moved out level to where cloth around the trunk, and what is worn there, hangs."""
        r = self.regions
        radius, under = r.radius_m.copy(), r.radius_m + worn_m
        radius[chosen] = hang(r.around[chosen], -r.points[chosen, 2], under[chosen], ease_m=ease_m, taper=taper)
        return self.points + r.outward * (radius - r.radius_m)[:, None]

    def _level_out(self, gap_m: FloatArray) -> FloatArray:
        return self.regions.outward * (gap_m * ~self.regions.is_arm)[:, None]

    def _cut_legs(self, points: FloatArray, *, lower: float | None = None, upper: float | None = None) -> FloatArray:
        """Vertices beyond an edge are drawn back onto it, so that the edge is a clean line."""
        for limb in self.regions.legs:
            if lower is not None:
                points = _drawn_to(points, limb, limb.member & (limb.along < lower), lower)
            if upper is not None:
                points = _drawn_to(points, limb, limb.member & (limb.along > upper), upper)
        return points

    def _cut_arms(self, points: FloatArray, end: float) -> FloatArray:
        for limb in self.regions.arms:
            points = _drawn_to(points, limb, limb.member & (limb.along > end), end)
        return points

    def _faces(self, inside: BoolArray) -> BoolArray:
        kept: BoolArray = np.any(inside[self.tights.triangles], axis=1)
        return kept

    def _legs_own(self, number: Callable[[Limb], FloatArray]) -> FloatArray:
        left, right = self.regions.legs
        return np.where(self.points[:, 0] >= 0, number(left), number(right))

    def _arms_own(self, number: Callable[[Limb], FloatArray]) -> FloatArray:
        left, right = self.regions.arms
        return np.where(self.points[:, 0] >= 0, number(left), number(right))

    def _shoulder_x(self) -> float:
        return float(self.body.joints[self.tights.model.bone_index["upperarm01.L"], 0])

    def _piece(
        self,
        points: FloatArray,
        keep: BoolArray,
        part: NDArray[np.int_],
        around: FloatArray,
        v: FloatArray,
        *,
        beyond: NDArray[np.int_] | None = None,
        edge: FloatArray | None = None,
    ) -> Piece:
        return piece_of(self.tights, points, keep, part, around=around, v=v, beyond=beyond, edge=edge)


def _drawn_to(points: FloatArray, limb: Limb, chosen: BoolArray, edge: float) -> FloatArray:
    length = np.where(limb.along > 1, limb.length_m[1], limb.length_m[0])
    back = (limb.along - edge) * length * chosen
    return points - limb.axis * back[:, None]
