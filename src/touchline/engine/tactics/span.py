"""A stretch of play as arrays: what the frames of a window say, one column per track."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from touchline.engine.types import FloatArray, IntArray, Observation
from touchline.football.vocabulary import Role, TeamCode

BoolArray = NDArray[np.bool_]


@dataclass(frozen=True)
class Sighting:
    """The part of an observation that tactics keep: no boxes, no scores."""

    time_s: float
    track_ids: IntArray
    teams: IntArray
    roles: IntArray
    positions: FloatArray
    ball: FloatArray
    visible: FloatArray | None

    @staticmethod
    def of(observation: Observation) -> "Sighting":
        """Keep positions (N, 2) and ball (2,) in metres, frame P; NaN where unseen."""
        return Sighting(
            time_s=float(observation.time_s),
            track_ids=np.asarray(observation.track_ids, np.int64),
            teams=np.asarray(observation.teams, np.int64),
            roles=np.asarray(observation.roles, np.int64),
            positions=np.asarray(observation.positions, np.float64).reshape(-1, 2),
            ball=np.asarray(observation.ball_position, np.float64).reshape(2),
            visible=observation.visible,
        )


@dataclass(frozen=True)
class RawSpan:
    """Frames as they were seen, in time order.

    times_s (T,); ids, teams, roles (P,) with one majority label per track; positions (T, P, 2) and ball (T, 2)
    metres, frame P, NaN where unseen; polygon (T,) index into `polygons`, -1 where none is known.
    """

    times_s: FloatArray
    ids: IntArray
    teams: IntArray
    roles: IntArray
    positions: FloatArray
    ball: FloatArray
    polygon: IntArray
    polygons: tuple[FloatArray, ...]


def gather(sightings: Sequence[Sighting]) -> RawSpan:
    """Lay sightings out as arrays; every track carries the label that most of its frames agree on."""
    lengths = [len(sighting.track_ids) for sighting in sightings]
    frame = np.repeat(np.arange(len(sightings)), lengths)
    empty = np.zeros(0, np.int64)
    ids, column = np.unique(_joined([s.track_ids for s in sightings], empty), return_inverse=True)
    teams, roles = majority_labels(
        column,
        _joined([s.teams for s in sightings], empty),
        _joined([s.roles for s in sightings], empty),
        tracks=len(ids),
    )
    positions = np.full((len(sightings), len(ids), 2), np.nan)
    positions[frame, column] = _joined([s.positions for s in sightings], np.zeros((0, 2)))
    polygon, polygons = _distinct_polygons(sightings)
    return RawSpan(
        times_s=np.array([s.time_s for s in sightings], np.float64),
        ids=ids,
        teams=teams,
        roles=roles,
        positions=positions,
        ball=np.array([s.ball for s in sightings], np.float64).reshape(-1, 2),
        polygon=polygon,
        polygons=polygons,
    )


def majority_labels(column: IntArray, teams: IntArray, roles: IntArray, *, tracks: int) -> tuple[IntArray, IntArray]:
    """One team and role per track from labels that improve over time.

    Frames that know nothing yet do not vote; a track that is mostly a referee or bystander has no team; a track is
    a keeper when most of its team frames say so.

    Args:
        column: (R,) track column of each row.
        teams: (R,) of TeamCode.
        roles: (R,) of Role.
        tracks: number of columns.

    Returns:
        teams (tracks,), roles (tracks,).
    """

    def votes(mask: BoolArray) -> IntArray:
        return np.bincount(column[mask], minlength=tracks)

    outside = votes((roles == Role.REFEREE) | (roles == Role.OTHER))
    in_a = votes((teams == TeamCode.A) & (roles != Role.REFEREE) & (roles != Role.OTHER))
    in_b = votes((teams == TeamCode.B) & (roles != Role.REFEREE) & (roles != Role.OTHER))
    keeper = votes(roles == Role.KEEPER)
    inside = in_a + in_b
    team = np.where(in_a >= in_b, TeamCode.A, TeamCode.B)
    team = np.where((inside == 0) | (outside > inside), TeamCode.UNKNOWN, team)
    player = votes(roles == Role.PLAYER)
    role = np.where(keeper > player, Role.KEEPER, Role.PLAYER)
    role = np.where(outside > inside + keeper, Role.OTHER, role)
    return team.astype(np.int64), role.astype(np.int64)


def _joined(
    parts: list[NDArray[np.generic]] | list[FloatArray] | list[IntArray], empty: NDArray[np.generic]
) -> IntArray:
    return np.concatenate([empty, *parts])


def _distinct_polygons(sightings: Sequence[Sighting]) -> tuple[IntArray, tuple[FloatArray, ...]]:
    # A fixed camera hands the same array over with every frame, so identity is enough and costs nothing.
    seen: dict[int, int] = {}
    polygons: list[FloatArray] = []
    index = np.full(len(sightings), -1, np.int64)
    for row, sighting in enumerate(sightings):
        if sighting.visible is None or len(sighting.visible) < 3:
            continue
        key = id(sighting.visible)
        if key not in seen:
            seen[key] = len(polygons)
            polygons.append(np.asarray(sighting.visible, np.float64))
        index[row] = seen[key]
    return index, tuple(polygons)
