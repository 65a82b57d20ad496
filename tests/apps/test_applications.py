"""The two applications as they are wired: documents, rules, and what they share."""

import pytest

from touchline.apps import analysis, classic
from touchline.apps.wiring import NotScalableError, opened, require_scale_out, wire
from touchline.foundation.settings import Settings

pytestmark = pytest.mark.anyio


@pytest.fixture
async def wired(sqlite_url, tmp_path):
    settings = Settings(touchline_data=tmp_path / "data", database_url=sqlite_url, mail_dir=tmp_path / "mail")
    async with opened(wire(settings), engine=False) as house:
        yield house


async def test_both_applications_start_and_describe_themselves(wired):
    for make in (classic.create_app, analysis.create_app):
        document = make(wired).openapi()
        assert len(document["paths"]) > 10


async def test_a_route_without_a_rule_stops_the_start(wired, monkeypatch):
    from fastapi import APIRouter

    stray = APIRouter()

    @stray.get("/api/stray")
    async def _stray() -> dict[str, str]:
        return {}

    monkeypatch.setattr(classic, "ROUTERS", (*classic.ROUTERS, stray))
    with pytest.raises(Exception, match="/api/stray"):
        classic.create_app(wired)


def test_parts_of_the_scale_out_set_up_say_what_they_lack(tmp_path):
    with pytest.raises(NotScalableError, match="SQLite"):
        require_scale_out(Settings(touchline_data=tmp_path), "This part")
    with pytest.raises(NotScalableError, match="REDIS_URL"):
        require_scale_out(Settings(touchline_data=tmp_path, database_url="postgresql://db/touchline"), "This part")
