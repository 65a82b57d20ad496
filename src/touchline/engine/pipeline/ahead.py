"""Decoding and detecting a few pictures ahead in threads, so that all cores work at the same time."""

import queue
import threading
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor

from touchline.engine.ports import Detector
from touchline.engine.types import Detections, Frame

_DEPTH = 4
# Pictures being searched at the same time at most. Always the same number ahead, however many workers there are: what
# the detector has learned when it plans a picture must not depend on the machine.
_SEARCHED = 6
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


class DetectAhead:
    """Frames with what was found in them, in order, while the next ones are already being worked on.

    Whoever reads it tells the detector what of each frame counts before reading on.
    """

    def __init__(self, frames: Iterator[Frame], detector: Detector, *, workers: int) -> None:
        self._frames, self._detector = frames, detector
        self._pool = ThreadPoolExecutor(min(workers, _SEARCHED), thread_name_prefix="detect")

    def __iter__(self) -> Iterator[tuple[Frame, Detections]]:
        waiting: deque[tuple[Frame, Future[Detections]]] = deque()
        for frame in self._frames:
            waiting.append((frame, self._pool.submit(self._detector.task(frame.image))))
            if len(waiting) >= _SEARCHED:
                yield self._oldest(waiting)
        while waiting:
            yield self._oldest(waiting)

    def close(self) -> None:
        """Drop what is waiting; a picture being worked on is finished first."""
        self._pool.shutdown(wait=True, cancel_futures=True)

    def _oldest(self, waiting: "deque[tuple[Frame, Future[Detections]]]") -> tuple[Frame, Detections]:
        frame, work = waiting.popleft()
        return frame, work.result()
