"""What a route demands of its caller, readable from the route itself, so that a table can be compared with the app."""

from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import Depends
from fastapi.routing import RouteContext


@dataclass(frozen=True)
class Requirement:
    """A demand with a name; rooms derive theirs from it."""

    name: str


PUBLIC = Requirement("public")
"""Anybody may call."""


class _Open:
    """A dependency that asks nothing and says so."""

    requirement = PUBLIC

    async def __call__(self) -> None:  # asynchronous: see `provide`
        return None


Public = Annotated[None, Depends(_Open())]
"""Marks a route as open to anybody: `async def health(_: Public)`."""


def requirements_of(route: RouteContext) -> set[Requirement]:
    """The demands in a route's signature; a route outside FastAPI (documentation, static files) demands nothing."""
    dependant = getattr(route, "dependant", None)
    return {PUBLIC} if dependant is None else set(_found_in(dependant))


def _found_in(dependant: Any) -> list[Requirement]:
    own = getattr(dependant.call, "requirement", None)
    found = [own] if isinstance(own, Requirement) else []
    for part in dependant.dependencies:
        found += _found_in(part)
    return found
