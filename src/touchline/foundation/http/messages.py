"""The answer to a deletion."""

from typing import Annotated

from pydantic import BaseModel, Field


class DeletedOut(BaseModel):
    """What was done, in a sentence."""

    message: Annotated[str, Field(examples=["The staff member was deleted."])]
