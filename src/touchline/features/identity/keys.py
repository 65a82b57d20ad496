"""The key pair behind access tokens: RS256, made at first start, rotated with an overlap of two key ids.

Files in `<data>/certs`, mode 600: `private.pem` signs; `public.pem` and, after a rotation, `previous.pem` check.
A configured key (PEM text or file) takes their place; a process with only a public key checks but never signs.
"""

import hashlib
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from joserfc.errors import JoseError
from joserfc.jwk import KeySet, RSAKey

from touchline.features.identity.errors import KeysNotOursError, KeyUnusableError
from touchline.foundation.settings import Settings
from touchline.foundation.storage import make_private_folder

ALGORITHM = "RS256"
_KEY_BITS = 2048


@dataclass(frozen=True)
class Keys:
    """Keys at one moment.

    signing: None where only checking is possible.
    checking: by key id; the current one and, for a while, the one before.
    """

    signing: RSAKey | None
    checking: Mapping[str, RSAKey]

    @property
    def key_set(self) -> KeySet:
        return KeySet(list(self.checking.values()))

    def public_document(self) -> dict[str, Any]:
        """The JSON Web Key Set for `/.well-known/jwks.json`."""
        return {
            "keys": [
                {**key.as_dict(private=False), "kid": kid, "use": "sig", "alg": ALGORITHM}
                for kid, key in self.checking.items()
            ]
        }

    def secret(self, purpose: str) -> bytes:
        """A secret that every process with the signing key shares, one per purpose.

        Raises:
            LookupError: there is no signing key.
        """
        if self.signing is None:
            raise LookupError("no signing key")
        return hashlib.sha256(purpose.encode() + b"\x00" + self.signing.as_pem(private=True)).digest()


class KeyRing:
    """Where a process gets its keys from; follows a rotation without a restart."""

    def __init__(self, folder: Path, *, private_pem: str | None = None, public_pem: str | None = None) -> None:
        self._folder = folder
        self._private_pem = private_pem
        self._public_pem = public_pem
        # Every request looks at these; a path would be put together anew each time.
        self._files = [folder / name for name in ("private.pem", "public.pem", "previous.pem")]
        self._read: tuple[tuple[int, ...], Keys] | None = None

    @classmethod
    def from_settings(cls, settings: Settings) -> "KeyRing":
        """The configured keys, else the files of the data folder, made now when there are none.

        Raises:
            KeyUnusableError: one of them is missing or no RSA key in PEM form.
        """
        private_pem = _configured(
            settings.jwt_private_key.get_secret_value() if settings.jwt_private_key else None,
            settings.jwt_private_key_path,
        )
        public_pem = _configured(settings.jwt_public_key, settings.jwt_public_key_path)
        ring = cls(settings.data_dir / "certs", private_pem=private_pem, public_pem=public_pem)
        if not ring.is_configured:
            make_first_keys(ring.folder)
        ring.check()
        return ring

    @property
    def folder(self) -> Path:
        return self._folder

    @property
    def is_configured(self) -> bool:
        """Whether keys come from settings; then the files of the data folder do not count."""
        return self._private_pem is not None or self._public_pem is not None

    def check(self) -> None:
        """Read the keys now rather than at the first sign-in.

        Raises:
            KeyUnusableError: there is none, or one is no RSA key in PEM form.
        """
        try:
            self.keys()
        except (JoseError, OSError, ValueError, TypeError) as error:
            where = "JWT_PRIVATE_KEY and JWT_PUBLIC_KEY" if self.is_configured else str(self._folder)
            raise KeyUnusableError(where=where) from error

    def keys(self) -> Keys:
        """The keys of this moment; files are read again when they have changed."""
        stamp = () if self.is_configured else tuple(_modified_ns(file) for file in self._files)
        if self._read is None or self._read[0] != stamp:
            self._read = (stamp, self._load())
        return self._read[1]

    def _load(self) -> Keys:
        if self.is_configured:
            return _keys(self._private_pem, [self._public_pem])
        return _keys(
            _text(self._folder / "private.pem"),
            [_text(self._folder / "public.pem"), _text(self._folder / "previous.pem")],
        )


def make_first_keys(folder: Path) -> None:
    """Make a key pair unless there is one; of two processes that start together, the first one's counts."""
    if (folder / "private.pem").exists() or (folder / "public.pem").exists():
        return
    for private in (folder.parent, folder):
        make_private_folder(private)
    key = RSAKey.generate_key(_KEY_BITS)
    if _write_new(folder / "private.pem", key.as_pem(private=True)):
        _replace(folder / "public.pem", key.as_pem(private=False))


def rotate_keys(settings: Settings) -> str:
    """Make a new signing key; tokens of the one before stay valid until the next rotation. Returns the new key id.

    Running processes notice by themselves.

    Raises:
        KeysNotOursError: keys come from the settings, so they are renewed there.
    """
    ring = KeyRing.from_settings(settings)
    if ring.is_configured or not (ring.folder / "private.pem").exists():
        raise KeysNotOursError
    return rotate(ring.folder)


def rotate(folder: Path) -> str:
    """Renew the key files of a folder; returns the new key id."""
    current = RSAKey.import_key((folder / "private.pem").read_bytes())
    fresh = RSAKey.generate_key(_KEY_BITS)
    # In this order no process ever meets a token that none of its keys can check.
    _replace(folder / "previous.pem", current.as_pem(private=False))
    _replace(folder / "public.pem", fresh.as_pem(private=False))
    _replace(folder / "private.pem", fresh.as_pem(private=True))
    return fresh.thumbprint()


def _keys(private_pem: str | None, public_pems: list[str | None]) -> Keys:
    signing = RSAKey.import_key(private_pem) if private_pem else None
    checking = [RSAKey.import_key(signing.as_pem(private=False))] if signing is not None else []
    checking += [RSAKey.import_key(pem) for pem in public_pems if pem]
    named = {}
    for key in checking:
        kid = key.thumbprint()
        named[kid] = RSAKey.import_key(key.as_pem(private=False), {"kid": kid})
    if not named:
        raise FileNotFoundError("There is no key to check tokens with; set JWT_PUBLIC_KEY or the data folder.")
    return Keys(signing=signing, checking=named)


def _configured(text: str | None, path: Path | None) -> str | None:
    if text:
        return text.replace("\\n", "\n")  # a one-line variable of an .env file
    if path is None:
        return None
    try:
        return path.read_text()
    except (OSError, ValueError) as error:
        raise KeyUnusableError(where=str(path)) from error


def _modified_ns(file: Path) -> int:
    try:
        return file.stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _text(file: Path) -> str | None:
    return file.read_text() if file.exists() else None


def _write_new(file: Path, content: bytes) -> bool:
    """Write a file that must not exist yet; False when another process was first."""
    draft = _draft(file, content)
    try:
        os.link(draft, file)
    except FileExistsError:
        return False
    else:
        return True
    finally:
        draft.unlink()


def _replace(file: Path, content: bytes) -> None:
    _draft(file, content).replace(file)


def _draft(file: Path, content: bytes) -> Path:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        out.write(content)
    return draft
