"""Closed sets that both wings and the wire share; values are the words on the wire."""

from enum import IntEnum, StrEnum


class Side(StrEnum):
    """The two teams as the engine knows them; fixed within the first 20 s of play, never swapped in a run."""

    A = "A"
    B = "B"

    @property
    def other(self) -> "Side":
        return Side.B if self is Side.A else Side.A


A_IS_HOME_BY_COLOUR = "home colour"
"""What the header of stored positions says under `why_a` when A wears the home club's colour; any other word there
leaves open which club is which."""


class TeamCode(IntEnum):
    """Team of a track in arrays; UNKNOWN also covers referees and people who belong to no team."""

    UNKNOWN = -1
    A = 0
    B = 1


class Role(IntEnum):
    """What a tracked person is, in arrays."""

    UNKNOWN = -1
    PLAYER = 0
    KEEPER = 1
    REFEREE = 2
    OTHER = 3


class RunStatus(StrEnum):
    """States of a run; COMPLETED and FAILED never change."""

    PENDING = "PENDING"
    QUEUED = "QUEUED"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


TERMINAL_STATUSES = frozenset({RunStatus.COMPLETED, RunStatus.FAILED})
ACTIVE_STATUSES = frozenset(RunStatus) - TERMINAL_STATUSES


class SegmentStatus(StrEnum):
    """States of one window's record."""

    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    EMPTY = "EMPTY"


class Severity(StrEnum):
    """Risk of a window or alert, higher is worse. Segments print MEDIUM on the wire, alerts MODERATE."""

    LOW = "LOW"
    MODERATE = "MODERATE"
    HIGH = "HIGH"
    CRITICAL = "CRITICAL"


class AlertStatus(StrEnum):
    """States of an alert on the wire."""

    ACTIVE = "ACTIVE"
    MONITORING = "MONITORING"
    RESOLVED = "RESOLVED"
    ESCALATED = "ESCALATED"
    PENDING = "PENDING"


class Language(StrEnum):
    """Languages of generated texts."""

    EN = "en"
    FR = "fr"
    AR = "ar"
