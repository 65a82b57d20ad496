"""A formation as every room sees it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Formation:
    """creator_id: None for one that all clubs share and none may change. positions: whatever its author stored."""

    id: str
    name: str
    description: str | None
    positions: list[Any] | None
    creator_id: str | None
    created_at: datetime
