"""Decoding a few pictures ahead in a thread, so that decoder and detector work at the same time."""

import queue
import threading
from collections.abc import Iterator

from touchline.engine.types import Frame

_DEPTH = 4
_WAKE_S = 0.1


class ReadAhead:
    """An iterator over frames that another thread decodes; `close` stops that thread and releases the file.

    Errors of the source are raised here, in the place where they happened.
    """

    def __init__(self, frames: Iterator[Frame], *, depth: int = _DEPTH) -> None:
        self._frames = frames
        self._queue: queue.Queue[Frame | BaseException | None] = queue.Queue(depth)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work, name="decode-ahead", daemon=True)
        self._thread.start()

    def __iter__(self) -> Iterator[Frame]:
        while True:
            item = self._queue.get()
            if item is None:
                return
            if isinstance(item, BaseException):
                raise item
            yield item

    def close(self) -> None:
        """Stop decoding and wait for the thread."""
        self._stop.set()
        self._thread.join()

    def _work(self) -> None:
        last: BaseException | None = None
        try:
            for frame in self._frames:
                if not self._put(frame):
                    break
        except Exception as error:  # noqa: BLE001 - whatever broke is raised again in the reading thread
            last = error
        finally:
            close = getattr(self._frames, "close", None)
            if close is not None:
                close()
            if last is not None:
                self._put(last)
            self._put(None)

    def _put(self, item: Frame | BaseException | None) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(item, timeout=_WAKE_S)
            except queue.Full:
                continue
            return True
        return False
