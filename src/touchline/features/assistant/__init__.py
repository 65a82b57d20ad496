"""Questions of the staff, answered from the club's own rows."""

from touchline.features.assistant.build import services
from touchline.features.assistant.service import AssistantService

__all__ = ["AssistantService", "services"]
