"""Kinds of errors as HTTP answers. The body is always `{"detail": <sentence>}`; exception texts never leave the house."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import IntegrityError, InterfaceError, OperationalError
from starlette.exceptions import HTTPException
from starlette.requests import HTTPConnection
from starlette.responses import JSONResponse, Response

from touchline.foundation.db.errors import Broken, broken_rule
from touchline.foundation.errors import Kind, TouchlineError
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

STATUS: Mapping[Kind, int] = {
    Kind.INVALID: 400,
    Kind.UNAUTHENTICATED: 401,
    Kind.FORBIDDEN: 403,
    Kind.NOT_FOUND: 404,
    Kind.CONFLICT: 409,
    Kind.TOO_LARGE: 413,
    Kind.UNSUPPORTED: 415,
    Kind.UNPROCESSABLE: 422,
    Kind.TOO_MANY: 429,
    Kind.UPSTREAM: 502,
    Kind.UNAVAILABLE: 503,
    Kind.NO_SPACE: 507,
}

_NAMED_FIELD = re.compile(r"`(?P<field>[^`]+)`: (?P<reason>.+)", re.DOTALL)

_BROKEN_TEXT = {
    Broken.UNIQUE: "This exists already.",
    Broken.FOREIGN_KEY: "Other entries still refer to this, or it refers to something that is gone.",
}


def add_error_handlers(app: FastAPI) -> None:
    """Translate the errors that a route may raise."""
    app.add_exception_handler(TouchlineError, _touchline_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(IntegrityError, _broken_constraint)
    app.add_exception_handler(OperationalError, _database_away)
    app.add_exception_handler(InterfaceError, _database_away)


def internal_error(request_id: str) -> JSONResponse:
    """The answer to a bug of ours: no word about it but the id under which the log tells more."""
    return JSONResponse({"detail": "Internal server error", "request_id": request_id}, status_code=500)


async def _touchline_error(_: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, TouchlineError)
    headers = {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if error.kind is Kind.UNAUTHENTICATED:
        headers["WWW-Authenticate"] = "Bearer"
    body: dict[str, Any] = {"detail": str(error)}
    named = _NAMED_FIELD.fullmatch(str(error))
    if error.kind is Kind.UNPROCESSABLE and named is not None:
        # A field that a room judged looks like one that the door judged.
        body["errors"] = [{"loc": ["body", named["field"]], "msg": named["reason"], "type": error.code}]
    return JSONResponse(body, status_code=STATUS[error.kind], headers=headers)


async def _http_exception(_: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code in (204, 304):
        return Response(status_code=error.status_code, headers=error.headers)
    return JSONResponse({"detail": str(error.detail)}, status_code=error.status_code, headers=error.headers)


async def _invalid_request(_: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    # Never the input itself: it may hold a password.
    errors = [{"loc": list(found["loc"]), "msg": _reason(found), "type": found["type"]} for found in error.errors()]
    return JSONResponse({"detail": _sentence(errors), "errors": errors}, status_code=422)


def _reason(found: Mapping[str, Any]) -> str:
    """What is wrong with a field, in words about text and objects where the library's are about items and Python."""
    limits = found.get("ctx", {})
    if found["type"] == "too_long" and isinstance(found.get("input"), str):
        return f"must have at most {limits['max_length']} characters"
    if found["type"] == "too_short" and isinstance(found.get("input"), str):
        least = limits["min_length"]
        return "must not be empty" if least == 1 else f"must have at least {least} characters"
    if found["type"] == "model_attributes_type":
        return "must be an object"
    return str(found["msg"])


def _sentence(errors: Sequence[Mapping[str, Any]]) -> str:
    """`field`: reason; several are joined."""
    return "; ".join(f"`{_field(found['loc'])}`: {found['msg']}" for found in errors[:5]) or "The request is not valid."


def _field(loc: Sequence[Any]) -> str:
    inner = [str(part) for part in loc[1:]] if len(loc) > 1 and not isinstance(loc[1], int) else [str(loc[0])]
    return ".".join(inner)


async def _broken_constraint(connection: HTTPConnection, error: Exception) -> Response:
    assert isinstance(error, IntegrityError)
    rule = broken_rule(error)
    if rule is None:
        raise error
    log.info("request.constraint", rule=rule.value, path=connection.url.path)
    return JSONResponse({"detail": _BROKEN_TEXT[rule]}, status_code=409)


async def _database_away(connection: HTTPConnection, error: Exception) -> Response:
    log.error("request.database_unavailable", path=connection.url.path, error=type(error).__name__, exc_info=error)
    return JSONResponse(
        {"detail": "The database is not available right now; try again in a moment."},
        status_code=503,
        headers={"Retry-After": "2"},
    )
