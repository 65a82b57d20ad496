"""What happened in the match that was played, what was said about it, and what the week looks like."""

from dataclasses import dataclass, field
from datetime import time
from typing import Any

from touchline.features.identity import AppRole
from touchline.features.matches import EventType
from touchline.features.planning.appointment import AppointmentKind
from touchline.features.planning.note import NoteType
from touchline.football.updates import AlertRaised

OWN_GOALS, OPPONENT_GOALS = 2, 1
VENUE, AWAY_VENUE = "Westhaven Park", "Northbridge Road"
PLAYED_DAYS_AGO, NEXT_IN_DAYS = 4, 3
KICK_OFF = time(15, 30)


@dataclass(frozen=True)
class Happening:
    """An event of a player with this number; coordinates in metres."""

    minute: int
    kind: EventType
    number: int
    is_own: bool = True
    coordinates: str | None = None


HAPPENINGS = (
    Happening(12, EventType.ASSIST, 11, coordinates="96,14"),
    Happening(12, EventType.GOAL, 9, coordinates="98,36"),
    Happening(27, EventType.YELLOW_CARD, 5, is_own=False),
    Happening(41, EventType.GOAL, 9, is_own=False, coordinates="94,31"),
    Happening(58, EventType.YELLOW_CARD, 6),
    Happening(66, EventType.PASS, 6, coordinates="52,34"),
    Happening(67, EventType.ASSIST, 10, coordinates="88,47"),
    Happening(67, EventType.GOAL, 7, coordinates="99,40"),
    Happening(84, EventType.RED_CARD, 5, is_own=False),
)


@dataclass(frozen=True)
class Remark:
    """A note of somebody with this role; at: seconds of the match."""

    author: AppRole
    kind: NoteType
    text: str
    at: float = 0.0


REMARKS = (
    Remark(
        AppRole.COACH,
        NoteType.PRE_MATCH,
        "They defend in a 4-4-2 and leave the half spaces open. Elias between the lines, full-backs high early.",
    ),
    Remark(
        AppRole.ANALYST,
        NoteType.LIVE_REACTION,
        "Left side is open when Liam goes forward: their number 9 moves there each time.",
        at=2120.0,
    ),
    Remark(
        AppRole.ANALYST,
        NoteType.TACTICAL,
        "Both goals came from balls won in their half. The press works while the front three start it together.",
        at=4020.0,
    ),
    Remark(
        AppRole.ACCOUNT_MANAGER,
        NoteType.TACTICAL,
        "A deserved win. Show the clip of the second goal at the next meeting.",
        at=4025.0,
    ),
)

REPORT: dict[str, Any] = {
    "summary": "Westhaven won 2-1 after leading early; the plan for the half spaces worked.",
    "strengths": ["Pressing high up the pitch", "Runs of the left winger behind the line"],
    "weaknesses": ["Space behind the left back", "Block too long between minutes 35 and 45"],
    "recommendations": ["Left midfielder covers when the full-back attacks"],
}


@dataclass(frozen=True)
class Cut:
    """A clip around the event at this place in `HAPPENINGS`; seconds of the video."""

    start_s: float
    end_s: float
    text: str
    happening: int
    is_of_report: bool = False


CUTS = (
    Cut(712.0, 734.0, "First goal: the winger runs behind the line, low cross, tap-in", happening=1),
    Cut(4003.0, 4029.0, "Second goal: ball won in midfield, three passes to the shot", happening=7, is_of_report=True),
)


@dataclass(frozen=True)
class Warned:
    """A tactical alert; at: seconds of the match, ball in metres."""

    at: float
    severity: float
    category: str
    decision_type: str
    trigger: str
    action: str
    ball: dict[str, float]
    narrative: str
    zone: dict[str, float] = field(default_factory=dict)

    def raised(self, number: int) -> AlertRaised:
        """As an engine would have sent it; the label follows from the score."""
        return AlertRaised(
            alert_id=f"demo-{number}",
            timestamp=f"{int(self.at) // 60:02d}:{int(self.at) % 60:02d}",
            match_time=self.at,
            severity_score=self.severity,
            severity_label="",
            category=self.category,
            decision_type=self.decision_type,
            trigger_metric=self.trigger,
            action=self.action,
            status="ACTIVE",
            review_countdown=0,
            category_trigger_count=1,
            context={
                "ball": self.ball,
                "zone": self.zone,
                "analysis": {"tactical_narrative": self.narrative, "team_a": {}, "team_b": {}},
            },
        )


WARNINGS = (
    Warned(
        15 * 60,
        0.85,
        "DEFENSIVE_LINE",
        "Line too deep",
        "Line height without the ball 24.1 m (usual 36.8 m)",
        "Push the line up ten metres as soon as the ball is played back.",
        {"x": 31.0, "y": 22.0},
        "The back line has dropped to the edge of the box while the ball is still in midfield.",
        {"x_min": 0.0, "x_max": 24.1, "y_min": 0.0, "y_max": 68.0},
    ),
    Warned(
        35 * 60 + 20,
        0.65,
        "COMPACTNESS",
        "Block disconnected",
        "Gap between defence and midfield 21.4 m (usual 13.2 m)",
        "Midfield drops to close the space in front of the defence.",
        {"x": 44.0, "y": 40.0},
        "Midfield stays high while the defence drops; their forwards receive between the lines.",
        {"x_min": 26.0, "x_max": 47.4, "y_min": 14.0, "y_max": 54.0},
    ),
    Warned(
        55 * 60 + 45,
        0.45,
        "WIDTH",
        "Attack too narrow",
        "Width with the ball 34.5 m (usual 46.0 m)",
        "One winger stays on the touchline until the ball has been switched.",
        {"x": 71.0, "y": 33.0},
        "Both wingers have come inside; their full-backs defend without having to move.",
        {"x_min": 55.0, "x_max": 95.0, "y_min": 17.0, "y_max": 51.0},
    ),
)


@dataclass(frozen=True)
class Date:
    """A meeting or a session, so many days from now; detail: where it is, or what it is about."""

    kind: AppointmentKind
    in_days: int
    at: time
    title: str
    detail: str
    icon: str


DATES = (
    Date(AppointmentKind.MEETING, -3, time(10, 0), "Review of the Northbridge match", "Meeting room", "analytics"),
    Date(AppointmentKind.MEETING, 2, time(18, 30), "Plan for the return match", "Meeting room", "group_work"),
    Date(AppointmentKind.MEETING, 6, time(19, 0), "Team dinner", "Harbour Grill", "restaurant"),
    Date(
        AppointmentKind.SESSION,
        -2,
        time(17, 30),
        "Recovery and passing",
        "Short passing under pressure",
        "sports_soccer",
    ),
    Date(AppointmentKind.SESSION, 1, time(17, 30), "Defending the left side", "Cover behind the full-back", "shield"),
    Date(AppointmentKind.SESSION, 5, time(17, 30), "Speed and finishing", "Runs behind the line", "fitness_center"),
)
