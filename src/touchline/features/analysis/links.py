"""Signed links to media: one path, one person, until one instant; for players and browsers that send no headers.

The signature (itsdangerous, HMAC-SHA256) covers user, token version, expiry and path, so that a link opens nothing
else, and ends when the account's password is reset.
"""

import hashlib
import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar
from urllib.parse import quote

from itsdangerous import Signer

from touchline.foundation.errors import Kind, TouchlineError
from touchline.foundation.storage import make_private_folder

_TOKEN = re.compile(r"(?P<user>[0-9a-f-]{36})\.(?P<version>\d{1,9})\.(?P<expiry>\d{1,12})\.(?P<signature>[\w-]{20,60})")


class BadLinkError(TouchlineError):
    """Forged, expired, or made for another path."""

    kind: ClassVar[Kind] = Kind.UNAUTHENTICATED
    code = "analysis.bad_link"
    text = "This link is not valid any more; open the analysis again to get a new one."


@dataclass(frozen=True)
class LinkHolder:
    """Whom a valid link was made for; the caller checks that the account still stands at this version."""

    user_id: str
    token_version: int


class MediaLinks:
    """Makes and checks the `media` parameter."""

    def __init__(self, key: str, *, ttl_s: int) -> None:
        # A list signs hundreds of links: the key is derived once, not for each of them.
        derived = Signer(key, salt="touchline.media", digest_method=hashlib.sha256).derive_key()
        self._signer = Signer(derived, key_derivation="none", digest_method=hashlib.sha256)
        self.ttl_s = ttl_s

    def token(self, *, user_id: str, token_version: int, path: str, expires_at: datetime) -> str:
        head = f"{user_id}.{token_version}.{int(expires_at.timestamp())}"
        return f"{head}.{self._signature(head, path)}"

    def check(self, token: str, path: str, *, now: datetime) -> LinkHolder:
        """Who holds this link to this path.

        Raises:
            BadLinkError: malformed, forged, expired, or of another path.
        """
        found = _TOKEN.fullmatch(token)
        if found is None:
            raise BadLinkError
        head = f"{found['user']}.{found['version']}.{found['expiry']}"
        if not self._signer.verify_signature(f"{head}.{path}", found["signature"]):
            raise BadLinkError
        if now >= datetime.fromtimestamp(int(found["expiry"]), UTC):
            raise BadLinkError
        return LinkHolder(user_id=found["user"], token_version=int(found["version"]))

    def _signature(self, head: str, path: str) -> str:
        return self._signer.get_signature(f"{head}.{path}").decode()


def link(base: str, *, path: str, token: str) -> str:
    """Absolute address of a file; videos play through `stream`."""
    route = "stream" if path.lower().endswith((".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi")) else "files"
    return f"{base}/api/analysis/{route}?path={quote(path)}&media={token}"


def link_base(configured: str | None, request_base: str) -> str:
    """The address before `/api`: the configured one, else the one that the request came to."""
    return (configured or request_base).rstrip("/").removesuffix("/api").rstrip("/")


def media_key(data_dir: Path, configured: str | None = None) -> str:
    """The signing key: the configured one, else `<data>/media.key`, made at first start with mode 600."""
    if configured:
        return configured
    file = data_dir / "media.key"
    if not file.exists():
        make_private_folder(data_dir)
        draft = file.with_name(f"media.key.{os.getpid()}")
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w") as out:
            out.write(os.urandom(32).hex())
        try:
            os.link(draft, file)  # fails when another process was first: then its key counts
        except FileExistsError:
            pass
        finally:
            draft.unlink()
    return file.read_text().strip()
