"""Puts the room together from the ports that the wiring chose."""

from touchline.features.assistant.ports import LanguageModel
from touchline.features.assistant.service import AssistantService
from touchline.foundation.clock import Clock
from touchline.foundation.db import Database


def services(*, database: Database, clock: Clock, model: LanguageModel | None) -> dict[type, object]:
    """The services of this room by type; without a model answers come from the rows alone."""
    return {AssistantService: AssistantService(database=database, clock=clock, model=model)}
