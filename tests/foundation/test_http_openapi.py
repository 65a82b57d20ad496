"""The document of an app: names, refusals, and what stops the start."""

import pytest
from fastapi import APIRouter
from pydantic import BaseModel

from touchline.foundation.http.app import create_app
from touchline.foundation.http.openapi import OperationIdError, refusals
from touchline.foundation.http.paging import Page
from touchline.foundation.http.requirement import Public
from touchline.foundation.settings import Settings


class Thing(BaseModel):
    name: str


def an_app(*routers: APIRouter, **tags: str):
    settings = Settings(_env_file=None)
    return create_app(title="T", service_name="analysis", routers=routers, services={}, settings=settings, tags=tags)


def test_two_routes_of_one_name_stop_the_start():
    one, other = APIRouter(), APIRouter()
    for router, path in ((one, "/things"), (other, "/others")):

        @router.get(path)
        async def things(_: Public) -> list[Thing]:
            return []

    with pytest.raises(OperationIdError, match="things"):
        an_app(one, other)


def test_a_second_spelling_that_is_not_listed_may_share_a_name():
    router = APIRouter()

    async def things(_: Public) -> list[Thing]:
        return []

    router.get("/things")(things)
    router.get("/old/things", include_in_schema=False)(things)
    assert "/old/things" not in an_app(router).openapi()["paths"]


def test_a_route_tells_its_own_refusals_and_the_common_ones():
    router = APIRouter(tags=["things"])

    @router.post("/things", responses=refusals({409: "There is one.", 503: "The shop is closed."}))
    async def add_thing(body: Thing, _: Public) -> Thing:
        return body

    @router.get("/things")
    async def list_things(_: Public, page: Page) -> list[Thing]:
        return []

    document = an_app(router, things="All about things.", absent="Nobody uses it.").openapi()
    add, read = document["paths"]["/things"]["post"], document["paths"]["/things"]["get"]
    assert (add["operationId"], set(add["responses"])) == ("add_thing", {"200", "400", "409", "413", "422", "503"})
    assert add["responses"]["409"]["description"] == "There is one."
    error = add["responses"]["503"]["content"]["application/json"]["schema"]
    assert error == {"$ref": "#/components/schemas/Error"}
    assert "X-Total-Count" in read["responses"]["200"]["headers"]
    assert [tag["name"] for tag in document["tags"]] == ["things"]
