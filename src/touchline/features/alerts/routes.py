"""The doors to alerts: the list, and the socket that pushes what is new."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request, WebSocket

from touchline.features.alerts.schemas import AlertOut
from touchline.features.alerts.service import AlertService
from touchline.features.alerts.stream import AlertSockets
from touchline.features.identity.access import MayReadFootball
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.requirement import Public

alerts_router = APIRouter(tags=["alerts"])

Alerts = Annotated[AlertService, Depends(provided(AlertService))]
Sockets = Annotated[AlertSockets, Depends(provided(AlertSockets))]


@alerts_router.get("/api/matches/{match_id}/alerts", response_model=list[AlertOut])
async def list_alerts(
    match_id: str, request: Request, by: MayReadFootball, db: Db, alerts: Alerts, page: Page
) -> list[dict[str, Any]]:
    """Alerts of a match, oldest first, with your own decisions."""
    address = request.client.host if request.client else None
    found, total = await alerts.listed(db, by, match_id, address=address, limit=page.limit, offset=page.offset)
    page.report(total)
    return found


@alerts_router.websocket("/ws/alerts/{match_id}")
async def watch_alerts(socket: WebSocket, match_id: str, sockets: Sockets, _: Public) -> None:
    """Alerts and game flow of a match as they happen; the socket checks who is there by itself."""
    await sockets.serve(socket, match_id)
