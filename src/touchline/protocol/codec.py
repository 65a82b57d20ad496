"""Messages ⇄ the dataclasses of `football.updates`: the front door of this package.

What leaves is strict; what comes in is read generously, because engines and platforms of other ages speak the same
numbers: missing fields have defaults, unknown statuses mean work in progress, unknown keys are kept. A packet that
cannot be meant at all raises `MalformedPacketError`, so that the caller can log it and go on.
"""

from touchline.protocol.requests import request_from_message, request_to_message
from touchline.protocol.responses import (
    boxes_from_message,
    boxes_to_message,
    update_from_message,
    update_to_message,
)
from touchline.protocol.values import MalformedPacketError

__all__ = [
    "MalformedPacketError",
    "boxes_from_message",
    "boxes_to_message",
    "request_from_message",
    "request_to_message",
    "update_from_message",
    "update_to_message",
]
