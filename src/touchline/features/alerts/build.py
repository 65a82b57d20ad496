"""Puts the room together from the ports that the wiring chose."""

from datetime import timedelta

from touchline.features.alerts.decisions import DecisionService
from touchline.features.alerts.evaluation import LateVerdicts
from touchline.features.alerts.ports import Rewording
from touchline.features.alerts.rewording import FlowWords
from touchline.features.alerts.service import AlertService
from touchline.features.alerts.stream import AlertSockets
from touchline.features.identity import Authenticator
from touchline.foundation.announce import Announcer
from touchline.foundation.clock import Clock
from touchline.foundation.db import Database
from touchline.foundation.events import EventBus
from touchline.foundation.jobs import Periodic, periodic
from touchline.foundation.settings import Settings


def services(
    settings: Settings, *, clock: Clock, database: Database, bus: EventBus, authenticator: Authenticator
) -> dict[type, object]:
    """The services of this room by type."""
    grants_are_on = settings.alert_ws_grants == "on"
    grant = timedelta(seconds=settings.alert_ws_grant_seconds) if grants_are_on else None
    return {
        AlertService: AlertService(clock=clock, grant=grant),
        DecisionService: DecisionService(clock=clock),
        AlertSockets: AlertSockets(
            database=database,
            bus=bus,
            clock=clock,
            authenticator=authenticator,
            grants_are_on=grants_are_on,
            backlog=settings.sse_max_backlog,
        ),
    }


def periodic_jobs(announcer: Announcer, *, rewording: Rewording | None = None) -> list[Periodic]:
    """What the worker does for this room now and then; without a model nobody waits for words."""
    jobs = [
        periodic(timedelta(seconds=10), "late_verdicts", LateVerdicts(announcer.database, announcer.clock)),
    ]
    if rewording is not None:
        jobs.append(periodic(timedelta(seconds=1), "flow_words", FlowWords(announcer, rewording)))
    return jobs
