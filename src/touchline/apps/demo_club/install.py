"""Writes the demo club through the rooms, in one transaction: either all of it is there, or nothing."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from touchline.apps.demo_club import story
from touchline.apps.demo_club.desk import Desk
from touchline.apps.demo_club.matchdays import write_next_match, write_played_match
from touchline.apps.demo_club.people import Login, People, write_people
from touchline.apps.demo_club.teams import write_opponent, write_own_team
from touchline.apps.wiring import House
from touchline.features.identity import AppRole
from touchline.features.planning.appointment import NewAppointment
from touchline.features.planning.appointment_service import AppointmentService
from touchline.foundation.clock import Clock
from touchline.foundation.db import Connection


@dataclass(frozen=True)
class DemoClub:
    """What was written, for whoever asked for it."""

    team: str
    opponent: str
    played_match_id: str
    next_match_id: str
    logins: tuple[Login, ...]


async def install(house: House) -> DemoClub:
    """Write the demo club into the house's database.

    Raises:
        DemoClubExistsError: it is there.
    """
    async with house.database.begin() as db:
        return await _written(_desk(house, db))


def _desk(house: House, db: Connection) -> Desk:
    clock: Clock = house.services[Clock]  # type: ignore[assignment]
    now = clock.now()
    return Desk(house, db, now=now, today=now.astimezone(ZoneInfo(house.settings.club_timezone)).date())


async def _written(desk: Desk) -> DemoClub:
    people = await write_people(desk)
    own = await write_own_team(desk, people.owner)
    other = await write_opponent(desk, people.owner)
    played_match_id = await write_played_match(desk, people, own, other)
    next_match_id = await write_next_match(desk, people, own, other)
    await _week(desk, people)
    return DemoClub(
        team=own.squad.name,
        opponent=other.squad.name,
        played_match_id=played_match_id,
        next_match_id=next_match_id,
        logins=people.logins,
    )


async def _week(desk: Desk, people: People) -> None:
    for planned in story.DATES:
        new = NewAppointment(
            title=planned.title,
            date=desk.at(planned.in_days, planned.at),
            detail=planned.detail,
            icon_name=planned.icon,
            team_id=None,
        )
        coach = people.by_role[AppRole.COACH]
        await desk.service(AppointmentService).add(desk.db, coach, planned.kind, new)
