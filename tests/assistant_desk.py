"""A house whose assistant a test can ask, with a model of its own choice, and rows to ask about."""

from datetime import datetime, timedelta

from sqlalchemy import insert

from factories import Person, a_match, a_team
from houses import House, client_of
from touchline.features import assistant
from touchline.features.assistant.ports import LanguageModel
from touchline.features.assistant.routes import router
from touchline.features.club.tables import players
from touchline.features.matches.tables import match_lineups
from touchline.features.performance.tables import match_team_statistics, player_match_statistics
from touchline.foundation.ids import new_id

KICK_OFF = datetime(2026, 3, 1, 15, 0)


class Desk:
    """Where a person asks, and where rows of his club are put."""

    def __init__(self, house: House, model: LanguageModel | None = None) -> None:
        self.house = house
        self.model = model

    async def call(self, method: str, path: str, who: Person | None = None, **options: object):
        extra = assistant.services(database=self.house.database, clock=self.house.clock, model=self.model)
        async with client_of(self.house.app(router, extra=extra)) as client:
            headers = who.headers if who else {}
            return await client.request(method, f"/api/assistant/{path}", headers=headers, **options)

    async def ask(self, who: Person, question: str) -> dict[str, str | None]:
        answer = await self.call("POST", "query", who, json={"question": question})
        assert answer.status_code == 200, answer.text
        assert set(answer.json()) == {"status", "answer", "message"}
        return answer.json()

    async def player(self, team_id: str, name: str, number: int | None = None) -> str:
        player_id = new_id()
        row = {"id": player_id, "team_id": team_id, "name": name, "jersey_number": number}
        async with self.house.database.begin() as db:
            await db.execute(insert(players).values(row))
        return player_id

    async def matches(
        self, owner: Person, count: int, *, opponent: str = "Opponent FC", **columns: object
    ) -> list[str]:
        """Completed matches, a week apart, oldest first."""
        opponent_id = await a_team(self.house, owner, name=opponent)
        made = {"status": "completed", "opponent_id": opponent_id, **columns}
        return [
            await a_match(self.house, owner, date_time=KICK_OFF + timedelta(weeks=week), **made)
            for week in range(count)
        ]

    async def figures(self, player_id: str, match_ids: list[str], **columns: list[object]) -> None:
        """Statistics of a player, one value of each column for each match."""
        rows = [
            {
                "id": new_id(),
                "match_id": match_id,
                "player_id": player_id,
                **{name: values[place] for name, values in columns.items()},
            }
            for place, match_id in enumerate(match_ids)
        ]
        async with self.house.database.begin() as db:
            await db.execute(insert(player_match_statistics), rows)

    async def formation_used(
        self, formation_id: str, match_id: str, team_id: str, player_ids: list[str], *, pressures: int | None
    ) -> None:
        async with self.house.database.begin() as db:
            await db.execute(
                insert(match_lineups),
                [
                    {
                        "id": new_id(),
                        "match_id": match_id,
                        "team_id": team_id,
                        "formation_id": formation_id,
                        "is_starting": True,
                        "player_id": player_id,
                    }
                    for player_id in player_ids
                ],
            )
            await db.execute(
                insert(match_team_statistics).values(
                    id=new_id(), match_id=match_id, team_id=team_id, pressures=pressures
                )
            )
