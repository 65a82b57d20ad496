"""How instants and typed dates travel: instants in UTC with `Z`, wall-clock values without a zone."""

from datetime import datetime
from typing import Annotated

from pydantic import AwareDatetime, NaiveDatetime, PlainSerializer

InstantOut = Annotated[AwareDatetime, PlainSerializer(lambda at: at.isoformat().replace("+00:00", "Z"), str)]
"""A system instant, aware and in UTC."""

WallClockOut = Annotated[NaiveDatetime, PlainSerializer(lambda at: at.isoformat(timespec="seconds"), str)]
"""A date and time that a person typed, `YYYY-MM-DDTHH:MM:SS`."""

WallClockIn = datetime
"""With or without an offset; `foundation.clock.as_wall_clock` makes it naive in the club's zone."""
