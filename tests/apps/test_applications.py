"""The two applications as they are wired: documents, rules, and what they share."""

import pytest

from touchline.apps import analysis, classic, up
from touchline.apps.wiring import NotScalableError, opened, require_scale_out, wire
from touchline.features.identity import IdentityService
from touchline.features.identity.ports import NoLimits
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


def test_links_lead_to_wherever_the_client_came_from_unless_an_address_is_set(monkeypatch, tmp_path):
    seen = []

    def wire_nothing(settings, **_):
        seen.append(settings.public_analysis_base_url)
        raise NotScalableError

    monkeypatch.setattr(up, "wire", wire_nothing)
    for address in (None, "https://video.club.example"):
        settings = Settings(touchline_data=tmp_path / "data", public_analysis_base_url=address)
        with pytest.raises(NotScalableError):
            up.serve_everything(settings, host="0.0.0.0", classic_port=None, analysis_port=None)
    assert seen == [None, "https://video.club.example"]


@pytest.mark.parametrize("module", [classic, analysis])
def test_an_app_that_knows_not_where_it_listens_keeps_its_limits(module, monkeypatch, tmp_path):
    for name, value in {
        "TOUCHLINE_DATA": str(tmp_path),
        "RATE_LIMITS": "off",
        "EMAIL_VERIFICATION_DEV_MODE": "1",
    }.items():
        monkeypatch.setenv(name, value)
    service = module.create_app().state.services[IdentityService]
    assert not isinstance(service.throttle.limiter, NoLimits)
    assert service.codes.is_limited
    assert service.codes.mailer is None


def test_parts_of_the_scale_out_set_up_say_what_they_lack(tmp_path):
    with pytest.raises(NotScalableError, match="SQLite"):
        require_scale_out(Settings(touchline_data=tmp_path), "This part")
    with pytest.raises(NotScalableError, match="REDIS_URL"):
        require_scale_out(Settings(touchline_data=tmp_path, database_url="postgresql://db/touchline"), "This part")
