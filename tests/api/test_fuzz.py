"""Requests made from the OpenAPI documents, right and wrong ones: every answer is one that the document declares.

`TOUCHLINE_TEST_FUZZ=300` asks each operation so many times (`make fuzz`); the seed is fixed.
"""

import asyncio
import os
from collections.abc import Iterator
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from typing import Any

import httpx2
import jsonschema_rs
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.generation import GenerationMode

from api.club import Club, a_club
from api.valid import content, row_ids
from api.walk import Door, doors
from whole import Whole, a_whole_house

EXAMPLES = int(os.environ.get("TOUCHLINE_TEST_FUZZ", "5"))
GENTLY = settings(
    max_examples=EXAMPLES,
    database=None,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
)
ENDLESS = "/segments/stream"


@dataclass
class Fuzz:
    """An open house, its owner's clients, and a loop to ask it from plain functions."""

    whole: Whole
    club: Club
    clients: dict[str, httpx2.AsyncClient]
    runner: asyncio.Runner


@pytest.fixture
def fuzz(sqlite_url, first_keys, tmp_path) -> Iterator[Fuzz]:
    async def opened() -> Fuzz:
        whole = await house.enter_async_context(
            a_whole_house(sqlite_url, data=tmp_path / "data", first_keys=first_keys)
        )
        club = await a_club(whole, "amber")
        clients = {app: await whole.client(app, token=club.owner.token) for app in whole.apps}
        return Fuzz(whole, club, clients, runner)

    with asyncio.Runner() as runner:
        house = AsyncExitStack()
        yield runner.run(opened())
        runner.run(house.aclose())


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
@pytest.mark.parametrize("app", ["classic", "analysis"])
def test_every_answer_is_declared(fuzz, app, mode):
    document = fuzz.whole.apps[app].openapi()
    known = {
        (door.method, door.path.replace(":path}", "}")): door for door in doors(fuzz.whole.apps) if door.app == app
    }
    found = [result.ok() for result in schemathesis.openapi.from_dict(document).get_all_operations()]
    judged = _Judge(document)
    # What deletes comes last, so that there is something to find before.
    for operation in sorted(found, key=lambda one: one.method.upper() == "DELETE"):
        if operation.path.endswith(ENDLESS):
            continue  # an open stream does not end
        door = known[operation.method.upper(), operation.path]
        _ask_often(fuzz, door, operation.as_strategy(generation_mode=mode), judged)
    assert judged.surprises == {}


def _ask_often(fuzz: Fuzz, door: Door, cases: st.SearchStrategy[Any], judged: "_Judge") -> None:
    @seed(20260502)
    @GENTLY
    @given(case=cases, is_real=st.booleans())
    def ask(case: Any, is_real: bool) -> None:
        asked = _prepared(case)
        if asked is None:
            return
        if is_real:
            query = content(fuzz.club, door).get("params")
            asked["url"] = httpx2.URL(door.at(**row_ids(fuzz.club, door)), params=query or asked["url"].params)
        judged.judge(door, fuzz.runner.run(fuzz.clients[door.app].request(door.method, **asked)))

    # Where nothing can be wrong there is nothing to ask.
    with suppress(Unsatisfiable):
        ask()


def _prepared(case: Any) -> dict[str, Any] | None:
    """A case as bytes on the wire; None when no client could send it."""
    given_ = case.as_transport_kwargs()
    try:
        ready = requests.Request(**{**given_, "url": "http://touchline.test" + given_["url"]}).prepare()
        url = httpx2.URL(str(ready.url))
    except (ValueError, TypeError, requests.RequestException, httpx2.InvalidURL):
        return None
    kind = str(ready.headers.get("Content-Type", ""))
    body = ready.body.encode("utf-8", "surrogatepass") if isinstance(ready.body, str) else ready.body
    return {"url": url, "content": body or b"", "headers": {"Content-Type": kind} if kind else {}}


class _Judge:
    """Compares answers with a document: the status stands there, and the body has the form that it says."""

    def __init__(self, document: dict[str, Any]) -> None:
        self._document = document
        self._forms: dict[tuple[str, str, str], Any] = {}
        self.surprises: dict[str, str] = {}

    def judge(self, door: Door, answer: httpx2.Response) -> None:
        path = door.path.replace(":path}", "}")
        if answer.status_code in {307, 405}:
            return  # an odd word in a path made another path of it
        if answer.status_code == 404 and answer.json() == {"detail": "Not Found"}:
            return
        declared = self._document["paths"][path][door.method.lower()]["responses"]
        status = str(answer.status_code)
        if status not in declared:
            self.surprises[f"{door} answered {status} undeclared"] = answer.text[:200]
            return
        kind = answer.headers.get("Content-Type", "").partition(";")[0]
        said = declared[status]
        if "$ref" in said:
            said = self._document["components"]["responses"][said["$ref"].rpartition("/")[2]]
        form = said.get("content", {}).get(kind, {}).get("schema")
        if kind != "application/json" or not form:
            return
        key = (path, door.method, status)
        if key not in self._forms:
            self._forms[key] = jsonschema_rs.validator_for({**form, "components": self._document["components"]})
        for error in self._forms[key].iter_errors(answer.json()):
            self.surprises[f"{door} answered {status} in another form"] = f"{error.instance_path}: {error.message}"
