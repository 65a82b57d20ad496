"""What can go wrong with decisions on alerts, in the user's words."""

from typing import ClassVar

from touchline.foundation.errors import Kind, TouchlineError


class AlertNotFoundError(TouchlineError):
    kind: ClassVar[Kind] = Kind.NOT_FOUND
    code = "alerts.not_found"
    text = "There is no alert to decide on under this id."


class NoFeedbackError(TouchlineError):
    kind: ClassVar[Kind] = Kind.INVALID
    code = "alerts.no_feedback"
    text = "`feedback` must be accepted or dismissed."
