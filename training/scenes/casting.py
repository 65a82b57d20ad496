"""Finding the sprite for a part: of the right kind, seen from about the right height, young or grown, fine enough."""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np

from training.people.sprite import Kind, Sprite, SpriteMeta

_NEAR_DEG = 5.0
_FEW = 8
_FINE_PX_PER_M = 180


class Bank(Protocol):
    """What scenes need of a bank of sprites."""

    @property
    def metas(self) -> Sequence[SpriteMeta]: ...

    def __len__(self) -> int: ...

    def sprite(self, i: int, /) -> Sprite: ...


_Key = tuple[Kind | None, bool | None, bool | None]


def _keys(kind: Kind, *, young: bool, fine: bool) -> tuple[_Key, ...]:
    """The groups that a sprite is in, the narrowest first."""
    return ((kind, young, fine), (kind, young, None), (kind, None, None), (None, None, None))


class Casting:
    """The sprites of a bank in groups, each in the order of the camera's elevation."""

    def __init__(self, bank: Bank) -> None:
        if len(bank) == 0:
            raise ValueError("The bank holds no sprites; build one with 'python -m training.people.build FOLDER'.")
        self._bank = bank
        groups: dict[_Key, list[int]] = {}
        for i, meta in enumerate(bank.metas):
            young, fine = meta.age_years < 17, meta.px_per_m > _FINE_PX_PER_M
            for key in _keys(meta.kind, young=young, fine=fine):
                groups.setdefault(key, []).append(i)
        self._groups: dict[_Key, tuple[list[int], list[float]]] = {}
        for key, members in groups.items():
            order = sorted(members, key=lambda i: (bank.metas[i].elevation_deg, i))
            self._groups[key] = (order, [bank.metas[i].elevation_deg for i in order])

    def pick(self, rng: np.random.Generator, kind: Kind, elevation_deg: float, *, young: bool, fine: bool) -> Sprite:
        """A sprite at random among those that fit best; where a group is thin, age, resolution and kind give way."""
        for key in _keys(kind, young=young, fine=fine):
            if key not in self._groups:
                continue
            order, elevations = self._groups[key]
            low = bisect_left(elevations, elevation_deg - _NEAR_DEG)
            high = bisect_left(elevations, elevation_deg + _NEAR_DEG)
            if high - low < _FEW and len(order) > _FEW:
                middle = bisect_left(elevations, elevation_deg)
                low = min(max(middle - _FEW // 2, 0), len(order) - _FEW)
                high = low + _FEW
            if high - low >= _FEW or key[0] is None or (key[1] is None and high > low):
                return self._bank.sprite(order[int(rng.integers(low, high))])
        order, _ = self._groups[None, None, None]
        return self._bank.sprite(order[int(rng.integers(len(order)))])


class _Held:
    """A bank as a cache's key: by identity, whether or not it can be hashed."""

    def __init__(self, bank: Bank) -> None:
        self.bank = bank

    def __hash__(self) -> int:
        return id(self.bank)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Held) and other.bank is self.bank


@lru_cache(maxsize=4)
def _cast(held: _Held) -> Casting:
    return Casting(held.bank)


def casting(bank: Bank) -> Casting:
    """The bank's groups, made once for each bank."""
    return _cast(_Held(bank))
