"""Which kit each tracked person wears: two kits found in the first seconds of play, everybody else is no player.

A and B are fixed once and never swap: by the club colours when they are clearly told apart, else A defends the left
goal, else A is the kit that more people wear.
"""

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from touchline.engine.appearance import bgr_to_lab, lab_to_bgr, worn_colors
from touchline.engine.types import BoolArray, Calibration, FloatArray, Frame, IntArray, Tracks
from touchline.football.pitch import STANDARD_PITCH, PitchSize
from touchline.football.vocabulary import Role, Side, TeamCode

# Shirt, then shorts, in CIE Lab: what counts as one unit of difference while kits are sought. Lightness counts less
# than hue and chroma (half the pitch may lie in shadow), and shorts less than shirts: they are seen worse.
_SCALE = np.array([0.7, 1.0, 1.0, 0.3, 0.4, 0.4])
# Once kits are known distances are in standard deviations of the people who wear them, at least these.
_LEAST_SPREAD = np.array([6.0, 4.0, 4.0, 10.0, 6.0, 6.0])
_WEARS_IT = 4.2
_FIT_AFTER_S, _RETRY_S = 20.0, 5.0
_PLAY_PEOPLE = 6
_LEAST_WEIGHT = 1.5
# Beyond this distance a colour is none of the kits; it also caps what one referee can cost when kits are sought.
_FOREIGN, _LEAST_SEPARATION = 30.0, 12.0
_CLEARER = 0.8
_OUTLIER = 18.0
_KIT_LEARNING = 0.002
_SHARE_OF_TEAM = 0.12
_CLUB_CLEAR, _CLUB_MARGIN, _CLUB_WORN, _FULL_CHROMA = 20.0, 15.0, 35.0, 40.0
_CENTROID_CLEAR_M = 3.0
# Where a keeper stands, and how often somebody must be the deepest there to be one.
_KEEPER_DEPTH_M, _KEEPER_BESIDE_M = 22.0, 22.0
_KEEPER_VOTES, _KEEPER_SHARE = 5, 0.5
_OUTSIDE_M, _OUTSIDE_SHARE = 0.5, 0.6
_FORGET_AFTER_S = 60.0
_CENTROID_MEMORY_S = 180.0


@dataclass
class _Person:
    """What is known of one track."""

    color: FloatArray = field(default_factory=lambda: np.zeros(6))
    weight: float = 0.0
    frames: int = 0
    placed: int = 0
    outside: int = 0
    keeper_votes: dict[bool, int] = field(default_factory=lambda: {True: 0, False: 0})  # left goal?
    last_s: float = 0.0

    def wear(self, color: FloatArray, trust: float) -> None:
        """Add one look at the shirt; looks unlike the others count less."""
        if trust <= 0:
            return
        if self.weight > 3:
            trust *= min(1.0, _OUTLIER / max(float(_distance(color, self.color)), 1e-6))
        self.weight += trust
        self.color = self.color + (color - self.color) * (trust / self.weight)


@dataclass
class _Kits:
    """Two kit colours (2, 6) Lab, row 0 is A, and the spread (6,) among people who wear the same kit."""

    colors: FloatArray
    spread: FloatArray


