"""The doors to alerts: the list, the socket that pushes what is new, decisions and the figures about them."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query, Request, WebSocket

from touchline.features.alerts.decision_schemas import DecisionIn, DecisionOut, FeedbackOut, MatchTime, MetricsOut
from touchline.features.alerts.decisions import Decision, DecisionService
from touchline.features.alerts.effectiveness import Action
from touchline.features.alerts.errors import NoFeedbackError
from touchline.features.alerts.schemas import AlertOut
from touchline.features.alerts.service import AlertService
from touchline.features.alerts.stream import AlertSockets
from touchline.features.identity.access import MayReadFootball, MayWriteOrAnalyse, SignedIn
from touchline.foundation.http.openapi import refusals
from touchline.foundation.http.paging import Page
from touchline.foundation.http.provide import Db, provided
from touchline.foundation.http.requirement import Public
from touchline.foundation.http.text import RefId

alerts_router = APIRouter(tags=["alerts"])

Alerts = Annotated[AlertService, Depends(provided(AlertService))]
Decisions = Annotated[DecisionService, Depends(provided(DecisionService))]
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


_FEEDBACK = {"accepted": Action.ACCEPT, "dismissed": Action.DISMISS}


@alerts_router.post(
    "/api/matches/{match_id}/alerts/{alert_id}/feedback",
    responses=refusals({400: "`feedback` must be accepted or dismissed."}),
)
async def give_feedback(
    match_id: str,
    alert_id: RefId,
    by: MayWriteOrAnalyse,
    db: Db,
    decisions: Decisions,
    feedback: Annotated[str, Query(description="`accepted` or `dismissed`.", examples=["accepted"])],
    match_time: Annotated[MatchTime | None, Query()] = None,
) -> FeedbackOut:
    """Accept or dismiss an alert; what was decided first stays."""
    action = _FEEDBACK.get(feedback.strip().lower())
    if action is None:
        raise NoFeedbackError
    decision = Decision(named=alert_id, action=action, match_id=match_id, match_time=match_time)
    return FeedbackOut.of(await decisions.decide(db, by, decision))


@alerts_router.post("/decision/feedback", include_in_schema=False)
@alerts_router.post("/api/decision/feedback")
async def decide(body: DecisionIn, by: MayWriteOrAnalyse, db: Db, decisions: Decisions) -> DecisionOut:
    """Accept or dismiss an alert by its decision; what was decided first stays."""
    return DecisionOut.of(await decisions.decide(db, by, body.decision()))


@alerts_router.get("/decision/metrics", include_in_schema=False)
@alerts_router.get("/api/decision/metrics")
async def decision_metrics(
    by: SignedIn,
    db: Db,
    decisions: Decisions,
    match_id: Annotated[RefId | None, Query(description="Only decisions on alerts of this match.")] = None,
) -> MetricsOut:
    """What became of your own decisions, altogether and by type."""
    return MetricsOut.of(await decisions.metrics(db, by, match_id=match_id or None))
