"""Walks over the routes of the running applications, so that tests cover new ones without naming them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import FastAPI
from fastapi.routing import RouteContext, iter_route_contexts
from starlette.routing import Mount, WebSocketRoute


@dataclass(frozen=True)
class Door:
    """A method on a path, and the route behind it."""

    app: str
    method: str
    path: str
    route: RouteContext

    @property
    def shape(self) -> str:
        return shape(self.path)

    def at(self, **ids: str) -> str:
        """The path with values for its parameters, whatever their converters."""
        return re.sub(r"{([^}:]+)(:[^}]*)?}", lambda found: ids[found[1]], self.path)

    @property
    def parameters(self) -> list[str]:
        return re.findall(r"{([^}:]+)", self.path)

    def __str__(self) -> str:
        return f"{self.app} {self.method} {self.path}"


def doors(apps: dict[str, FastAPI]) -> Iterator[Door]:
    """Every method and path of the applications, sockets and static files too."""
    for name, app in apps.items():
        for route in iter_route_contexts(app.routes):
            path = route.path or ""
            if isinstance(route.original_route, WebSocketRoute):
                yield Door(name, "WS", path, route)
            elif isinstance(route.original_route, Mount):
                for method in ("GET", "HEAD"):
                    yield Door(name, method, f"{path}/{{path:path}}", route)
            else:
                for method in sorted(route.methods or ()):
                    yield Door(name, method, path, route)


def shape(path: str) -> str:
    """A path without the names and kinds of its parameters."""
    return re.sub(r"{[^}]*}", "{}", path)
