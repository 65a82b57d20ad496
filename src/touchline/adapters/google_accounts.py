"""Google over HTTP: its keys, kept for an hour, and its word on an access token. Bounded in time and in size."""

import asyncio
import json
import ssl
import time
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import anyio
import httpx2

from touchline.features.identity.ports import GoogleAwayError

_KEYS_LIVE_S = 3600.0
_UNKNOWN_KEY_WAIT_S = 60.0
_FAILURE_WAIT_S = 5.0
_PATIENCE_S = 8.0
_LARGEST_ANSWER_BYTES = 1 << 18


class HttpGoogle:
    """Asks the two addresses that it is given.

    Args:
        keys_url: where the JSON Web Key Set stands.
        token_info_url: answers about the access token in `access_token`.
        monotonic_s: for tests.
    """

    def __init__(
        self, *, keys_url: str, token_info_url: str, monotonic_s: Callable[[], float] = time.monotonic
    ) -> None:
        self._keys_url = keys_url
        self._token_info_url = token_info_url
        self._monotonic_s = monotonic_s
        self._keys: dict[str, Mapping[str, Any]] = {}
        self._fetched_s: float | None = None
        self._failed_s: float | None = None
        self._asking = asyncio.Lock()

    async def key(self, key_id: str) -> Mapping[str, Any] | None:
        if not self._must_ask(key_id):
            return self._keys.get(key_id)
        async with self._asking:
            # Again: whoever waited here finds what the first one fetched.
            if self._must_ask(key_id):
                await self._fetch_keys()
        return self._keys.get(key_id)

    async def token_info(self, access_token: str) -> Mapping[str, Any] | None:
        status, answer = await self._get(self._token_info_url, {"access_token": access_token})
        if status in (400, 401):
            return None
        if status != 200 or not isinstance(answer, dict):
            raise GoogleAwayError(f"the token endpoint answered {status}")
        return answer

    def _must_ask(self, key_id: str) -> bool:
        """Whether the keys are too old, or a key that is missing may have been added since."""
        if self._fetched_s is None:
            return True
        age_s = self._monotonic_s() - self._fetched_s
        return age_s > _KEYS_LIVE_S or (key_id not in self._keys and age_s > _UNKNOWN_KEY_WAIT_S)

    async def _fetch_keys(self) -> None:
        now_s = self._monotonic_s()
        if self._failed_s is not None and now_s - self._failed_s < _FAILURE_WAIT_S:
            raise GoogleAwayError("the key endpoint failed a moment ago")
        try:
            status, answer = await self._get(self._keys_url, {})
            if status != 200 or not isinstance(answer, dict) or not isinstance(answer.get("keys"), list):
                raise GoogleAwayError(f"the key endpoint answered {status} without keys")
        except GoogleAwayError:
            self._failed_s = now_s
            raise
        self._keys = {
            key["kid"]: key
            for key in answer["keys"]
            if isinstance(key, dict) and isinstance(key.get("kid"), str) and key.get("kty") == "RSA"
        }
        self._fetched_s, self._failed_s = now_s, None

    async def _get(self, url: str, query: dict[str, str]) -> tuple[int, Any]:
        """Status and JSON of an answer; None for JSON that cannot be read."""
        try:
            async with (
                asyncio.timeout(_PATIENCE_S),
                httpx2.AsyncClient(verify=await anyio.to_thread.run_sync(lambda: self._trust)) as client,
                client.stream("GET", url, params=query) as response,
            ):
                body = bytearray()
                async for block in response.aiter_bytes():
                    body += block
                    if len(body) > _LARGEST_ANSWER_BYTES:
                        raise GoogleAwayError("the answer is too long")
                return response.status_code, _json(bytes(body))
        except (httpx2.HTTPError, httpx2.InvalidURL, TimeoutError, OSError) as error:
            raise GoogleAwayError(type(error).__name__) from error

    @cached_property
    def _trust(self) -> ssl.SSLContext:
        """Made once: it reads every certificate that this machine trusts."""
        return httpx2.create_ssl_context()


def _json(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
