"""Questions of the staff: facts from rows, worded by a model only when one is configured."""

import asyncio
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from touchline.features.assistant import memory, memory_queries
from touchline.features.assistant.draft import Draft, draft
from touchline.features.assistant.modes import Mode
from touchline.features.assistant.ports import LanguageModel, ModelError, ModelTooSlowError
from touchline.features.assistant.prompt import context, prompt
from touchline.features.assistant.retrieval import Gathered, gather
from touchline.features.assistant.wording import is_faithful
from touchline.features.identity import Principal
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection, Database
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

RETRIEVAL_S = 2.0

PAUSED = "The assistant is paused while a live analysis is running."
NOTHING_FOUND = (
    "There is no matching data yet. You can ask about players, matches and tactical concepts, for example: “show stats"
    " for” and a player's name, “what was the result of our last match?” or “what is a high press?”."
)
TOO_SLOW = "The answer took too long."
NO_MODEL = "The language model is not available."
_WITHOUT_MODEL = "Questions about players, matches, teams and tactical concepts are answered without it."


@dataclass(frozen=True)
class Answer:
    """status: `ok`, `analysis_mode` or `error`; an error's text stands in both other fields."""

    status: str
    answer: str | None = None
    message: str | None = None


@dataclass(frozen=True)
class AssistantService:
    """model: None answers from the rows alone. retrieval_s: time for reading, from the start of a query.

    No transaction is open while a model thinks.
    """

    database: Database
    clock: Clock
    model: LanguageModel | None = None
    retrieval_s: float = RETRIEVAL_S
    fence: Callable[[], str] = lambda: secrets.token_hex(12)

    async def mode(self, db: Connection, by: Principal) -> Mode:
        """The mode of the person's organisation; the default for somebody without one."""
        if by.organisation_id is None:
            return Mode.ASSISTANT
        return await memory_queries.mode_of(db, by.organisation_id)

    async def set_mode(self, db: Connection, by: Principal, mode: Mode) -> Mode:
        """Set it for the whole organisation; an account manager is his organisation."""
        owner_id = by.organisation_id or by.user_id
        await memory_queries.set_mode(db, owner_id, mode, by_user_id=by.user_id, now=self.clock.now())
        return mode

    async def ask(self, by: Principal, question: str) -> Answer:
        """Answer a question from the rows of the person's teams. Never fails because of a model."""
        gathered = Gathered()
        is_whole = await self._gather(by, question, gathered)
        if gathered.mode is Mode.ANALYSIS:
            return Answer("analysis_mode", message=PAUSED)
        if gathered.result is not None:
            found = memory.insights(gathered.result, by.user_id)
            await memory_queries.remember(self.database, found, now=self.clock.now())
        written = draft(gathered)
        intent = gathered.route.intent.value if gathered.route else "unknown"
        log.info("assistant.gathered", intent=intent, is_whole=is_whole, characters=len(written.text))
        if not written.text:
            return _ok(NOTHING_FOUND) if is_whole else _error(TOO_SLOW)
        if written.is_final:
            return _ok(written.text)
        if self.model is None:
            return _error(f"{NO_MODEL} {_WITHOUT_MODEL}") if written.is_free_talk else _ok(written.text)
        return await self._worded(self.model, written, question)

    async def _gather(self, by: Principal, question: str, gathered: Gathered) -> bool:
        """Whether everything was read in time; what was read by then stays."""
        try:
            async with asyncio.timeout(self.retrieval_s), self.database.begin() as db:
                await gather(db, by, question, now=self.clock.now(), into=gathered)
        except TimeoutError:
            log.warning("assistant.retrieval_cut", seconds=self.retrieval_s)
            return False
        return True

    async def _worded(self, model: LanguageModel, written: Draft, question: str) -> Answer:
        facts, fence = context(written.sections), self.fence()
        try:
            text = (await model.answer(prompt(facts, question, fence=fence))).strip()
        except ModelTooSlowError as error:
            return _failed(TOO_SLOW, written, error)
        except ModelError as error:
            return _failed(NO_MODEL, written, error)
        if is_faithful(text, facts=facts, fence=fence):
            return _ok(text)
        log.warning("assistant.wording_refused", characters=len(text))
        return _ok(written.text)


def _ok(text: str) -> Answer:
    return Answer("ok", answer=text)


def _error(text: str) -> Answer:
    return Answer("error", answer=text, message=text)


def _failed(reason: str, written: Draft, error: ModelError) -> Answer:
    """An error that still shows what is known."""
    log.warning("assistant.model_failed", reason=str(error))
    return _error(reason if written.is_free_talk else f"{reason} This is what the data says:\n\n{written.text}")
