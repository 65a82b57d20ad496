"""The OpenAPI document of an app: what FastAPI finds in the signatures, completed by what every door has in common.

A route adds what only it can answer with `responses=refusals({409: "The anchor is set already."})`; who may call, bad
input, bodies that are too large and rows that are not there are read off its signature.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute, RouteContext, iter_route_contexts

from touchline.foundation.http.requirement import PUBLIC, requirements_of

Document = dict[str, Any]
Responses = dict[int | str, dict[str, Any]]

_WRITES = {"post", "put", "patch", "delete"}
_EXAMPLES = {
    "400": "That team is not yours.",
    "401": "Could not validate credentials",
    "403": "Your role cannot change football data.",
    "404": "Match not found.",
    "409": "This exists already.",
    "413": "The request is too large.",
    "415": "This is not an accepted kind of file.",
    "416": "The file has no such part.",
    "429": "Too many attempts; try again later.",
    "502": "The other service could not be reached.",
    "503": "The tracking engine is not available.",
    "507": "There is no room left for this upload.",
}
# Refusals that mean the same everywhere, by the name under which the document keeps them.
_COMMON = {
    "SignedOut": ("401", "Not signed in, or the sign-in has ended."),
    "NotFound": ("404", "Absent, or not for the caller to see; the two look the same."),
    "Contradiction": ("409", "It contradicts what is stored."),
    "Unreadable": ("400", "The body cannot be read."),
    "TooLarge": ("413", "The body is too large."),
    "NotAccepted": ("415", "Not an accepted kind of file."),
    "Refused": ("422", "A field was refused."),
}
_ERROR: Document = {
    "type": "object",
    "title": "Error",
    "description": "Why a request was refused, in words for a person.",
    "required": ["detail"],
    "properties": {"detail": {"type": "string", "title": "Detail", "examples": ["Match not found."]}},
}
_INVALID: Document = {
    "type": "object",
    "title": "Invalid",
    "description": "Why a request was refused; where a field is at fault, `errors` names it.",
    "required": ["detail"],
    "properties": {
        "detail": {
            "type": "string",
            "title": "Detail",
            "examples": ["`name`: String should have at most 50 characters"],
        },
        "errors": {
            "type": "array",
            "title": "Errors",
            "items": {
                "type": "object",
                "title": "FieldError",
                "required": ["loc", "msg", "type"],
                "properties": {
                    "loc": {
                        "type": "array",
                        "items": {"type": ["string", "integer"]},
                        "description": "The way to the field: `body`, `query` or `path`, then names and positions.",
                        "examples": [["body", "name"]],
                    },
                    "msg": {"type": "string", "description": "What is wrong with it."},
                    "type": {"type": "string", "description": "A stable word for the kind of error."},
                },
            },
        },
    },
}
_TOTAL: Document = {
    "description": "How many rows there are on all pages together.",
    "schema": {"type": "integer", "minimum": 0},
}


class OperationIdError(RuntimeError):
    """Two routes of an app would get one operation id; the server must not start."""


def refusals(reasons: Mapping[int, str]) -> Responses:
    """What a route may answer besides success and the common refusals, by status, for `responses=` of a route."""
    return {status: {"description": reason} for status, reason in reasons.items()}


def operation_id(route: APIRoute) -> str:
    """The name of the function behind a route: what generated clients call it."""
    return route.name


def describe(app: FastAPI, *, tags: Mapping[str, str]) -> None:
    """Give an app its document, made when it is first asked for.

    Args:
        app: with all its routes.
        tags: what the groups of routes are about, by name, in the order in which they are to be shown.

    Raises:
        OperationIdError: naming the doubled ids.
    """
    _check_operation_ids(app)

    def document() -> Document:
        if app.openapi_schema is None:
            app.openapi_schema = _document(app, tags)
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]


def _check_operation_ids(app: FastAPI) -> None:
    counted = Counter(operation_id(route) for route in _listed(app))  # type: ignore[arg-type]
    doubled = sorted(name for name, count in counted.items() if count > 1)
    if doubled:
        raise OperationIdError(f"More than one route is called {', '.join(doubled)}.")


def _listed(app: FastAPI) -> Iterator[RouteContext]:
    for route in iter_route_contexts(app.routes):
        if isinstance(route.original_route, APIRoute) and route.include_in_schema:
            yield route


def _document(app: FastAPI, tags: Mapping[str, str]) -> Document:
    document = get_openapi(
        title=app.title,
        version=app.version,
        summary=app.summary,
        description=app.description,
        routes=app.routes,
    )
    for route in _listed(app):
        for method in route.methods or ():
            _complete(document["paths"][route.path_format][method.lower()], route, method.lower())
    used = {tag for _, operation in operations(document) for tag in operation.get("tags", ())}
    document["tags"] = [{"name": name, "description": about} for name, about in tags.items() if name in used]
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    for replaced in ("HTTPValidationError", "ValidationError"):
        schemas.pop(replaced, None)
    schemas |= {"Error": _ERROR, "Invalid": _INVALID}
    document["components"]["responses"] = {name: _refusal(*common) for name, common in sorted(_COMMON.items())}
    document["components"]["schemas"] = {name: schemas[name] for name in sorted(schemas)}
    return document


def operations(document: Document) -> Iterator[tuple[str, Document]]:
    """Every operation of a document with its `METHOD path`."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            yield f"{method.upper()} {path}", operation


def _complete(operation: Document, route: RouteContext, method: str) -> None:
    responses = operation["responses"]
    for status, response in responses.items():
        if status == "422":
            responses[status] = _shared("Refused")
        elif status >= "400" and "content" not in response:
            responses[status] = _refusal(status, response.get("description") or HTTPStatus(int(status)).phrase)
    demands = sorted(demand.name for demand in requirements_of(route) if demand is not PUBLIC)
    if demands:
        lacking = f"The account is disabled, or lacks the right: {', '.join(demands)}."
        responses.setdefault("403", _refusal("403", lacking))
    for name in _common_refusals(operation, method, is_open=not demands):
        responses.setdefault(_COMMON[name][0], _shared(name))
    if {"limit", "offset"} <= {parameter["name"] for parameter in operation.get("parameters", ())}:
        responses["200"].setdefault("headers", {})["X-Total-Count"] = _TOTAL
    operation["responses"] = {status: responses[status] for status in sorted(responses)}


def _common_refusals(operation: Document, method: str, *, is_open: bool) -> Iterator[str]:
    parameters = operation.get("parameters", ())
    body = operation.get("requestBody", {}).get("content", {})
    if not is_open:
        yield "SignedOut"
        names_a_row = any(one["in"] == "path" or one["name"].endswith("_id") for one in parameters)
        if names_a_row or method == "post":
            yield "NotFound"
        if method in _WRITES:
            yield "Contradiction"
    if body:
        yield "Unreadable"
        yield "TooLarge"
    if "multipart/form-data" in body:
        yield "NotAccepted"
    if body or parameters:
        yield "Refused"


def _shared(name: str) -> Document:
    return {"$ref": f"#/components/responses/{name}"}


def _refusal(status: str, reason: str) -> Document:
    """A refusal as the document describes it: its reason, the form of its body, and what it looks like."""
    content: Document = {"schema": {"$ref": f"#/components/schemas/{'Invalid' if status == '422' else 'Error'}"}}
    if status in _EXAMPLES:
        content["example"] = {"detail": _EXAMPLES[status]}
    response: Document = {"description": reason, "content": {"application/json": content}}
    if status == "401":
        response["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "description": "`Bearer`"}}
    if status == "429":
        response["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds to wait."}}
    return response
