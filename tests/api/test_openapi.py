"""The OpenAPI documents are good enough to generate a client from, and change only on purpose."""

import re
from pathlib import Path

import pytest
from openapi_spec_validator import validate

from api.walk import doors
from touchline.foundation.http.openapi import operations
from touchline.foundation.http.requirement import PUBLIC, requirements_of

pytestmark = pytest.mark.anyio

HERE = Path(__file__).parent / "openapi"
TOOL = Path(__file__).resolve().parents[2] / "tools/make_snapshots.py"
# Where a service outside may be missing or fail; nothing else is declared to fail.
FAILURES = {
    "GET /ready": {"503"},
    "POST /api/register": {"503"},
    "POST /api/register/resend": {"503"},
    "PUT /api/users/{user_id}": {"503"},  # a new address of one's own is mailed a code
    "POST /api/auth/google": {"502"},
    "POST /api/detect": {"503"},
}
APPS = ["classic", "analysis"]


@pytest.fixture
def documents(whole):
    return {name: app.openapi() for name, app in whole.apps.items()}


def responses(document, operation):
    """The answers of an operation, those that it shares with others too."""
    shared = document["components"]["responses"]
    return {
        status: shared[answer["$ref"].rpartition("/")[2]] if "$ref" in answer else answer
        for status, answer in operation["responses"].items()
    }


def _nodes(node, way=""):
    yield way, node
    if isinstance(node, dict):
        for name, inner in node.items():
            yield from _nodes(inner, f"{way}/{name}")
    elif isinstance(node, list):
        for number, inner in enumerate(node):
            yield from _nodes(inner, f"{way}/{number}")


@pytest.mark.parametrize("app", APPS)
async def test_the_document_is_what_it_was(documents, app):
    """After a change that is meant: `make snapshots`, and look at the difference."""
    import runpy

    text_of = runpy.run_path(str(TOOL))["text_of"]
    assert text_of(documents[app]).splitlines() == (HERE / f"{app}.json").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("app", APPS)
async def test_the_document_is_valid_and_every_reference_leads_somewhere(documents, app):
    document = documents[app]
    validate(document)
    for way, node in _nodes(document):
        if way.endswith("/$ref"):
            target = document
            for part in node.removeprefix("#/").split("/"):
                target = target[part]
    named = {node.removeprefix("#/components/schemas/") for way, node in _nodes(document) if way.endswith("/$ref")}
    assert set(document["components"]["schemas"]) - named == set()


@pytest.mark.parametrize("app", APPS)
async def test_every_operation_says_what_it_takes_and_gives(documents, app):
    document = documents[app]
    ids = [operation["operationId"] for _, operation in operations(document)]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"[a-z][a-z_0-9]*", one) for one in ids)
    tags = {tag["name"]: tag["description"] for tag in document["tags"]}
    for name, operation in operations(document):
        assert operation["summary"], name
        assert operation["description"], name
        assert operation["tags"], name
        assert set(operation["tags"]) <= set(tags), name
        for parameter in operation.get("parameters", []):
            assert parameter["schema"], (name, parameter)
        for kind, body in operation.get("requestBody", {}).get("content", {}).items():
            assert body["schema"], (name, kind)
        for status, response in responses(document, operation).items():
            assert response["description"], (name, status)
            for kind, body in response.get("content", {}).items():
                assert body["schema"], (name, status, kind)
            assert "content" in response or status == "304", (name, status)


@pytest.mark.parametrize("app", APPS)
async def test_refusals_have_one_form(documents, app):
    for name, operation in operations(documents[app]):
        for status, response in responses(documents[app], operation).items():
            if status < "400" or (name, status) == ("GET /ready", "503"):
                continue
            form = "Invalid" if status == "422" else "Error"
            schema = response["content"]["application/json"]["schema"]
            assert schema == {"$ref": f"#/components/schemas/{form}"}, (name, status)
    error = documents[app]["components"]["schemas"]["Error"]
    assert error["properties"]["detail"]["type"] == "string"


@pytest.mark.parametrize("app", APPS)
async def test_what_a_signature_demands_stands_in_the_document(whole, documents, app):
    for door in doors({app: whole.apps[app]}):
        path = door.path.replace(":path}", "}")
        operation = documents[app]["paths"].get(path, {}).get(door.method.lower())
        if operation is None:
            continue
        is_public = requirements_of(door.route) == {PUBLIC}
        assert ("security" in operation) == (not is_public), door
        if not is_public:
            assert {"401", "403"} <= set(operation["responses"]), door
        if door.parameters and not is_public:
            assert "404" in operation["responses"], door


async def test_streams_and_files_say_that_a_token_may_stand_in_the_query(documents):
    paths, schemes = documents["analysis"]["paths"], documents["analysis"]["components"]["securitySchemes"]
    stream = paths["/api/analysis/{analysis_id}/segments/stream"]["get"]["security"]
    assert stream == [{"OAuth2PasswordBearer": []}, {"TokenInQuery": []}]
    assert paths["/api/analysis/files"]["get"]["security"] == [*stream, {"SignedLink": []}]
    assert (schemes["TokenInQuery"]["name"], schemes["SignedLink"]["name"]) == ("access_token", "media")


async def test_failures_are_declared_only_where_somebody_else_may_be_missing(documents):
    found = {}
    for document in documents.values():
        for name, operation in operations(document):
            if failures := {status for status in operation["responses"] if status >= "500"}:
                found[name] = failures
    assert found == FAILURES


@pytest.mark.parametrize("app", APPS)
async def test_bodies_show_what_they_look_like(documents, app):
    """Every field of a request shows an example, a default, its choices, or says enough by its kind."""
    schemas = documents[app]["components"]["schemas"]
    bare = [
        f"{name}.{field}"
        for name, schema in schemas.items()
        if name.endswith(("In", "Create"))
        for field, shape in schema.get("properties", {}).items()
        if not _is_plain(field, shape, schemas)
    ]
    assert bare == []


def _is_plain(field, shape, schemas) -> bool:
    if field.endswith("_id") or {"examples", "example", "default", "enum", "$ref", "const"} & set(shape):
        return True
    if shape.get("type") in {"boolean", "array", "object"}:
        return True
    return any(_is_plain(field, one, schemas) for one in shape.get("anyOf", []) if one.get("type") != "null")


async def test_the_doubled_prefix_and_old_spellings_are_not_listed_twice(documents):
    for document in documents.values():
        assert not [path for path in document["paths"] if path.startswith(("/api/api/", "/decision/"))]
