"""The mobile client's requests as it makes them: headers, bodies, bases, and what it makes of failures."""

import json
from collections.abc import Callable, Iterable
from typing import Any

import httpx2

JSON = "application/json; charset=UTF-8"


class ApiError(Exception):
    """What the client throws: the detail, if it is a string, else a phrase of its own."""

    def __init__(self, status: int, detail: str) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail


class MobileClient:
    """One phone. `classic` and `analysis` speak to the two bases, which both end in `/api`."""

    def __init__(self, classic: httpx2.AsyncClient, analysis: httpx2.AsyncClient) -> None:
        self.doors = {"K": classic, "A": analysis}
        self.token: str | None = None
        self.steps: list[tuple[str, str, str]] = []

    @property
    def headers(self) -> dict[str, str]:
        signed = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        return {"Content-Type": JSON, **signed}

    async def get(self, path: str, parse: Callable[[Any], Any] = lambda it: it, *, app: str = "K") -> Any:
        """A read; it names the type of a body that it does not have."""
        return parse(await self._call("GET", path, app, headers=self.headers))

    async def rows(self, path: str, parse: Callable[[Any], Any], *, app: str = "K") -> list[Any]:
        found = await self.get(path, app=app)
        assert type(found) is list, found
        return [parse(one) for one in found]

    async def post(
        self, path: str, body: Any, parse: Callable[[Any], Any] = lambda it: it, *, app: str = "K", open_: bool = False
    ) -> Any:
        """A write; without a payload its body is the text `null`. `open_` sends no token."""
        headers = {"Content-Type": JSON} if open_ else self.headers
        return parse(await self._call("POST", path, app, headers=headers, content=json.dumps(body)))

    async def put(self, path: str, body: Any, parse: Callable[[Any], Any], *, app: str = "K") -> Any:
        return parse(await self._call("PUT", path, app, headers=self.headers, content=json.dumps(body)))

    async def delete(self, path: str, *, app: str = "K") -> str:
        answer = await self._call("DELETE", path, app, headers=self.headers)
        assert type(answer["message"]) is str
        return str(answer["message"])

    async def sign_in(self, email: str, password: str) -> dict[str, Any]:
        form = {"username": email, "password": password, "grant_type": "password"}
        kind = "application/x-www-form-urlencoded; charset=UTF-8"
        answer = await self._call("POST", "/token", "K", headers={"Content-Type": kind}, content=_form(form))
        assert isinstance(answer, dict)
        return answer

    async def picture(self, path: str, content: bytes) -> Any:
        """An image; the part has no type of its own, and only a 200 counts."""
        return await self._upload(path, "K", {}, [("file", ("photo.jpg", content, "application/octet-stream"))], {200})

    async def video(
        self, path: str, fields: dict[str, str], videos: Iterable[bytes], *, app: str, accepted: set[int]
    ) -> Any:
        names = ("file", "file2")
        parts = [
            (name, (f"{name}.mp4", content, "application/octet-stream"))
            for name, content in zip(names, videos, strict=False)
        ]
        return await self._upload(path, app, fields, parts, accepted)

    async def image(self, url: str) -> bytes:
        """A picture by the base without any `/api`, with no headers."""
        assert url.startswith("/static/"), url
        answer = await self.doors["K"].get(str(url))
        self.steps.append(("K", "GET", "/static/{}"))
        assert answer.status_code == 200, answer.text
        assert answer.headers["Content-Type"].startswith("image/")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        return answer.content

    async def media(self, place: str, path: str, **headers: str) -> httpx2.Response:
        """A file as players ask for it: with the token, in parts."""
        self.steps.append(("A", "GET", f"/api/analysis/{place}"))
        signed = {"Authorization": f"Bearer {self.token}"}
        return await self.doors["A"].get(f"/api/analysis/{place}", params={"path": path}, headers={**signed, **headers})

    async def _upload(self, path: str, app: str, fields: dict[str, str], parts: list[Any], accepted: set[int]) -> Any:
        signed = {"Authorization": f"Bearer {self.token}"}
        return await self._call("POST", path, app, headers=signed, data=fields, files=parts, accepted=accepted)

    async def _call(self, method: str, path: str, app: str, *, accepted: set[int] | None = None, **asked: Any) -> Any:
        answer = await self.doors[app].request(method, f"/api{path}", **asked)
        self.steps.append((app, method, f"/api{path.partition('?')[0]}"))
        if answer.status_code not in (accepted or range(200, 300)):
            detail = answer.json()["detail"]
            assert type(detail) is str, answer.text
            raise ApiError(answer.status_code, detail)
        return answer.json()


def _form(fields: dict[str, str]) -> str:
    return str(httpx2.QueryParams(fields))
