"""What every door has in common: forms of errors, ids of requests, limits, CORS, health."""

from decimal import Decimal
from typing import Annotated, ClassVar

import pytest
from fastapi import APIRouter, Form, HTTPException, Request
from pydantic import BaseModel, Field

from houses import client_of
from touchline.foundation.db import Database
from touchline.foundation.errors import Kind, TouchlineError
from touchline.foundation.http.app import create_app
from touchline.foundation.http.frame import LARGEST_BODY_BYTES, lift_body_limit
from touchline.foundation.http.requirement import Public
from touchline.foundation.http.text import CleanJson, Line
from touchline.foundation.settings import Settings

pytestmark = pytest.mark.anyio

router = APIRouter()


class BusyError(TouchlineError):
    kind: ClassVar[Kind] = Kind.TOO_MANY
    text = "Busy, {name}."


class Body(BaseModel):
    name: Annotated[Line, Field(min_length=1, max_length=5)]
    extra: CleanJson = None


@router.get("/busy")
async def busy(_: Public) -> None:
    raise BusyError(retry_after_s=7, name="coach")


class OddFieldError(TouchlineError):
    kind: ClassVar[Kind] = Kind.UNPROCESSABLE
    code = "tests.odd"
    text = "`score`: must be a number"


@router.get("/odd-field")
async def odd_field(_: Public) -> None:
    raise OddFieldError


@router.get("/broken")
async def broken(_: Public) -> None:
    raise RuntimeError("the secret is 1234")


@router.get("/teapot")
async def teapot(_: Public) -> None:
    raise HTTPException(418, {"not": "text"})


@router.post("/named")
async def named(body: Body, _: Public) -> Body:
    return body


@router.post("/form")
async def form(name: Annotated[str, Form()], _: Public) -> dict[str, str]:
    return {"name": name}


@router.post("/streamed")
async def streamed(request: Request, _: Public) -> dict[str, int]:
    lift_body_limit(request.scope)
    return {"bytes": sum([len(block) async for block in request.stream()])}


@router.post("/bodyless")
async def bodyless(_: Public) -> dict[str, str]:
    return {"status": "ok"}


class Price(BaseModel):
    value: float


@router.get("/price")
async def price(_: Public) -> Price:
    return Price(value=Decimal("1.50"))


def an_app(*, database: Database | None = None, name: str = "classic", **settings: object):
    made = Settings(_env_file=None, **settings)
    services = {} if database is None else {Database: database}
    return create_app(title="Touchline", service_name=name, routers=[router], services=services, settings=made)


@pytest.fixture
async def door():
    async with client_of(an_app()) as client:
        yield client


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        (Kind.INVALID, 400),
        (Kind.UNAUTHENTICATED, 401),
        (Kind.FORBIDDEN, 403),
        (Kind.NOT_FOUND, 404),
        (Kind.CONFLICT, 409),
        (Kind.TOO_LARGE, 413),
        (Kind.UNSUPPORTED, 415),
        (Kind.UNPROCESSABLE, 422),
        (Kind.TOO_MANY, 429),
        (Kind.UPSTREAM, 502),
        (Kind.UNAVAILABLE, 503),
        (Kind.NO_SPACE, 507),
    ],
)
async def test_each_kind_of_error_has_its_status(kind, status):
    class SomeError(TouchlineError):
        text = "What happened."

    SomeError.kind = kind
    own = APIRouter()

    @own.get("/some")
    async def some(_: Public) -> None:
        raise SomeError

    app = create_app(title="T", service_name="analysis", routers=[own], services={}, settings=Settings(_env_file=None))
    async with client_of(app, expects=range(500, 600)) as client:
        answer = await client.get("/some")
    assert answer.status_code == status
    assert answer.json() == {"detail": "What happened."}
    assert answer.headers.get("WWW-Authenticate") == ("Bearer" if status == 401 else None)


async def test_a_limit_says_when_to_come_back(door):
    answer = await door.get("/busy")
    assert (answer.status_code, answer.headers["Retry-After"]) == (429, "7")
    assert answer.json() == {"detail": "Busy, coach."}


async def test_a_field_that_a_room_refuses_is_listed_like_others(door):
    answer = await door.get("/odd-field")
    assert answer.status_code == 422
    assert answer.json() == {
        "detail": "`score`: must be a number",
        "errors": [{"loc": ["body", "score"], "msg": "must be a number", "type": "tests.odd"}],
    }


