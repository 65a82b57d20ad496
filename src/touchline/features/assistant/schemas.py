"""What travels over HTTP to and from the assistant."""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field

from touchline.features.assistant.modes import Mode
from touchline.features.assistant.service import Answer
from touchline.foundation.http.text import Line


class QuestionIn(BaseModel):
    question: Annotated[
        Line,
        Field(min_length=1, max_length=2000, examples=["What was the result of our last match?"]),
    ]


class AnswerOut(BaseModel):
    """Show `message` for `analysis_mode`, else `answer`."""

    status: Annotated[Literal["ok", "analysis_mode", "error"], Field(examples=["ok"])]
    answer: Annotated[
        str | None,
        Field(description="Markdown.", examples=["- 2026-05-02: **Rovers** 2-1 **United**"]),
    ]
    message: Annotated[str | None, Field(description="What went wrong, or why there is no answer.", examples=[None])]

    @classmethod
    def of(cls, answer: Answer) -> Self:
        return cls.model_validate(vars(answer))


class ModeBody(BaseModel):
    """analysis: questions are not answered while a live analysis needs the machine."""

    mode: Annotated[Mode, Field(examples=["assistant"])]
