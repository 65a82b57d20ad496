"""A run's row made into what the engine is asked for."""

from dataclasses import replace

from touchline.features.analysis.lifecycle_queries import Row
from touchline.features.analysis.options import engine_request
from touchline.features.analysis.rooms_above import RunRef
from touchline.features.analysis.run_files import attempt_folder
from touchline.football.updates import AnalysisRequest
from touchline.foundation.storage import InvalidPathError, MediaStore


class UploadMissingError(Exception):
    """The video to analyse is not there any more; the text is for the coach."""

    def __init__(self) -> None:
        super().__init__("The uploaded video is no longer available. Upload it again.")


def request_for(row: Row, run: RunRef, store: MediaStore) -> AnalysisRequest:
    """The request of one attempt; it writes into a folder of its own. Blocking: it looks at the disk.

    Raises:
        UploadMissingError: the first video is gone. A missing second one is left out.
    """
    video = _stored(store, row["input_video_path"])
    if video is None:
        raise UploadMissingError
    request = engine_request(row, video=video, second_video=_stored(store, row["input_video_path_2"]) or "")
    return replace(request, output_dir=attempt_folder(run))


def _stored(store: MediaStore, path: str | None) -> str | None:
    try:
        return str(store.local(path)) if path and store.exists(path) else None
    except InvalidPathError:
        return None
