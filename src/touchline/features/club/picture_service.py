"""Pictures of players: received before any transaction is open, stored with the row, the one before removed after it."""

from dataclasses import dataclass, replace

from touchline.features.club import picture_queries as queries
from touchline.features.club.player import Player
from touchline.features.club.service import visible_player
from touchline.features.identity import Principal
from touchline.foundation.db import Database
from touchline.foundation.gallery import Folder, Gallery
from touchline.foundation.upload import Upload


@dataclass(frozen=True)
class PlayerPictureService:
    database: Database
    gallery: Gallery

    async def hang(self, by: Principal, player_id: str, upload: Upload) -> Player:
        """Give a player the picture that is uploaded.

        Raises:
            PlayerNotFoundError: absent or out of scope; told before the upload is read.
            BadFieldError, BrokenUploadError, UploadTooLargeError, PictureTooLargeError, UnreadablePictureError:
                nothing is stored.
        """
        async with self.database.begin() as db:
            player = await visible_player(db, by, player_id)
        picture = await self.gallery.receive(upload)
        async with self.gallery.hung(picture, Folder.PLAYERS, player.id) as address, self.database.begin() as db:
            # Of two uploads at once the second one sees the first one's picture, and removes it.
            await queries.hold_player(db, player.id)
            before = await visible_player(db, by, player.id)
            await queries.set_picture(db, player.id, address)
        await self.gallery.discard(before.image_url, Folder.PLAYERS, player.id)
        return replace(before, image_url=address)