class KitClassifier:
    """TeamClassifier port."""

    def __init__(
        self,
        *,
        pitch: PitchSize = STANDARD_PITCH,
        home_color: str | None = None,
        away_color: str | None = None,
        attacks_right_a: bool | None = None,
    ) -> None:
        """Args:
        pitch: its size, for keepers and people beside the pitch.
        home_color: the home club's colour as #rrggbb.
        away_color: the away club's.
        attacks_right_a: what the user said about A's direction: without club colours it tells which goal A defends.
        """
        self._pitch = pitch
        self._clubs = tuple(_parse_color(color) for color in (home_color, away_color))
        self._attacks_right_a = attacks_right_a
        self._people: dict[int, _Person] = {}
        self._final: dict[int, tuple[int, int]] = {}
        self._kits: _Kits | None = None
        self._history: list[tuple[float, IntArray, FloatArray]] = []
        self._play_s, self._last_s, self._next_try_s = 0.0, None, _FIT_AFTER_S  # type: float, float | None, float
        self._depths: deque[tuple[float, float, float]] = deque()
        self._why_a = ""

    @property
    def is_fitted(self) -> bool:
        return self._kits is not None

    @property
    def why_a(self) -> str:
        return self._why_a

    @property
    def kit_colors(self) -> Mapping[Side, tuple[int, int, int]]:
        """Kit colours as 8-bit BGR; empty while unknown."""
        if self._kits is None:
            return {}
        return {side: lab_to_bgr(self._kits.colors[row, :3]) for row, side in enumerate(Side)}

    def observe(self, frame: Frame, tracks: Tracks, calibration: Calibration | None) -> None:
        """Learn from one analysed frame."""
        colors, trust = worn_colors(frame.image, tracks.boxes)
        places = _places(tracks.boxes, calibration)
        for row, track in enumerate(tracks.ids.tolist()):
            person = self._people.setdefault(track, _Person())
            person.wear(colors[row].astype(float), float(trust[row]))
            person.frames += 1
            person.last_s = frame.time_s
            if np.isfinite(places[row, 0]):
                person.placed += 1
                person.outside += int(self._is_outside(places[row]))
        if self._kits is None:
            self._wait(frame.time_s, tracks.ids, places)
        else:
            self._follow(frame.time_s, tracks.ids, places)
        self._forget(frame.time_s)

    def fit(self) -> None:
        """Find the two kits among what was seen so far; nothing changes when there are none, or when done before."""
        if self._kits is not None:
            return
        people = [
            (track, person)
            for track, person in self._people.items()
            if person.weight >= _LEAST_WEIGHT and person.outside < _OUTSIDE_SHARE * max(person.placed, 1)
        ]
        if len(people) < 4:
            return
        colors = np.array([person.color for _, person in people])
        weights = np.array([person.frames for _, person in people], float)
        kits = _find_kits(colors, weights)
        if kits is None:
            return
        members = {track: int(team) for (track, _), team in zip(people, _nearest_kit(colors, kits), strict=True)}
        counts = [
            sum(weights[row] for row, (track, _) in enumerate(people) if members[track] == team) for team in (0, 1)
        ]
        order, self._why_a = self._name_kits(kits, members, counts)
        self._kits = _Kits(kits.colors[order], kits.spread)
        for time_s, ids, places in self._history:
            teams = _nearest_kit(
                np.array([self._people[track].color for track in ids.tolist()]).reshape(-1, 6), self._kits
            )
            self._remember_depths(time_s, teams, places)
            self._vote_keepers(ids, places)
        self._history = []

    def labels(self, ids: IntArray) -> tuple[IntArray, IntArray]:
        """(teams, roles) int8 of `TeamCode` and `Role` for track ids (N,)."""
        found = [self._final.get(track) or self._label(self._people.get(track)) for track in np.asarray(ids).tolist()]
        table = np.array(found, np.int8).reshape(-1, 2)
        return table[:, 0], table[:, 1]

    def _label(self, person: _Person | None) -> tuple[int, int]:
        if person is None or self._kits is None or person.weight < _LEAST_WEIGHT:
            return TeamCode.UNKNOWN, Role.UNKNOWN
        if person.placed and person.outside >= _OUTSIDE_SHARE * person.placed:
            return TeamCode.UNKNOWN, Role.OTHER
        team = int(_nearest_kit(person.color[None], self._kits)[0])
        if team >= 0:
            return team, Role.PLAYER
        for is_left, votes in person.keeper_votes.items():
            if votes >= _KEEPER_VOTES and votes >= _KEEPER_SHARE * person.placed:
                return self._defender_of(is_left=is_left), Role.KEEPER
        return TeamCode.UNKNOWN, Role.REFEREE if person.placed else Role.OTHER

    def _wait(self, time_s: float, ids: IntArray, places: FloatArray) -> None:
        """Count seconds of play until the kits can be found."""
        step_s = 0.0 if self._last_s is None else min(1.0, time_s - self._last_s)
        self._last_s = time_s
        if len(ids) >= _PLAY_PEOPLE:
            self._play_s += step_s
        self._history.append((time_s, ids, places))
        if self._play_s >= self._next_try_s:
            self._next_try_s += _RETRY_S
            self.fit()
            # Memory stays bounded while no kits can be told apart.
            self._history = self._history[-600:]

    def _follow(self, time_s: float, ids: IntArray, places: FloatArray) -> None:
        """After the fit: let kits drift with the light, keep centroids, vote for keepers."""
        assert self._kits is not None
        people = [self._people[track] for track in ids.tolist()]
        if not people:
            return
        colors = np.array([person.color for person in people])
        teams = _nearest_kit(colors, self._kits)
        for team in (0, 1):
            sure = colors[(teams == team) & np.array([person.weight > 5 for person in people])]
            if len(sure):
                self._kits.colors[team] += _KIT_LEARNING * len(sure) * (sure.mean(axis=0) - self._kits.colors[team])
        self._remember_depths(time_s, teams, places)
        self._vote_keepers(ids, places)

    def _remember_depths(self, time_s: float, teams: IntArray, places: FloatArray) -> None:
        """Mean x of both teams, for telling who defends which goal."""
        if _any_placed(places, teams == 0) and _any_placed(places, teams == 1):
            middles = [float(np.nanmean(places[teams == team, 0])) for team in (0, 1)]
            self._depths.append((time_s, middles[0], middles[1]))
        while self._depths and self._depths[0][0] < time_s - _CENTROID_MEMORY_S:
            self._depths.popleft()

    def _vote_keepers(self, ids: IntArray, places: FloatArray) -> None:
        """One vote per goal and frame for the deepest person there who wears neither kit."""
        assert self._kits is not None
        if len(ids) == 0 or not np.isfinite(places[:, 0]).any():
            return
        for is_left in (True, False):
            depth = places[:, 0] if is_left else self._pitch.length_m - places[:, 0]
            beside = np.abs(places[:, 1] - self._pitch.width_m / 2)
            near = np.isfinite(depth) & (depth > -2) & (depth < _KEEPER_DEPTH_M) & (beside < _KEEPER_BESIDE_M)
            if not near.any():
                continue
            deepest = int(np.flatnonzero(near)[np.argmin(depth[near])])
            person = self._people.get(int(ids[deepest]))
            if person is not None and _nearest_kit(person.color[None], self._kits)[0] < 0:
                person.keeper_votes[is_left] += 1

    def _defender_of(self, *, is_left: bool) -> int:
        """The team that defends a goal, by who stood nearer to it lately."""
        if not self._depths:
            return int(TeamCode.UNKNOWN)
        lead = np.median([a - b for _, a, b in self._depths])
        if abs(lead) < _CENTROID_CLEAR_M:
            return int(TeamCode.UNKNOWN)
        return int(TeamCode.A if (lead < 0) == is_left else TeamCode.B)

    def _name_kits(self, kits: _Kits, members: Mapping[int, int], counts: list[float]) -> tuple[IntArray, str]:
        """Rows of the kits in the order A, B, and why."""
        keep, turn = np.array([0, 1]), np.array([1, 0])
        home, away = self._clubs
        if home is not None and away is not None and _club_distance(home, away) >= _CLUB_CLEAR:
            apart = np.array([[_club_distance(kit, club) for club in (home, away)] for kit in kits.colors])
            straight, crossed = apart[0, 0] + apart[1, 1], apart[1, 0] + apart[0, 1]
            chosen = np.diag(apart) if straight < crossed else np.diag(apart[::-1])
            # Somebody must wear something like a club's colour: two teams in other kits tell nothing.
            if abs(straight - crossed) >= _CLUB_MARGIN and chosen.min() <= _CLUB_WORN:
                return (keep if straight < crossed else turn), "home colour"
        leads = []
        for _, ids, places in self._history:
            teams = np.array([members.get(track, -1) for track in ids.tolist()], int)
            if _any_placed(places, teams == 0) and _any_placed(places, teams == 1):
                leads.append(np.nanmean(places[teams == 0, 0]) - np.nanmean(places[teams == 1, 0]))
        if leads and abs(np.mean(leads)) >= _CENTROID_CLEAR_M:
            first_defends_left = np.mean(leads) < 0
            a_defends_left = self._attacks_right_a is not False
            goal = "left" if a_defends_left else "right"
            return (keep if first_defends_left == a_defends_left else turn), f"defends the {goal} goal"
        return (keep if counts[0] >= counts[1] else turn), "larger group"

    def _is_outside(self, place: FloatArray) -> bool:
        x, y = float(place[0]), float(place[1])
        return not (
            -_OUTSIDE_M <= x <= self._pitch.length_m + _OUTSIDE_M
            and -_OUTSIDE_M <= y <= self._pitch.width_m + _OUTSIDE_M
        )

    def _forget(self, time_s: float) -> None:
        """People long unseen keep their label and nothing else."""
        if self._kits is None:
            return
        gone = [track for track, person in self._people.items() if time_s - person.last_s > _FORGET_AFTER_S]
        for track in gone:
            self._final[track] = self._label(self._people.pop(track))


