"""Logos of teams: received before any transaction is open, stored with the row, the one before removed after it."""

from dataclasses import dataclass, replace

from touchline.features.identity import logo_queries as queries
from touchline.features.identity.principal import Principal
from touchline.features.identity.team_service import own_team
from touchline.features.identity.teams import Team
from touchline.foundation.db import Database
from touchline.foundation.gallery import Folder, Gallery
from touchline.foundation.upload import Upload


@dataclass(frozen=True)
class LogoService:
    database: Database
    gallery: Gallery

    async def hang(self, by: Principal, team_id: str, upload: Upload) -> Team:
        """Give a team of the account manager the logo that is uploaded.

        Raises:
            TeamNotFoundError, SharedTeamError: as `own_team`; told before the upload is read.
            BadFieldError, BrokenUploadError, UploadTooLargeError, PictureTooLargeError, UnreadablePictureError:
                nothing is stored.
        """
        async with self.database.begin() as db:
            team = await own_team(db, by, team_id)
        picture = await self.gallery.receive(upload)
        async with self.gallery.hung(picture, Folder.TEAMS, team.id) as address, self.database.begin() as db:
            # Of two uploads at once the second one sees the first one's picture, and removes it.
            await queries.hold_team(db, team.id)
            before = await own_team(db, by, team.id)
            await queries.set_logo(db, team.id, address)
        await self.gallery.discard(before.logo_url, Folder.TEAMS, team.id)
        return replace(before, logo_url=address)