async def test_a_bug_shows_an_id_and_no_text_of_the_exception():
    async with client_of(an_app(), expects={500}) as door:
        answer = await door.get("/broken", headers={"X-Request-ID": "my-id-1"})
    assert answer.status_code == 500
    assert answer.json() == {"detail": "Internal server error", "request_id": "my-id-1"}
    assert answer.headers["X-Request-ID"] == "my-id-1"


async def test_a_browser_may_read_the_answer_to_a_bug():
    async with client_of(an_app(), expects={500}) as door:
        answer = await door.get("/broken", headers={"Origin": "https://club.example"})
    assert answer.headers["Access-Control-Allow-Origin"] == "*"


async def test_an_odd_request_id_is_replaced(door):
    answer = await door.get("/health", headers={"X-Request-ID": "a b\tc"})
    assert len(answer.headers["X-Request-ID"]) == 36


async def test_detail_is_always_text(door):
    assert isinstance((await door.get("/teapot")).json()["detail"], str)
    assert isinstance((await door.get("/nowhere")).json()["detail"], str)
    assert isinstance((await door.delete("/health")).json()["detail"], str)


async def test_validation_names_field_and_reason_and_never_echoes_the_input(door):
    answer = await door.post("/named", json={"name": "much too long"})
    assert answer.status_code == 422
    body = answer.json()
    assert body["detail"].startswith("`name`: ")
    assert body["errors"][0]["loc"] == ["body", "name"]
    assert "much too long" not in answer.text


@pytest.mark.parametrize(
    ("body", "detail"),
    [
        ({"name": "longer"}, "`name`: must have at most 5 characters"),
        ({"name": "  "}, "`name`: must not be empty"),
        ([1], "`body`: must be an object"),
    ],
)
async def test_limits_of_text_are_told_in_characters(door, body, detail):
    answer = await door.post("/named", json=body)
    assert (answer.status_code, answer.json()["detail"]) == (422, detail)
    assert answer.json()["errors"][0]["msg"] == detail.partition(": ")[2]


