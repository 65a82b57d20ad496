"""The doors of the assistant."""

from typing import Annotated

from fastapi import APIRouter, Depends

from touchline.features.assistant.schemas import AnswerOut, ModeBody, QuestionIn
from touchline.features.assistant.service import AssistantService
from touchline.features.identity.access import AccountManager, SignedIn
from touchline.foundation.http.provide import Db, provided

router = APIRouter(prefix="/api/assistant", tags=["assistant"])

Assistant = Annotated[AssistantService, Depends(provided(AssistantService))]


@router.post("/query")
async def ask_assistant(body: QuestionIn, by: SignedIn, assistant: Assistant) -> AnswerOut:
    """Answer a question from the rows of the caller's teams; failures of a language model are answers too."""
    return AnswerOut.of(await assistant.ask(by, body.question))


@router.get("/mode")
async def assistant_mode(by: SignedIn, db: Db, assistant: Assistant) -> ModeBody:
    """Whether the assistant answers, or rests during a live analysis."""
    return ModeBody(mode=await assistant.mode(db, by))


@router.post("/mode")
async def set_assistant_mode(body: ModeBody, by: AccountManager, db: Db, assistant: Assistant) -> ModeBody:
    """Set it for the whole organisation."""
    return ModeBody(mode=await assistant.set_mode(db, by, body.mode))
