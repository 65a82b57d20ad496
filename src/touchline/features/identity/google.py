"""What Google says about a person, and when we believe it. Pure: keys and answers come in as values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from joserfc import jws, jwt
from joserfc.errors import JoseError
from joserfc.jwk import RSAKey

from touchline.features.identity.errors import GoogleRefusedError, InvalidEmailError
from touchline.features.identity.rules import normal_email

_ALGORITHM = "RS256"
_ISSUERS = ("https://accounts.google.com", "accounts.google.com")
_LEEWAY_S = 60  # for clocks that do not agree
_LONGEST_TOKEN = 8192
_LONGEST_SUBJECT = 64
_LONGEST_NAME = 100


@dataclass(frozen=True)
class GoogleIdentity:
    """A Google account whose address Google has verified. subject: Google's id of it, which never changes."""

    subject: str
    email: str
    full_name: str | None


def key_id_of(id_token: str) -> str:
    """Which of Google's keys an ID token says that it was signed with; nothing else of it is believed yet.

    Raises:
        GoogleRefusedError: it is no signed token, or not of the one accepted algorithm.
    """
    if len(id_token) > _LONGEST_TOKEN:
        raise GoogleRefusedError
    try:
        header = jws.extract_compact(id_token.encode()).headers()
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise GoogleRefusedError from error
    key_id = header.get("kid")
    if header.get("alg") != _ALGORITHM or not isinstance(key_id, str):
        raise GoogleRefusedError
    return key_id


def read_id_token(id_token: str, key: Mapping[str, Any], *, audiences: frozenset[str], now: datetime) -> GoogleIdentity:
    """Whom an ID token speaks of.

    Args:
        id_token: as the client sent it.
        key: the JSON Web Key that Google publishes under the token's key id.
        audiences: our own client ids.
        now: aware.

    Raises:
        GoogleRefusedError: forged, expired, not from Google, for somebody else, or of an address that is not verified.
    """
    try:
        checked = RSAKey.import_key({name: key[name] for name in ("kty", "n", "e")})
        claims = jwt.decode(id_token, checked, algorithms=[_ALGORITHM]).claims
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise GoogleRefusedError from error
    # Two audiences in one token would be none of Google's.
    if claims.get("iss") not in _ISSUERS or _text(claims.get("aud")) not in audiences:
        raise GoogleRefusedError
    _check_time(claims, now)
    return _identity(claims)


def read_token_info(info: Mapping[str, Any], *, audiences: frozenset[str], now: datetime) -> GoogleIdentity:
    """Whom an access token speaks of, by Google's own answer about it.

    Raises:
        GoogleRefusedError: it was made for somebody else's application, or the address is not verified.
    """
    if _text(info.get("aud") or info.get("azp")) not in audiences:
        raise GoogleRefusedError
    _check_time(info, now)
    return _identity(info)


def _check_time(claims: Mapping[str, Any], now: datetime) -> None:
    """Numbers in a token are numbers, in Google's answer about one they are text."""
    try:
        expires_s = float(claims["exp"])
        begins_s = float(claims.get("nbf") or 0)
    except (KeyError, TypeError, ValueError) as error:
        raise GoogleRefusedError from error
    now_s = now.timestamp()
    if not now_s < expires_s + _LEEWAY_S or not begins_s <= now_s + _LEEWAY_S:
        raise GoogleRefusedError


def _identity(claims: Mapping[str, Any]) -> GoogleIdentity:
    subject, email = _text(claims.get("sub")), _text(claims.get("email"))
    if claims.get("email_verified") not in (True, "true"):
        raise GoogleRefusedError
    if not subject or len(subject) > _LONGEST_SUBJECT or not email:
        raise GoogleRefusedError
    try:
        normal = normal_email(email)
    except InvalidEmailError as error:
        raise GoogleRefusedError from error
    name = (_text(claims.get("name")) or "").strip()[:_LONGEST_NAME].strip()
    return GoogleIdentity(subject=subject, email=normal, full_name=name or None)


def _text(value: Any) -> str | None:
    """Text that every database can store, else None."""
    if not isinstance(value, str) or "\x00" in value or any("\ud800" <= letter <= "\udfff" for letter in value):
        return None
    return value
