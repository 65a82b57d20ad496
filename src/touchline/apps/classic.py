"""The classic API: which rooms open on it."""

from fastapi import FastAPI

from touchline.apps.http import application
from touchline.apps.wiring import House
from touchline.features.alerts.routes import alerts_router
from touchline.features.analysis.routes import classic_router
from touchline.features.analysis.stream_routes import stream_router
from touchline.features.assistant import routes as assistant
from touchline.features.club import competition_routes, formation_routes, picture_routes
from touchline.features.club import routes as club
from touchline.features.identity import google_routes, logo_routes, staff_routes, team_routes, user_routes
from touchline.features.identity import routes as identity
from touchline.features.matches import clip_routes, event_routes, lineup_routes, report_routes
from touchline.features.matches import routes as matches
from touchline.features.performance import routes as performance
from touchline.features.planning import appointment_routes
from touchline.features.planning import routes as planning
from touchline.foundation.http import static

ROUTERS = (
    identity.router,
    user_routes.router,
    staff_routes.router,
    google_routes.router,
    team_routes.router,
    logo_routes.router,
    club.router,
    picture_routes.router,
    competition_routes.router,
    formation_routes.router,
    matches.router,
    event_routes.router,
    lineup_routes.router,
    clip_routes.router,
    report_routes.router,
    performance.router,
    planning.router,
    appointment_routes.router,
    static.router,
    classic_router,
    stream_router,
    alerts_router,
    assistant.router,
)

DESCRIPTION = (
    "Accounts, teams, squad, matches, statistics, notes, planning, alerts and the assistant of a football club."
)


def create_app(house: House | None = None) -> FastAPI:
    """The classic application of a wired house, or of one wired from the environment: see `apps.http.application`."""
    return application(house, title="Touchline", description=DESCRIPTION, service_name="classic", routers=ROUTERS)
