"""TrackingEngine that plays back what an engine once said: one JSON message of the wire a line."""

from collections.abc import AsyncIterator, Iterable
from pathlib import Path

from google.protobuf import json_format

from touchline.features.analysis.ports import EngineUnavailableError
from touchline.football.updates import AnalysisRequest, FoundBox, Update
from touchline.protocol import analysis_pb2
from touchline.protocol.codec import update_from_message, update_to_message


class ReplayEngine:
    """Answers every request with the recorded updates."""

    def __init__(self, recording: Path) -> None:
        self.updates = read_recording(recording)

    async def analyse(self, request: AnalysisRequest) -> AsyncIterator[Update]:
        """See `TrackingEngine.analyse`; nothing is read of the request."""
        for update in self.updates:
            yield update

    async def detect(self, picture: bytes) -> list[FoundBox]:
        """See `TrackingEngine.detect`; a recording has seen no picture."""
        raise EngineUnavailableError("A recording cannot look at pictures.")

    async def health(self) -> str:
        return "up"

    async def close(self) -> None:
        return None


def read_recording(path: Path) -> list[Update]:
    """The updates of a recording, in order."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return [update_from_message(json_format.Parse(line, analysis_pb2.AnalysisResponse())) for line in lines if line]


def write_recording(path: Path, updates: Iterable[Update], *, run_id: str) -> None:
    """Write updates as messages of the wire, one a line."""
    lines = (
        json_format.MessageToJson(update_to_message(update, run_id=run_id), indent=None, ensure_ascii=False)
        for update in updates
    )
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
