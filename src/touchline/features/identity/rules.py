"""Pure rules of accounts: addresses, codes, the name of a first team."""

import hashlib
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from touchline.features.identity.errors import InvalidEmailError

MOST_CODE_ATTEMPTS = 5
CODE_COOL_DOWN = timedelta(seconds=60)
MOST_CODES_A_DAY = 10

# Deliberately loose: the mailed code proves the address. One @, no blanks, a dot in the domain is not asked for.
_ADDRESS = re.compile(r"[^@\s\x00-\x1f]+@[^@\s\x00-\x1f]+")
_LONGEST_ADDRESS = 100


class CodeKind(StrEnum):
    """What a code confirms."""

    VERIFICATION = "verification"
    RESET = "reset"


def normal_email(email: str) -> str:
    """An address as it is stored and compared: trimmed, lower case.

    Raises:
        InvalidEmailError: it has not the form of an address.
    """
    normal = email.strip().lower()
    if len(normal) > _LONGEST_ADDRESS or _ADDRESS.fullmatch(normal) is None:
        raise InvalidEmailError
    return normal


def new_code() -> str:
    """Six decimal digits from a cryptographic generator."""
    return f"{secrets.randbelow(1_000_000):06d}"


def code_hash(secret: bytes, kind: CodeKind, user_id: str, code: str) -> str:
    """What is stored of a code: hex HMAC-SHA256, bound to its purpose and its account."""
    return hmac.new(secret, f"{kind}:{user_id}:{code}".encode(), hashlib.sha256).hexdigest()


def same_code(stored: str, given: str) -> bool:
    """Compare two hashes in constant time."""
    return hmac.compare_digest(stored.encode(), given.encode())


@dataclass(frozen=True)
class CodesSent:
    """What an account has been sent: the last time for this purpose, and how many on which day for any purpose."""

    last_at: datetime | None
    day: date | None
    on_that_day: int


def wait_before_next_code(sent: CodesSent, now: datetime) -> timedelta | None:
    """How long an account waits for its next code; None when it may have one now (rule 1.3)."""
    if sent.day == now.date() and sent.on_that_day >= MOST_CODES_A_DAY:
        return _next_midnight(now) - now
    if sent.last_at is not None and now < sent.last_at + CODE_COOL_DOWN:
        return sent.last_at + CODE_COOL_DOWN - now
    return None


def _next_midnight(now: datetime) -> datetime:
    return now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)


def first_team_name(full_name: str | None, email: str) -> str:
    """Name of the team that an owner starts with (rule 1.4), at most 50 characters."""
    owner = (full_name or "").strip()
    if not owner:
        local = re.sub(r"[._-]+", " ", email.partition("@")[0]).strip()
        owner = " ".join(word.capitalize() for word in local.split()) or "My"
    return f"{owner}'s team"[:50]
