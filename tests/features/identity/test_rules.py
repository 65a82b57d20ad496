"""Pure rules of accounts."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from touchline.features.identity.errors import InvalidEmailError, in_words
from touchline.features.identity.roles import CLAIMS, EFFECTIVE, AppRole, Permission, derive_role, permission_level
from touchline.features.identity.rules import (
    CodeKind,
    CodesSent,
    code_hash,
    first_team_name,
    new_code,
    normal_email,
    same_code,
    wait_before_next_code,
)

NOON = datetime(2026, 5, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("full_name", "email", "expected"),
    [
        ("Ada Lovelace", "x@y.org", "Ada Lovelace's team"),
        (None, "john.mc-doe_smith@club.org", "John Mc Doe Smith's team"),
        ("  ", "FC.BARÇA@x.org", "Fc Barça's team"),
        (None, "._-@x.org", "My's team"),
        ("A" * 60, "x@y.org", "A" * 50),
    ],
)
def test_a_first_team_is_named_after_its_owner(full_name, email, expected):
    assert first_team_name(full_name, email) == expected


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_first_team_always_has_a_name_that_fits(full_name, email):
    assert 1 <= len(first_team_name(full_name, email)) <= 50


def test_addresses_are_trimmed_and_lowered():
    assert normal_email("  Coach@Example.ORG\n") == "coach@example.org"
    with pytest.raises(InvalidEmailError):
        normal_email("coach")


def test_codes_are_six_digits():
    codes = {new_code() for _ in range(200)}
    assert all(len(code) == 6 and code.isdecimal() for code in codes)
    assert len(codes) > 150


def test_a_code_hash_belongs_to_one_purpose_and_one_account():
    hashes = {
        code_hash(secret, kind, user, code)
        for secret in (b"1", b"2")
        for kind in CodeKind
        for user in ("a", "b")
        for code in ("123456", "123457")
    }
    assert len(hashes) == 16
    assert all(len(made) == 64 for made in hashes)
    assert same_code("ab", "ab")
    assert not same_code("ab", "äb")


@pytest.mark.parametrize(
    ("sent", "wait"),
    [
        (CodesSent(None, None, 0), None),
        (CodesSent(NOON - timedelta(seconds=59), date(2026, 5, 2), 1), timedelta(seconds=1)),
        (CodesSent(NOON - timedelta(seconds=60), date(2026, 5, 2), 1), None),
        (CodesSent(NOON - timedelta(hours=1), date(2026, 5, 2), 10), timedelta(hours=12)),
        (CodesSent(NOON - timedelta(hours=1), date(2026, 5, 2), 9), None),
        (CodesSent(NOON - timedelta(days=1), date(2026, 5, 1), 10), None),
    ],
)
def test_codes_wait_a_minute_and_a_day_has_ten(sent, wait):
    assert wait_before_next_code(sent, NOON) == wait


def test_the_claim_matrix_is_the_one_of_the_contract():
    assert [permission.value for permission in CLAIMS[AppRole.PLAYER]] == ["football.read"]
    assert EFFECTIVE[AppRole.ACCOUNT_MANAGER] == frozenset(Permission)
    for role in set(AppRole) - {AppRole.ACCOUNT_MANAGER}:
        assert EFFECTIVE[role] == frozenset(CLAIMS[role])


@pytest.mark.parametrize(
    ("user_type", "staff_role", "role"),
    [
        ("owner", None, "account_manager"),
        ("owner", "player", "account_manager"),
        ("staff", "head_coach", "coach"),
        ("staff", "assistant_coach", "assistant_coach"),
        ("staff", "analyst", "analyst"),
        ("staff", "physio", "player"),
        ("staff", "player", "player"),
        ("staff", None, "player"),
    ],
)
def test_roles_are_derived(user_type, staff_role, role):
    assert derive_role(user_type, staff_role) == role


def test_levels_are_derived():
    assert permission_level("head_coach") == "full_access"
    assert permission_level("analyst") == "notes_only"
    assert {permission_level(role) for role in ("assistant_coach", "physio", "player", None)} == {"view_only"}


def test_waiting_times_are_said_in_words():
    assert [in_words(s) for s in (0, 45, 150, 7300)] == ["a second", "45 seconds", "3 minutes", "3 hours"]