def _find_kits(colors: FloatArray, weights: FloatArray) -> _Kits | None:
    """The two colours that most people wear; None when there are no two.

    Centres are sought among the people themselves: the pair that leaves the least distance, where nobody costs more
    than a stranger does, so that referees and keepers do not pull a centre to themselves.
    """
    apart = _distance(colors[:, None], colors[None])
    capped = np.minimum(apart, _FOREIGN)
    best: tuple[float, int, int] | None = None
    for first in range(len(colors)):
        with_first = np.minimum(capped[first], capped[first + 1 :])
        cost = with_first @ weights
        cost[apart[first, first + 1 :] < _LEAST_SEPARATION] = np.inf
        if len(cost) and (best is None or cost.min() < best[0]):
            second = int(np.argmin(cost))
            best = (float(cost[second]), first, first + 1 + second)
    if best is None or not np.isfinite(best[0]):
        return None
    centres = colors[[best[1], best[2]]].astype(float)
    near = capped[:, [best[1], best[2]]]
    teams = np.where(near.min(axis=1) < _FOREIGN / 2, near.argmin(axis=1), -1)
    kits = _Kits(centres, _LEAST_SPREAD)
    for _ in range(5):
        shares = [weights[teams == team].sum() / weights.sum() for team in (0, 1)]
        if min(shares) < _SHARE_OF_TEAM:
            return None
        centres = np.array(
            [np.average(colors[teams == team], axis=0, weights=weights[teams == team]) for team in (0, 1)]
        )
        inside = teams >= 0
        off = colors[inside] - centres[teams[inside]]
        spread = np.sqrt(np.average(off**2, axis=0, weights=weights[inside]))
        kits = _Kits(centres, np.hypot(_LEAST_SPREAD, spread))
        teams = _nearest_kit(colors, kits)
    return kits


