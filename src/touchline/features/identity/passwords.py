"""Password hashes: Argon2id at OWASP's minimum, in threads, at most two at once."""

from anyio import CapacityLimiter, to_thread
from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from touchline.features.identity.errors import WeakPasswordError

FEWEST_CHARACTERS = 6
MOST_BYTES = 256


class Passwords:
    """Makes and checks hashes without holding up the event loop (about 30 ms and 19 MiB each)."""

    def __init__(self) -> None:
        # OWASP Password Storage Cheat Sheet: Argon2id, m = 19 MiB, t = 2, p = 1.
        self._hash = PasswordHash([Argon2Hasher(time_cost=2, memory_cost=19_456, parallelism=1)])
        self._two_at_once = CapacityLimiter(2)
        self._nobodys: str | None = None

    async def hashed(self, password: str) -> str:
        return await to_thread.run_sync(self._hash.hash, password, limiter=self._two_at_once)

    async def matches(self, password: str, stored: str | None) -> bool:
        """Whether a password belongs to a hash. Without one, as much work is done and the answer is no."""
        if stored is None:
            stored = await self._hash_of_nobody()
            await to_thread.run_sync(self._check, password, stored, limiter=self._two_at_once)
            return False
        return await to_thread.run_sync(self._check, password, stored, limiter=self._two_at_once)

    def _check(self, password: str, stored: str) -> bool:
        try:
            return self._hash.verify(password, stored)
        except UnknownHashError:  # a row imported with a hash of another kind: the owner sets a new password
            return False

    async def _hash_of_nobody(self) -> str:
        if self._nobodys is None:
            self._nobodys = await self.hashed("nobody's password")
        return self._nobodys


def check_strength(password: str) -> None:
    """The one rule for passwords, wherever one is set.

    Raises:
        WeakPasswordError: under 6 characters or over 256 bytes.
    """
    if len(password) < FEWEST_CHARACTERS:
        raise WeakPasswordError(reason=f"The password needs at least {FEWEST_CHARACTERS} characters.")
    if len(password.encode()) > MOST_BYTES:
        raise WeakPasswordError(reason=f"The password may take at most {MOST_BYTES} bytes.")
