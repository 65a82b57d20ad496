"""Whether the assistant answers, or rests while a live analysis needs the machine."""

from enum import StrEnum


class Mode(StrEnum):
    """One value for each organisation, the same for all processes."""

    ASSISTANT = "assistant"
    ANALYSIS = "analysis"
