"""Clock, ids, paths, settings and logs."""

import logging
import uuid
from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from touchline.foundation.clock import SystemClock, as_wall_clock
from touchline.foundation.errors import TouchlineError
from touchline.foundation.ids import is_id, new_id
from touchline.foundation.logs import configure_logs
from touchline.foundation.settings import Settings, with_async_driver
from touchline.foundation.storage import DiskStore, InvalidPathError, checked_path


def test_the_clock_knows_its_zone():
    assert SystemClock().now().utcoffset() == timedelta(0)


def test_a_typed_date_is_kept_as_it_is():
    assert as_wall_clock(datetime(2026, 3, 1, 15, 30, 20, 999), UTC) == datetime(2026, 3, 1, 15, 30, 20)


def test_a_date_with_an_offset_is_read_in_the_clubs_zone():
    at = datetime(2026, 7, 1, 12, 0, tzinfo=timezone(timedelta(hours=-4)))
    assert as_wall_clock(at, ZoneInfo("Africa/Tunis")) == datetime(2026, 7, 1, 17, 0)


def test_a_date_at_the_edge_of_the_calendar_is_refused():
    with pytest.raises(ValueError, match="calendar"):
        as_wall_clock(datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=5))), UTC)


def test_ids_are_uuids_of_version_7_that_sort_by_time():
    ids = [new_id() for _ in range(50)]
    assert len(set(ids)) == 50
    assert all(uuid.UUID(made).version == 7 and uuid.UUID(made).variant == uuid.RFC_4122 for made in ids)
    assert [made[:13] for made in ids] == sorted(made[:13] for made in ids)
    assert is_id(ids[0])
    assert not is_id("42")
    assert not is_id("")


@pytest.mark.parametrize(
    "path", ["", "/etc/passwd", "../x", "a/../b", "a//b", "a/./b", "a\\b", "a\x00b", "a\nb", "..", "a/.."]
)
def test_paths_that_lead_elsewhere_are_refused(path):
    with pytest.raises(InvalidPathError):
        checked_path(path)


@given(st.text(max_size=30))
def test_no_path_ever_leaves_the_root(path):
    try:
        checked = checked_path(path)
    except InvalidPathError:
        return
    assert not checked.is_absolute()
    assert ".." not in checked.parts


def test_a_link_out_of_the_root_is_refused(tmp_path):
    (tmp_path / "root").mkdir()
    (tmp_path / "secret.txt").write_text("x")
    (tmp_path / "root" / "link.txt").symlink_to(tmp_path / "secret.txt")
    store = DiskStore(tmp_path / "root")
    with pytest.raises(InvalidPathError):
        store.local("link.txt")


def test_a_part_becomes_a_file_only_when_complete(tmp_path):
    store = DiskStore(tmp_path)
    part = store.open_part("a/b.bin")
    part.write(b"123")
    assert not store.exists("a/b.bin")
    part.commit()
    assert store.size("a/b.bin") == 3
    given_up = store.open_part("a/c.bin")
    given_up.write(b"1")
    given_up.abort()
    assert [file.name for file in (tmp_path / "a").iterdir()] == ["b.bin"]


def test_nothing_set_means_sqlite_in_the_data_folder(tmp_path):
    settings = Settings(_env_file=None, touchline_data=tmp_path)
    assert settings.db_url == f"sqlite+aiosqlite:///{tmp_path}/touchline.db"
    assert settings.is_embedded_db


def test_any_db_variable_means_mysql():
    settings = Settings(_env_file=None, db_host="db", db_password="a/b@c")
    assert settings.db_url == "mysql+asyncmy://root:a%2Fb%40c@db:3306/soccer_analytics?charset=utf8mb4"


def test_a_database_address_wins_and_gets_an_asynchronous_driver():
    settings = Settings(_env_file=None, db_host="db", database_url="postgres://u@h/d")
    assert settings.db_url == "postgresql+asyncpg://u@h/d"
    assert with_async_driver("mariadb://h/d") == "mysql+asyncmy://h/d"


def test_an_empty_variable_is_unset(monkeypatch):
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("SMTP_PORT", " ")
    settings = Settings(_env_file=None)
    assert settings.database_url is None
    assert settings.smtp_port == 587


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("club_timezone", "Mars/Base"),
        ("club_timezone", "../../etc/passwd"),
        ("database_url", "oracle://me:s3cret@h/d"),
        ("database_url", "s3cret"),
        ("database_url", "postgresql://me:s3cret@h:port/d"),
        ("redis_url", "s3cret"),
        ("redis_url", "http://:s3cret@h"),
    ],
)
def test_a_setting_that_cannot_work_is_refused_at_once_without_its_secrets(name, value):
    with pytest.raises(ValidationError) as refused:
        Settings(_env_file=None, **{name: value})
    assert refused.value.errors()[0]["loc"] == (name,)
    assert "s3cret" not in refused.value.errors()[0]["msg"]


def test_secrets_do_not_show_in_settings():
    shown = repr(Settings(_env_file=None, db_password="hunter2", smtp_password="hunter2", jwt_private_key="hunter2"))
    assert "hunter2" not in shown


def test_tokens_in_addresses_never_reach_the_log(capsys):
    configure_logs(level="INFO")
    logging.getLogger("access").warning("GET /x?path=a&access_token=%s&media=%s", "abc.def", "xyz")
    shown = capsys.readouterr().err
    assert "access_token=***" in shown
    assert "abc.def" not in shown
    assert "xyz" not in shown


def test_errors_fill_their_sentence():
    class MatchGoneError(TouchlineError):
        text = "Match {match_id} is gone."

    assert str(MatchGoneError(match_id=7)) == "Match 7 is gone."
