"""What every delete answers with."""

from typing import Annotated

from pydantic import BaseModel, Field


class DeletedOut(BaseModel):
    """Said in words; the row is gone."""

    message: Annotated[str, Field(examples=["The player was deleted."])]