async def test_broken_json_is_named(door):
    answer = await door.post("/named", content=b"{", headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("`body`: ")


@pytest.mark.parametrize(
    "body",
    [
        rb'{"name": "a\u0000b"}',
        rb'{"name": "a\ud800b"}',
        rb'{"name": "ok", "extra": {"deep": ["\u0000"]}}',
        rb'{"name": "ok", "extra": {"\udfff": 1}}',
        rb'{"name": "ok", "extra": NaN}',
        rb'{"name": "ok", "extra": [1e999]}',
        b'{"name": "ok", "extra": ' + b"9" * 40 + b"}",
        b'{"name": "ok", "extra": ' + b"[" * 40 + b"]" * 40 + b"}",
    ],
)
async def test_what_no_database_can_store_is_refused_at_the_door(door, body):
    answer = await door.post("/named", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422, answer.text
    assert isinstance(answer.json()["detail"], str)


async def test_json_as_deep_as_a_well_is_refused(door):
    deep = b'{"name": "ok", "extra": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    answer = await door.post("/named", content=deep, headers={"Content-Type": "application/json"})
    assert answer.status_code in (400, 422)


async def test_routes_without_a_body_take_the_text_null(door):
    answer = await door.post("/bodyless", content=b"null", headers={"Content-Type": "application/json; charset=UTF-8"})
    assert answer.json() == {"status": "ok"}


async def test_get_ignores_a_content_type(door):
    answer = await door.get("/health", headers={"Content-Type": "application/json; charset=UTF-8"})
    assert answer.status_code == 200


async def test_a_trailing_slash_leads_to_the_same_place(door):
    answer = await door.post("/named/", json={"name": "ok"}, follow_redirects=False)
    assert answer.status_code == 307
    answer = await door.post("/named/", json={"name": "ok"}, follow_redirects=True)
    assert answer.json()["name"] == "ok"


async def test_a_body_that_is_too_large_is_refused_before_it_is_read(door):
    answer = await door.post("/named", content=b"x" * (LARGEST_BODY_BYTES + 1))
    assert answer.status_code == 413
    assert answer.json() == {"detail": "The request is too large."}


async def test_a_body_without_a_length_is_counted(door):
    async def stream():
        for _ in range(5):
            yield b" " * (LARGEST_BODY_BYTES // 4)

    answer = await door.post("/named", content=stream(), headers={"Content-Type": "application/json"})
    assert answer.status_code == 413


@pytest.mark.parametrize("path", ["/named", "/form"])
@pytest.mark.parametrize("has_length", [True, False])
async def test_a_body_that_calls_itself_an_upload_is_no_larger(door, path, has_length):
    head = b'--x\r\nContent-Disposition: form-data; name="name"; filename="a"\r\n\r\n'

    async def pieces():
        yield head
        for _ in range(5):
            yield b" " * (LARGEST_BODY_BYTES // 4)

    content = head + b" " * LARGEST_BODY_BYTES if has_length else pieces()
    answer = await door.post(path, content=content, headers={"Content-Type": "multipart/form-data; boundary=x"})
    assert (answer.status_code, answer.json()) == (413, {"detail": "The request is too large."})


async def test_a_route_that_streams_its_body_lifts_the_limit(door):
    answer = await door.post(
        "/streamed",
        content=b" " * (LARGEST_BODY_BYTES + 1),
        headers={"Content-Type": "multipart/form-data; boundary=x"},
    )
    assert answer.json() == {"bytes": LARGEST_BODY_BYTES + 1}


async def test_decimals_travel_as_numbers(door):
    assert (await door.get("/price")).text == '{"value":1.5}'


async def test_any_origin_is_welcome_without_credentials(door):
    answer = await door.options(
        "/named",
        headers={
            "Origin": "https://club.example",
            "Access-Control-Request-Method": "PUT",
            "Access-Control-Request-Headers": "authorization, range, last-event-id",
        },
    )
    assert answer.status_code == 200
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert "Access-Control-Allow-Credentials" not in answer.headers
    plain = await door.get("/health", headers={"Origin": "https://club.example"})
    assert set(plain.headers["Access-Control-Expose-Headers"].split(", ")) == {
        "Content-Range",
        "Accept-Ranges",
        "Content-Length",
        "X-Total-Count",
    }


async def test_listed_origins_come_with_credentials_and_others_do_not():
    app = an_app(cors_allow_origins="https://club.example, https://other.example")
    async with client_of(app) as client:
        good = await client.get("/health", headers={"Origin": "https://club.example"})
        bad = await client.get("/health", headers={"Origin": "https://evil.example"})
    assert good.headers["Access-Control-Allow-Origin"] == "https://club.example"
    assert good.headers["Access-Control-Allow-Credentials"] == "true"
    assert "Access-Control-Allow-Origin" not in bad.headers


async def test_health_names_the_service(door):
    assert (await door.get("/health")).json() == {"status": "ok", "service": "classic"}
    assert "message" in (await door.get("/")).json()
    async with client_of(an_app(name="analysis")) as client:
        assert (await client.get("/health")).json() == {"status": "ok", "service": "analysis"}
        assert (await client.get("/")).status_code == 404


async def test_ready_says_whether_the_database_answers(sqlite_url, tmp_path):
    database = Database(sqlite_url)
    gone = Database(f"sqlite+aiosqlite:///{tmp_path / 'no' / 'folder' / 'x.db'}")
    async with client_of(an_app(database=database)) as client:
        answer = await client.get("/ready")
        assert (answer.status_code, answer.json()) == (200, {"status": "ok", "database": "up"})
    async with client_of(an_app(database=gone)) as client:
        answer = await client.get("/ready")
        assert (answer.status_code, answer.json()) == (503, {"status": "unavailable", "database": "down"})
    await database.close()
    await gone.close()


async def test_ready_shows_further_checks_without_failing_by_them(sqlite_url):
    async def broken() -> str:
        raise ConnectionError

    database = Database(sqlite_url)
    app = create_app(
        title="T",
        service_name="analysis",
        routers=[],
        services={Database: database},
        settings=Settings(_env_file=None),
        checks={"engine": broken},
    )
    async with client_of(app) as client:
        answer = await client.get("/ready")
    assert (answer.status_code, answer.json()["engine"]) == (200, "down")
    await database.close()


async def test_documentation_can_be_switched_off():
    async with client_of(an_app()) as client:
        assert (await client.get("/openapi.json")).status_code == 200
        assert (await client.get("/docs")).status_code == 200
    async with client_of(an_app(TOUCHLINE_DOCS=False)) as client:
        assert (await client.get("/openapi.json")).status_code == 404
        assert (await client.get("/docs")).status_code == 404
