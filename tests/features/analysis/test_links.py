import stat
from datetime import UTC, datetime, timedelta

import pytest

from touchline.features.analysis.links import BadLinkError, MediaLinks, link, link_base, media_key

USER = "0198f0a2-5c1e-7a31-8f7e-2f6f0c1f7a10"
NOW = datetime(2026, 11, 24, 9, tzinfo=UTC)
PATH = "outputs/analysis_x/tracking_output.mp4"


def links(key="a key"):
    return MediaLinks(key, ttl_s=3600)


def token(**change):
    given = {"user_id": USER, "token_version": 3, "path": PATH, "expires_at": NOW + timedelta(hours=1), **change}
    return links().token(**given)


def test_a_link_names_its_holder():
    holder = links().check(token(), PATH, now=NOW)
    assert (holder.user_id, holder.token_version) == (USER, 3)


def test_a_link_opens_no_other_path():
    with pytest.raises(BadLinkError):
        links().check(token(), PATH + "x", now=NOW)


def test_a_link_ends():
    assert links().check(token(), PATH, now=NOW + timedelta(seconds=3599))
    with pytest.raises(BadLinkError):
        links().check(token(), PATH, now=NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    "forge",
    [
        lambda t: t.replace(USER, USER[:-1] + "1"),
        lambda t: t.replace(".3.", ".4."),
        lambda t: t[:-1] + ("A" if t[-1] != "A" else "B"),
        lambda t: ".".join([*t.split(".")[:2], str(int(t.split(".")[2]) + 9999), t.split(".")[3]]),
        lambda t: t.rsplit(".", 1)[0],
        lambda _: "",
        lambda _: "x" * 5000,
    ],
)
def test_no_part_of_a_link_can_be_changed(forge):
    with pytest.raises(BadLinkError):
        links().check(forge(token()), PATH, now=NOW)


def test_another_key_makes_other_links():
    with pytest.raises(BadLinkError):
        links("another key").check(token(), PATH, now=NOW)


def test_videos_play_through_stream_and_other_files_are_fetched():
    assert link("http://h:8001", path="a/b c.mp4", token="t") == (
        "http://h:8001/api/analysis/stream?path=a/b%20c.mp4&media=t"
    )
    assert link("http://h:8001", path="a/b.json", token="t").startswith("http://h:8001/api/analysis/files?")


@pytest.mark.parametrize(
    ("configured", "base"),
    [
        (None, "http://host:8001"),
        ("https://club.example/", "https://club.example"),
        ("https://club.example/api", "https://club.example"),
        ("https://club.example/touchline/api/", "https://club.example/touchline"),
    ],
)
def test_links_start_with_the_configured_address_or_the_one_asked(configured, base):
    assert link_base(configured, "http://host:8001/") == base


def test_the_key_file_is_made_once_and_is_nobody_elses(tmp_path):
    key = media_key(tmp_path / "data")
    assert len(key) == 64
    assert media_key(tmp_path / "data") == key
    assert stat.S_IMODE((tmp_path / "data" / "media.key").stat().st_mode) == 0o600
    assert [file.name for file in (tmp_path / "data").iterdir()] == ["media.key"]


def test_a_configured_key_needs_no_file(tmp_path):
    assert media_key(tmp_path, "given") == "given"
    assert list(tmp_path.iterdir()) == []
