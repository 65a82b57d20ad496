"""The history of runs. It holds hundreds of runs that hardly ever change, and the client asks for all of them.

So a run is written down once for each reader, and again only when something that the list shows of it has changed; and
a page is put together again only when one of its runs has. What was written is found by the runs' states (the revision
and what else may change without an update of the row): it can be missing, never out of date.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from touchline.features.analysis import history_queries as queries
from touchline.features.analysis.overview import RunOverview
from touchline.features.analysis.queries import RunRow
from touchline.features.identity.principal import Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection

Write = Callable[[RunRow, int, Mapping[str, str]], bytes]
"""A run, how many segments it has, and the links to its videos, as one JSON object."""

Kept = TypeVar("Kept")

_MOST_RUNS_KEPT = 8000
_MOST_PAGES_KEPT = 32
_STEPS_OF_A_LIFE = 36


@dataclass(frozen=True)
class RunHistory:
    """Lists the runs that somebody may read.

    write: how a run looks on the wire.
    """

    overview: RunOverview
    clock: Clock
    write: Write
    _runs: dict[tuple[object, ...], bytes] = field(default_factory=dict, repr=False, compare=False)
    _pages: dict[str, tuple[tuple[object, ...], bytes]] = field(default_factory=dict, repr=False, compare=False)

    async def page(self, db: Connection, by: Principal, *, limit: int, offset: int, base: str) -> tuple[bytes, int]:
        """A JSON array of every run that the caller may read, newest first, and how many runs there are.

        Args:
            db: the request's transaction.
            by: the caller.
            limit: most runs on the page.
            offset: runs to leave out before them.
            base: what comes before `/api` in links.
        """
        states, total = await queries.history_states(db, by, limit=limit, offset=offset)
        expires_at = self._expiry()
        reader = (by.user_id, by.token_version, base, expires_at)
        asked = (reader, limit, offset, states)
        known, page = self._pages.get(by.user_id, (None, b""))
        if known == asked:
            return page, total
        written = {state[0]: self._runs.get((reader, state)) for state in states}
        missing = [run_id for run_id, text in written.items() if text is None]
        if missing:
            # A run that moved on between the two statements is shown as it is now.
            for state, run, segments_count in await queries.listed_runs(db, missing):
                links = self.overview.video_links(by, run, base=base, expires_at=expires_at)
                text = self.write(run, segments_count, links)
                written[state[0]] = _keep(self._runs, (reader, state), text, _MOST_RUNS_KEPT)
        page = b"[" + b",".join(text for text in written.values() if text is not None) + b"]"
        # The latest page of each person: a client asks for the same one again and again.
        _keep(self._pages, by.user_id, (asked, page), _MOST_PAGES_KEPT)
        return page, total

    def _expiry(self) -> datetime:
        """When links end: the same instant for some minutes, so that what was written can be used again."""
        life_s = self.overview.links.ttl_s
        step_s = max(life_s // _STEPS_OF_A_LIFE, 1)
        now = self.clock.now()
        passed_s = int(now.timestamp()) % step_s
        return now.replace(microsecond=0) - timedelta(seconds=passed_s) + timedelta(seconds=life_s)


def _keep(kept: dict[Any, Kept], key: object, value: Kept, most: int) -> Kept:
    """The oldest make room."""
    kept.pop(key, None)
    while len(kept) >= most:
        del kept[next(iter(kept))]
    kept[key] = value
    return value
