"""Language models over HTTP: an endpoint that takes a prompt, or any server that speaks OpenAI's chat completions."""

import asyncio
import json
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx2

from touchline.features.assistant.ports import LanguageModel, ModelError, ModelTooSlowError
from touchline.foundation.settings import Settings

LARGEST_ANSWER_BYTES = 1 << 20

Read = Callable[[Any], object]
"""The text in an endpoint's JSON; raises LookupError or TypeError where the shape is another."""


@dataclass(frozen=True)
class _Endpoint:
    """One POST for each prompt, given up as a whole after `patience_s`; redirects are not followed."""

    url: str
    patience_s: float
    headers: Mapping[str, str] = field(default_factory=dict)
    tls: ssl.SSLContext = field(default_factory=ssl.create_default_context)

    async def text(self, body: Mapping[str, Any], read: Read) -> str:
        try:
            async with asyncio.timeout(self.patience_s):
                answer = json.loads(await self._post(body))
            text = read(answer)
        except (TimeoutError, httpx2.TimeoutException) as error:
            raise ModelTooSlowError(f"no answer within {self.patience_s:g} s") from error
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError) as error:
            raise ModelError(f"cannot be asked: {type(error).__name__}") from error
        except (ValueError, LookupError, TypeError, RecursionError) as error:
            raise ModelError("its answer cannot be read") from error
        if not isinstance(text, str) or not text.strip() or not _is_clean(text):
            raise ModelError("its answer holds no text")
        return text

    async def _post(self, body: Mapping[str, Any]) -> bytes:
        content = b""
        client = httpx2.AsyncClient(verify=self.tls, timeout=self.patience_s, headers=dict(self.headers))
        async with client, client.stream("POST", self.url, json=body) as response:
            if response.status_code != httpx2.codes.OK:
                raise ModelError(f"status {response.status_code}")
            async for chunk in response.aiter_bytes():
                content += chunk
                if len(content) > LARGEST_ANSWER_BYTES:
                    raise ModelError("its answer is too long")
        return content


@dataclass(frozen=True)
class PromptModel:
    """LLM_MODE=remote: `{"prompt"}` in, `{"status": "ok", "response"}` out."""

    endpoint: _Endpoint

    async def answer(self, prompt: str) -> str:
        return await self.endpoint.text({"prompt": prompt}, _response)


@dataclass(frozen=True)
class ChatModel:
    """LLM_MODE=local: chat completions; name None leaves the choice to a server with one model."""

    endpoint: _Endpoint
    name: str | None

    async def answer(self, prompt: str) -> str:
        body: dict[str, Any] = {"messages": [{"role": "user", "content": prompt}], "temperature": 0, "stream": False}
        if self.name is not None:
            body["model"] = self.name
        return await self.endpoint.text(body, _first_choice)


def model_from(settings: Settings) -> LanguageModel | None:
    """The model that is set up; None when its address is not."""
    if settings.llm_mode == "remote":
        if not settings.remote_llm_url:
            return None
        return PromptModel(_Endpoint(settings.remote_llm_url, settings.llm_timeout))
    if not settings.local_llm_url:
        return None
    key = settings.llm_api_key.get_secret_value() if settings.llm_api_key else None
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    endpoint = _Endpoint(_completions(settings.local_llm_url), settings.llm_timeout, headers)
    return ChatModel(endpoint, settings.local_llm_model)


def _completions(address: str) -> str:
    """The address of chat completions, from it or from the base that such servers print (`http://127.0.0.1:11434/v1`)."""
    base = address.rstrip("/")
    return base if base.endswith("/chat/completions") else f"{base}/chat/completions"


def _response(answer: Any) -> object:
    if answer["status"] != "ok":
        raise LookupError("status")
    return answer["response"]


def _first_choice(answer: Any) -> object:
    return answer["choices"][0]["message"]["content"]


def _is_clean(text: str) -> bool:
    """Whether it can be sent on: no NUL, no half of a surrogate pair."""
    return "\x00" not in text and not any("\ud800" <= letter <= "\udfff" for letter in text)
