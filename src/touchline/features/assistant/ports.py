"""What the assistant needs of the outside world."""

from typing import Protocol


class ModelError(Exception):
    """A model gave no usable answer; `str(error)` says why, for the log, and never repeats prompt or answer."""


class ModelTooSlowError(ModelError):
    """It did not answer in time."""


class LanguageModel(Protocol):
    """Words facts; whoever asks checks what comes back."""

    async def answer(self, prompt: str) -> str:
        """The model's text for a prompt, never blank.

        Raises:
            ModelTooSlowError: no answer within the configured time.
            ModelError: not reachable, or its answer cannot be read.
        """
        ...
