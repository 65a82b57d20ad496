"""One serving process on an embedded data folder."""

import contextlib
import os
from collections.abc import Iterator
from pathlib import Path

from touchline.foundation.storage import make_private_folder

try:
    import fcntl
except ImportError:  # a platform without POSIX locks; the lock is then a promise of the person who starts it
    fcntl = None  # type: ignore[assignment]


class DataFolderBusyError(Exception):
    """Another process serves this data folder; `str(error)` names both."""


class DataFolderUnusableError(Exception):
    """The data folder cannot be made or written; `str(error)` names it and the flag."""


@contextlib.contextmanager
def only_serving_process(data: Path) -> Iterator[None]:
    """Hold the lock of a data folder; the operating system lets go of it however the process ends.

    Raises:
        DataFolderBusyError: another process holds it.
        DataFolderUnusableError: it cannot be made, or not be written.
    """
    try:
        make_private_folder(data)
        lock = (data / "touchline.lock").open("a+", encoding="utf-8")
    except OSError as error:
        raise DataFolderUnusableError(
            f"The data folder {data} cannot be used ({error.strerror}); choose another one with --data."
        ) from error
    with lock as file:
        if fcntl is not None:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError as error:
                file.seek(0)
                raise DataFolderBusyError(
                    f"The data folder {data} is in use by process {file.read().strip() or 'unknown'}; stop that one"
                    " first, or choose another folder with --data."
                ) from error
        file.seek(0)
        file.truncate()
        file.write(str(os.getpid()))
        file.flush()
        yield