def _nearest_kit(colors: FloatArray, kits: _Kits) -> IntArray:
    """(N,) kit row of each colour (N, 6); -1 when it is too far from both or lies between them."""
    distance = np.linalg.norm((np.asarray(colors, float)[:, None] - kits.colors[None]) / kits.spread, axis=2)
    rows = np.arange(len(distance))
    nearest = distance.argmin(axis=1)
    own, other = distance[rows, nearest], distance[rows, 1 - nearest]
    return np.where((own <= _WEARS_IT) & (own < _CLEARER * other), nearest, -1)


def _distance(a: FloatArray, b: FloatArray) -> FloatArray:
    return np.asarray(np.linalg.norm((a - b) * _SCALE, axis=-1))


def _club_distance(a: FloatArray, b: FloatArray) -> float:
    """Between colours of clubs or shirts; screens are more colourful than cloth, so strong chroma counts alike."""
    flat = []
    for color in (a, b):
        chroma = float(np.hypot(color[1], color[2]))
        flat.append(np.array([0.7 * color[0], *(color[1:3] * min(1.0, _FULL_CHROMA / max(chroma, 1e-6)))]))
    return float(np.linalg.norm(flat[0] - flat[1]))


def _any_placed(places: FloatArray, rows: BoolArray) -> bool:
    return bool(np.isfinite(places[rows, 0]).any())


def _places(boxes: FloatArray, calibration: Calibration | None) -> FloatArray:
    """(N, 2) metres, frame P, of the feet; NaN when not calibrated."""
    if calibration is None or len(boxes) == 0:
        return np.full((len(boxes), 2), np.nan)
    feet = np.column_stack([(boxes[:, 0] + boxes[:, 2]) / 2, boxes[:, 3]])
    return calibration.to_pitch(feet)


def _parse_color(text: str | None) -> FloatArray | None:
    """CIE Lab of #rgb or #rrggbb; None for anything else."""
    digits = (text or "").strip().lstrip("#")
    if len(digits) == 3:
        digits = "".join(2 * digit for digit in digits)
    if len(digits) == 8:
        digits = digits[-6:]  # #aarrggbb
    if len(digits) != 6 or any(digit not in "0123456789abcdefABCDEF" for digit in digits):
        return None
    red, green, blue = (int(digits[index : index + 2], 16) for index in (0, 2, 4))
    return bgr_to_lab((blue, green, red)).astype(float)
