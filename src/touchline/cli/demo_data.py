"""`touchline demo-data`: a club to look around in, written into the database in one transaction."""

import asyncio
import json
from typing import TYPE_CHECKING, Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from touchline.cli.admin import Data, first_line, with_folder
from touchline.cli.console import fail, out
from touchline.foundation.errors import TouchlineError
from touchline.foundation.logs import configure_logs

if TYPE_CHECKING:
    from touchline.apps.demo_club import DemoClub
    from touchline.foundation.settings import Settings


def demo_data(
    as_json: Annotated[bool, typer.Option("--json", help="Print what was made as JSON, for scripts.")] = False,
    data: Data = None,
) -> None:
    """Add an invented club to look around in: an owner and four of his staff, a squad, a played match and the next one.

    The passwords are made now and shown once. A database takes one demo club; the command changes nothing when it is
    there.
    """
    configure_logs(level="WARNING")
    # Late: database drivers.
    from touchline.apps import migrate
    from touchline.apps.wiring import NotScalableError

    settings = with_folder(data)
    try:
        migrate.upgrade(settings.db_url)
        club = asyncio.run(_install(settings))
    except (TouchlineError, NotScalableError, migrate.MigrationLockedError) as error:
        fail(str(error), code=1)
    except (SQLAlchemyError, OSError) as error:
        fail(f"The database cannot be used: {first_line(error)}", code=1)
    if as_json:
        out.print(json.dumps(_plain(club), ensure_ascii=False, indent=2), markup=False)
    else:
        _show(club)


async def _install(settings: "Settings") -> "DemoClub":
    from touchline.apps.demo_club import install
    from touchline.apps.wiring import opened, wire

    async with opened(wire(settings), engine=False) as house:
        return await install(house)


def _plain(club: "DemoClub") -> dict[str, object]:
    return {
        "team": club.team,
        "opponent": club.opponent,
        "played_match_id": club.played_match_id,
        "next_match_id": club.next_match_id,
        "accounts": [{**vars(login), "role": login.role.value} for login in club.logins],
    }


def _show(club: "DemoClub") -> None:
    out.print(f"{club.team} has a squad, a played match against {club.opponent} and the next one.", markup=False)
    for login in club.logins:  # no table: a narrow window would cut passwords off
        role = login.role.value.replace("_", " ")
        out.print(f"  {login.email:<29} {login.password}   {login.name}, {role}", markup=False)
    out.print("These passwords are not shown again. Sign in with any of them once `touchline up` runs.", markup=False)
