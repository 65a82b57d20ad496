"""An alert over HTTP, for the documentation of the API; the same object travels on the socket."""

from typing import Any, Literal

from pydantic import BaseModel, Field


class PlayerAt(BaseModel):
    id: int = Field(description="Shirt number if known, else track number.")
    x: float = Field(description="Metres, 0..105.")
    y: float = Field(description="Metres, 0..68.")
    team: Literal["A", "B"]


class AlertOut(BaseModel):
    """One tactical alert in its latest state."""

    alert_id: str
    decision_id: str
    match_id: str
    timestamp: str = Field(description="`MM:SS` or `MM:SS-MM:SS` of the video.", examples=["12:00-13:00"])
    match_time: float | None = Field(description="Seconds of the video; null when unknown.")
    severity_score: float = Field(ge=0, le=1)
    severity_label: Literal["LOW", "MODERATE", "HIGH", "CRITICAL"]
    category: str
    decision_type: str
    trigger_metric: str | None
    recommended_action: str | None
    status: Literal["ACTIVE", "MONITORING", "RESOLVED", "ESCALATED", "PENDING"]
    action: str
    review_countdown: int = Field(description="Seconds to the automatic review.")
    category_trigger_count: int
    feedback: Literal["none", "accepted", "dismissed"] = Field(description="The caller's own decision.")
    feedback_action: Literal["ACCEPT", "DISMISS"] | None
    decision_effective: Literal[0, 1] | None
    decision_failed: Literal[0, 1] | None
    escalation_after_dismiss: Literal[0, 1] | None
    created_at: str
    players: list[PlayerAt] | None
    ball: dict[str, float] | None
    zone: dict[str, float] | None
    team_a_tags: list[dict[str, Any]] | None
    team_b_tags: list[dict[str, Any]] | None
    tactical_outlier: dict[str, Any] | None
    analysis: dict[str, Any] | None
    flow_analysis: dict[str, Any] | None
    context: dict[str, Any] = Field(description="What else explains the alert.")
