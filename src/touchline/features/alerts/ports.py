"""What the alerts room needs of the outside world."""

from typing import Protocol


class Rewording(Protocol):
    """Says a text in other words; whoever asks checks what comes back."""

    async def reword(self, prompt: str) -> str | None:
        """What a model makes of a prompt, None when it gives nothing that can be used."""
        ...
