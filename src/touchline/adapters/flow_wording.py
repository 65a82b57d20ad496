"""The flow of the game worded by the assistant's language model."""

from dataclasses import dataclass

from touchline.features.assistant.ports import LanguageModel, ModelError
from touchline.foundation.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class ModelRewording:
    """The alerts room's `Rewording`."""

    model: LanguageModel

    async def reword(self, prompt: str) -> str | None:
        try:
            return await self.model.answer(prompt)
        except ModelError as error:
            log.info("flow.model_gave_nothing", error=str(error))
            return None
