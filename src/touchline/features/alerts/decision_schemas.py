"""Decisions on alerts over HTTP, and the figures about them."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, Field

from touchline.features.alerts.decisions import Decided, Decision
from touchline.features.alerts.effectiveness import Action, Metrics
from touchline.foundation.http.text import RefId

MatchTime = Annotated[
    float,
    Field(
        ge=0,
        le=1e6,
        allow_inf_nan=False,
        description="Seconds of the video at which it was decided; the alert's own time without it.",
        examples=[724.5],
    ),
]


def _word(value: Any) -> Any:
    return value.strip().upper() if isinstance(value, str) else value


class DecisionIn(BaseModel):
    """What somebody decided on an alert."""

    decision_id: Annotated[RefId, Field(min_length=1, description="The alert's `decision_id` or `alert_id`.")]
    action: Annotated[Literal["ACCEPT", "DISMISS"], BeforeValidator(_word), Field(examples=["ACCEPT"])]
    match_time: MatchTime | None = None
    match_id: Annotated[RefId, Field(description="Without it the newest alert of that id counts.")] | None = None

    def decision(self) -> Decision:
        return Decision(
            named=self.decision_id,
            action=Action(self.action),
            match_id=self.match_id or None,
            match_time=self.match_time,
        )


class DecisionOut(BaseModel):
    """The decision that stands: the first one of this person on this alert."""

    status: Literal["success"] = "success"
    idempotent: bool = Field(description="Whether it had been recorded before; then nothing changed.")
    decision_id: str
    action: Literal["ACCEPT", "DISMISS"]
    decision_type: str = Field(examples=["Block disconnected"])
    match_id: str

    @classmethod
    def of(cls, decided: Decided) -> "DecisionOut":
        return cls(
            idempotent=decided.is_repeat,
            decision_id=decided.decision_id,
            action=decided.action.value,
            decision_type=decided.decision_type,
            match_id=decided.match_id,
        )


class FeedbackOut(BaseModel):
    """The decision that stands, in the words of the list of alerts."""

    status: Literal["success"] = "success"
    alert_id: str
    feedback: Literal["accepted", "dismissed"]
    idempotent: bool = Field(description="Whether it had been recorded before; then nothing changed.")

    @classmethod
    def of(cls, decided: Decided) -> "FeedbackOut":
        return cls(
            alert_id=decided.alert_id,
            feedback="accepted" if decided.action is Action.ACCEPT else "dismissed",
            idempotent=decided.is_repeat,
        )


Rate = Annotated[float, Field(ge=0, le=1, examples=[0.4])]


class RatesOut(BaseModel):
    """Shares of the caller's decisions; 0 without any."""

    total_feedbacks: int = Field(ge=0, examples=[5])
    acceptance_rate: Rate
    dismissal_rate: Rate
    effectiveness_rate: Rate = Field(
        description="Share after which severity calmed down as the rule asks. It says what followed, not why."
    )
    escalation_after_dismiss_rate: Rate = Field(description="Share of the dismissed ones after which severity rose.")


class RatesOfTypeOut(RatesOut):
    decision_type: str = Field(examples=["Block disconnected"])


class MetricsOut(BaseModel):
    """What became of the caller's decisions."""

    summary: RatesOut
    by_decision_type: list[RatesOfTypeOut]

    @classmethod
    def of(cls, metrics: Metrics) -> "MetricsOut":
        return cls(
            summary=RatesOut(**vars(metrics.summary)),
            by_decision_type=[
                RatesOfTypeOut(decision_type=kind, **vars(rates)) for kind, rates in metrics.by_decision_type
            ],
        )
