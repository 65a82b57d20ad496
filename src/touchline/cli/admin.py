"""`touchline db`, `keys`, `user`: administration; each opens the database for one short transaction."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer
from sqlalchemy.exc import SQLAlchemyError

from touchline.cli.console import fail, out
from touchline.cli.serve import settings_with
from touchline.foundation.errors import TouchlineError
from touchline.foundation.logs import configure_logs
from touchline.foundation.settings import Settings
from touchline.foundation.storage import make_private_folder

Data = Annotated[Path | None, typer.Option(help="Data folder; unset: TOUCHLINE_DATA or ./touchline-data.")]

db_app = typer.Typer(help="The database schema.", no_args_is_help=True)
keys_app = typer.Typer(help="The keys that sign tokens.", no_args_is_help=True)
user_app = typer.Typer(help="Accounts.", no_args_is_help=True)


@db_app.callback()
def _db() -> None:
    configure_logs(level="WARNING")


@db_app.command("upgrade")
def upgrade(data: Data = None) -> None:
    """Bring the database to the schema of this version."""
    # Late: database drivers.
    from touchline.apps import migrate

    settings = with_folder(data)
    try:
        migrate.upgrade(settings.db_url)
    except (SQLAlchemyError, OSError, migrate.MigrationLockedError) as error:
        fail(f"The database could not be upgraded: {first_line(error)}", code=1)
    out.print("The database is up to date.")


@db_app.command("check")
def check(data: Data = None) -> None:
    """Tell whether the database has the schema of this version (status 1 when not)."""
    from touchline.apps import migrate

    settings = settings_with(data)
    if settings.database_url is None and settings.is_embedded_db and not (settings.data_dir / "touchline.db").exists():
        out.print(f"There is no database in {settings.data_dir} yet.", markup=False)
        out.print("Run: touchline db upgrade")
        raise typer.Exit(1)
    try:
        differences = migrate.check(settings.db_url)
    except (SQLAlchemyError, OSError) as error:
        fail(f"The database cannot be read: {first_line(error)}", code=1)
    for difference in differences:
        out.print(difference, markup=False)
    if differences:
        out.print("Run: touchline db upgrade")
        raise typer.Exit(1)
    out.print("The database is up to date.")


@keys_app.callback()
def _keys() -> None:
    configure_logs(level="WARNING")


@keys_app.command("rotate")
def rotate(data: Data = None) -> None:
    """Make a new signing key; tokens signed by the one before stay valid until they expire, or until the next time.

    Running servers notice by themselves. After a leak, rotate twice: that ends every token at once. Mailed codes that
    nobody entered yet become void.
    """
    from touchline.features.identity.keys import rotate_keys

    settings = settings_with(data)
    try:
        made = rotate_keys(settings)
    except TouchlineError as error:
        fail(str(error), code=1)
    out.print(f"New signing key {made}.", markup=False)
    out.print("Tokens that were signed before stay valid until they expire; rotate once more to end them now.")


@user_app.callback()
def _user() -> None:
    configure_logs(level="WARNING")


@user_app.command("create")
def create(
    email: Annotated[str, typer.Option(prompt="E-mail address", help="Address of the new owner.")],
    password: Annotated[
        str, typer.Option(prompt=True, confirmation_prompt=True, hide_input=True, help="At least 6 characters.")
    ],
    name: Annotated[str | None, typer.Option(help="Full name.")] = None,
    data: Data = None,
) -> None:
    """Create an owner's account with its default team, verified at once."""
    from touchline.apps import migrate
    from touchline.apps.wiring import NotScalableError, opened, wire

    settings = with_folder(data)

    async def make() -> None:
        async with opened(wire(settings), engine=False) as wired, wired.database.begin() as db:
            await wired.identity.create_owner(db, email=email, password=password, full_name=name)

    try:
        migrate.upgrade(settings.db_url)
        asyncio.run(make())
    except (TouchlineError, NotScalableError, migrate.MigrationLockedError) as error:
        fail(str(error), code=1)
    except (SQLAlchemyError, OSError) as error:
        fail(f"The database cannot be used: {first_line(error)}", code=1)
    out.print(f"Created {email}.", markup=False)


def with_folder(data: Path | None) -> Settings:
    """Settings whose data folder is there."""
    settings = settings_with(data)
    try:
        make_private_folder(settings.data_dir)
    except OSError as error:
        fail(f"The data folder {settings.data_dir} cannot be used ({error.strerror}); choose another one with --data.")
    return settings


def first_line(error: Exception) -> str:
    """What an error says first; drivers go on for pages."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
