"""Logs are events with fields; secrets and personal data never enter them."""

import logging
import re
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_KEYS = re.compile(r"password|secret|token|code$|authorization|private", re.IGNORECASE)
_SECRET_QUERY = re.compile(r"(access_token|token|media)=[^&\s\"]+")


def configure_logs(*, level: str = "INFO", as_json: bool = False) -> None:
    """Set up structlog and the standard library's logging behind one format on standard error."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _hide_secrets,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer() if as_json else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    structlog.configure(
        processors=[*shared, structlog.processors.format_exc_info, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level]),
        logger_factory=structlog.PrintLoggerFactory(file=sys.stderr),
        cache_logger_on_first_use=False,
    )
    logging.basicConfig(level=level, format="%(levelname)s %(name)s %(message)s", stream=sys.stderr, force=True)
    for handler in logging.getLogger().handlers:
        handler.addFilter(_hide_secret_queries)
    for noisy in ("docket", "alembic", "httpx2", "httpcore2", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def get_logger(name: str) -> Any:
    """A bound logger; call it as `log.info("run.started", run_id=..., frames=...)`."""
    return structlog.get_logger(module=name)


def _hide_secrets(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key in event:
        if _SECRET_KEYS.search(key):
            event[key] = "***"
    return event


def _hide_secret_queries(record: logging.LogRecord) -> bool:
    message = record.getMessage()
    hidden = _SECRET_QUERY.sub(r"\1=***", message)
    if hidden != message:
        record.msg, record.args = hidden, ()
    return True
