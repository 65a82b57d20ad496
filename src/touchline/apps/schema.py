"""The whole schema: importing this module makes every room's tables join the one MetaData, for migrations."""

from touchline.features.alerts import tables as alerts
from touchline.features.analysis import tables as analysis
from touchline.features.assistant import tables as assistant
from touchline.features.club import tables as club
from touchline.features.identity import tables as identity
from touchline.features.matches import tables as matches
from touchline.features.performance import tables as performance
from touchline.features.planning import tables as planning
from touchline.foundation import events
from touchline.foundation.db import metadata

__all__ = [
    "alerts",
    "analysis",
    "assistant",
    "club",
    "events",
    "identity",
    "matches",
    "metadata",
    "performance",
    "planning",
]
