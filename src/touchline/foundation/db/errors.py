"""What a broken constraint means, whatever database reports it."""

from enum import StrEnum

from sqlalchemy.exc import IntegrityError

_MYSQL = {1062: "unique", 1451: "in_use", 1452: "no_parent"}
_POSTGRES = {"23505": "unique", "23503": "foreign_key", "23001": "in_use"}


class Broken(StrEnum):
    """Which rule a statement would have broken."""

    UNIQUE = "unique"
    FOREIGN_KEY = "foreign_key"


def broken_rule(error: IntegrityError) -> Broken | None:
    """The rule behind an IntegrityError; None when it is another one, such as a missing value: that is a bug of ours."""
    original = error.orig
    state = getattr(original, "sqlstate", None) or getattr(original, "pgcode", None)
    number = original.args[0] if original is not None and original.args else None
    text = str(original)
    found = _POSTGRES.get(str(state)) or _MYSQL.get(number if isinstance(number, int) else 0)
    if found is None and "UNIQUE constraint failed" in text:
        found = "unique"
    if found is None and "FOREIGN KEY constraint failed" in text:
        found = "foreign_key"
    if found is None:
        return None
    return Broken.UNIQUE if found == "unique" else Broken.FOREIGN_KEY
