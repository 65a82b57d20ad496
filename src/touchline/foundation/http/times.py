"""How instants and typed dates travel: instants in UTC with `Z`, wall-clock values without a zone."""

import re
from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, BeforeValidator, NaiveDatetime, PlainSerializer
from pydantic_core import PydanticCustomError

_DATED = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


def _typed(value: object) -> object:
    """Refuse numbers and texts of digits, which would be read as seconds since 1970: nobody typed them as a date."""
    if isinstance(value, datetime) or (isinstance(value, str) and _DATED.match(value.strip())):
        return value
    raise PydanticCustomError("wall_clock", "must be a date and time like 2026-08-15T15:30:00")


InstantOut = Annotated[AwareDatetime, PlainSerializer(lambda at: at.isoformat().replace("+00:00", "Z"), str)]
"""A system instant, aware and in UTC."""

WallClockOut = Annotated[NaiveDatetime, PlainSerializer(lambda at: at.isoformat(timespec="seconds"), str)]
"""A date and time that a person typed, `YYYY-MM-DDTHH:MM:SS`."""

WallClockIn = Annotated[datetime, BeforeValidator(_typed)]
"""With or without an offset; `foundation.clock.as_wall_clock` makes it naive in the club's zone."""
