"""Rows with sensible defaults for tests: `an_owner()`, `a_staff_member()`, `a_team()`, `a_match()`."""

from dataclasses import dataclass
from datetime import datetime
from itertools import count

from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from sqlalchemy import insert

from houses import House
from touchline.features.club.tables import players
from touchline.features.identity import account_queries
from touchline.features.identity.principal import Principal
from touchline.features.identity.tables import staff, teams, users
from touchline.features.identity.tokens import Tokens
from touchline.features.matches.tables import matches
from touchline.foundation.ids import new_id

PASSWORD = "correct horse"
# Cheaper than the real thing; the parameters stand in the hash.
PASSWORD_HASH = PasswordHash([Argon2Hasher(time_cost=1, memory_cost=64, parallelism=1)]).hash(PASSWORD)

_number = count(1)


@dataclass(frozen=True)
class Person:
    """Somebody who can sign in, with a valid token; team_id is his primary team."""

    principal: Principal
    token: str

    @property
    def user_id(self) -> str:
        return self.principal.user_id

    @property
    def email(self) -> str:
        return self.principal.email

    @property
    def team_id(self) -> str:
        assert self.principal.primary_team_id is not None
        return self.principal.primary_team_id

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


async def an_owner(
    house: House, *, email: str | None = None, team: str | None = "Rovers", is_active: bool = True, **columns: object
) -> Person:
    """A verified owner with a primary team; `team=None` leaves him without one."""
    user_id = await _a_user(house, email, user_type="owner", is_active=is_active, **columns)
    if team is not None:
        await _a_team_row(house, user_id, team, is_primary=True)
    return await person(house, user_id)


async def a_staff_member(
    house: House, owner: Person, *, role: str | None = "head_coach", team_id: str | None = None, **columns: object
) -> Person:
    """Somebody on the staff of the owner's primary team, or another team of his."""
    user_id = await _a_user(house, None, user_type="staff", created_by=owner.user_id, **columns)
    async with house.database.begin() as db:
        await db.execute(
            insert(staff).values(
                id=new_id(), team_id=team_id or owner.team_id, user_id=user_id, name="Kim Staff", role=role
            )
        )
    return await person(house, user_id)


async def a_team(house: House, owner: Person | None, *, name: str = "United", **columns: object) -> str:
    """Another team of an owner's organisation, or, without one, a team that all share; returns its id."""
    return await _a_team_row(house, owner.user_id if owner else None, name, **columns)


async def a_match(house: House, owner: Person, *, opponent_id: str | None = None, **columns: object) -> str:
    """A match of the owner's primary team, at home, against a team of its own; returns its id."""
    match_id = new_id()
    values = {
        "id": match_id,
        "home_team_id": owner.team_id,
        "away_team_id": opponent_id or await a_team(house, owner, name=f"Opponent {next(_number)}"),
        "date_time": datetime(2026, 5, 9, 15, 30),
        **columns,
    }
    async with house.database.begin() as db:
        await db.execute(insert(matches).values(values))
    return match_id


async def a_player(house: House, team_id: str, *, name: str = "Sam Player", **columns: object) -> str:
    """A player of a team; returns his id."""
    player_id = new_id()
    async with house.database.begin() as db:
        await db.execute(insert(players).values(id=player_id, team_id=team_id, name=name, **columns))
    return player_id


async def person(house: House, user_id: str) -> Person:
    """An account as it stands now, with a fresh token."""
    async with house.database.begin() as db:
        account = await account_queries.account(db, user_id)
    assert account is not None
    tokens = house.services[Tokens]
    assert isinstance(tokens, Tokens)
    return Person(principal=account.principal, token=tokens.issue(account))


async def _a_user(house: House, email: str | None, **columns: object) -> str:
    user_id = new_id()
    values = {
        "id": user_id,
        "email": email or f"person{next(_number)}@example.org",
        "password_hash": PASSWORD_HASH,
        "full_name": "Ada Coach",
        "created_at": house.clock.now(),
        **columns,
    }
    async with house.database.begin() as db:
        await db.execute(insert(users).values(values))
    return user_id


async def _a_team_row(house: House, owner_id: str | None, name: str, **columns: object) -> str:
    team_id = new_id()
    values = {"id": team_id, "name": name, "user_id": owner_id, "created_at": house.clock.now(), **columns}
    async with house.database.begin() as db:
        await db.execute(insert(teams).values(values))
    return team_id
