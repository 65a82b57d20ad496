"""What an upload must bring before it becomes a run: its videos on the disk, its fields understood."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from functools import partial

import anyio

from touchline.features.analysis.options import read_fields
from touchline.features.analysis.ports import VideoTools
from touchline.features.analysis.upload import Room, UploadLimits, VideoSink
from touchline.foundation.multipart import FileStart
from touchline.foundation.storage import MediaStore
from touchline.foundation.upload import FileSink, Form, NowhereSink, Upload, receive
from touchline.foundation.upload_errors import BadFieldError, BrokenUploadError

_NUMBERS = {"file": 1, "file2": 2}

EarlyCheck = Callable[[Mapping[str, str]], Awaitable[None]]
"""Judges the fields that came before the first video; raises to refuse it before a byte is kept."""


@dataclass(frozen=True)
class Videos:
    """The videos of an upload, complete on the disk but for their names; `commit` gives them those."""

    fields: Mapping[str, str]
    form: Form
    first: VideoSink | None
    second: VideoSink | None

    async def commit(self) -> None:
        for sink in (self.first, self.second):
            if sink is not None:
                await sink.commit()

    async def discard(self, media: MediaStore) -> None:
        """Leave nothing of this upload, whether it has its names already or not."""
        await self.form.abort()
        with anyio.CancelScope(shield=True):
            for sink in (self.first, self.second):
                if sink is not None and sink.path is not None:
                    await anyio.to_thread.run_sync(media.delete, sink.path)


@dataclass(frozen=True)
class Intake:
    """Receives videos."""

    media: MediaStore
    video: VideoTools
    limits: UploadLimits

    async def receive(self, upload: Upload, *, run_id: str, early: EarlyCheck) -> Videos:
        """Stream an upload to the disk.

        Raises:
            UploadTooLargeError, NoRoomError, NotAVideoError, EmptyVideoError, BrokenUploadError, BadFieldError:
                nothing is kept; limit, room and what is known of the fields were judged before the first byte.
        """
        room = Room(self.media, self.limits)
        judged = False

        async def open_sink(start: FileStart, fields: Mapping[str, str]) -> FileSink:
            nonlocal judged
            number = _NUMBERS.get(start.name)
            if number is None:
                return NowhereSink()
            if not judged:
                judged = True
                read_fields(fields)
                await early(fields)
                await anyio.to_thread.run_sync(partial(room.check, upload.content_length or 0))
            return VideoSink(start, run_id=run_id, number=number, room=room, video=self.video)

        form = await receive(upload, max_bytes=self.limits.max_bytes, open_sink=open_sink)
        try:
            return await _sorted(form)
        except BaseException:
            await form.abort()
            raise


async def _sorted(form: Form) -> Videos:
    first, second = _video(form, "file"), _video(form, "file2")
    two_cameras = read_fields(form.fields).get("camera_count", 1) == 2
    if two_cameras and first is not None and second is None:
        raise BadFieldError(field="file2", reason="two cameras need the second camera's video")
    if second is not None and not two_cameras:
        await second.abort()
        second = None
    if second is not None and first is None:
        raise BrokenUploadError
    return Videos(fields=form.fields, form=form, first=first, second=second)


def _video(form: Form, name: str) -> VideoSink | None:
    sink = form.sinks.get(name)
    return sink if isinstance(sink, VideoSink) and sink.size > 0 else None
