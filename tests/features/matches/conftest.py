"""A match of one club, its players, and a rival that must not notice any of it."""

from dataclasses import dataclass

import httpx2
import pytest

from factories import Person, a_match, a_player, a_staff_member, a_team, an_owner
from houses import House


@dataclass(frozen=True)
class Game:
    """A home match of a club against an opponent of its own."""

    house: House
    client: httpx2.AsyncClient
    owner: Person
    coach: Person
    analyst: Person
    player: Person
    rival: Person
    opponent_id: str
    match_id: str
    rivals_match_id: str
    home_player_id: str
    away_player_id: str
    rivals_player_id: str

    @property
    def home_id(self) -> str:
        return self.owner.team_id


async def a_game(house: House, client: httpx2.AsyncClient) -> Game:
    owner, rival = await an_owner(house), await an_owner(house, team="Rivals")
    opponent_id = await a_team(house, owner, name="Opponent")
    return Game(
        house=house,
        client=client,
        owner=owner,
        coach=await a_staff_member(house, owner),
        analyst=await a_staff_member(house, owner, role="analyst"),
        player=await a_staff_member(house, owner, role="player"),
        rival=rival,
        opponent_id=opponent_id,
        match_id=await a_match(house, owner, opponent_id=opponent_id),
        rivals_match_id=await a_match(house, rival),
        home_player_id=await a_player(house, owner.team_id, jersey_number=9),
        away_player_id=await a_player(house, opponent_id, jersey_number=4),
        rivals_player_id=await a_player(house, rival.team_id),
    )


@pytest.fixture
async def game(house: House, client: httpx2.AsyncClient) -> Game:
    """On each kind of database in turn."""
    return await a_game(house, client)
