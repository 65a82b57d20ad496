"""Lists in pages: `limit` and `offset` in the query, the whole count in `X-Total-Count`."""

from typing import Annotated

from fastapi import Depends, Query
from starlette.responses import Response

MOST_ROWS = 500


class PageOf:
    """The part of a list that was asked for."""

    def __init__(self, response: Response, *, limit: int, offset: int) -> None:
        self.limit = limit
        self.offset = offset
        self._response = response

    def report(self, total: int) -> None:
        """Tell the client how many rows there are on all pages together."""
        self._response.headers["X-Total-Count"] = str(total)

    def whole(self, written: bytes, total: int) -> Response:
        """An answer of rows that are JSON already."""
        return Response(written, media_type="application/json", headers={"X-Total-Count": str(total)})


async def _page(  # asynchronous: see `provide`
    response: Response,
    limit: Annotated[int, Query(ge=1, le=MOST_ROWS, description="Most rows to return.")] = MOST_ROWS,
    offset: Annotated[int, Query(ge=0, le=2**31 - 1, description="Rows to leave out before them.")] = 0,
) -> PageOf:
    return PageOf(response, limit=limit, offset=offset)


Page = Annotated[PageOf, Depends(_page)]
