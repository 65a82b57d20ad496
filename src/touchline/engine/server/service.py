"""The gRPC service: requests in, packets out, errors as status codes."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import aclosing
from pathlib import Path

import grpc
from grpc.aio import ServicerContext

from touchline.engine.errors import EngineError
from touchline.engine.server.paths import PathRefusedError, admitted
from touchline.engine.server.runs import Detect, Runs, SupersededError
from touchline.football.updates import AnalysisRequest, Failed, Finished, Update
from touchline.protocol import analysis_pb2 as pb
from touchline.protocol.codec import (
    MalformedPacketError,
    boxes_to_message,
    request_from_message,
    update_to_message,
)

_log = logging.getLogger(__name__)


class AnalysisService:
    """`analysis.AnalysisService`. Failures of a run are packets; only what stops the call itself is a status code."""

    def __init__(
        self, runs: Runs, *, detect: Detect | None, output_root: Path, allowed_roots: Sequence[Path] = ()
    ) -> None:
        self._runs, self._detect = runs, detect
        self._output_root, self._allowed_roots = output_root, allowed_roots
        self._one_still = asyncio.Lock()

    async def AnalyzeVideo(  # noqa: N802 - the name of the method in the proto file
        self, request: pb.AnalysisRequest, context: ServicerContext[pb.AnalysisRequest, pb.AnalysisResponse]
    ) -> None:
        """Run one analysis; ends early, with everything cleaned up, when the caller hangs up."""
        wanted = await self._admitted(request, context)
        _log.info("engine.run_asked run_id=%s", wanted.run_id)
        try:
            async with aclosing(self._runs.stream(wanted)) as updates:
                async for update in updates:
                    message = _encoded(update, run_id=wanted.run_id)
                    if message is not None:
                        await context.write(message)
        except SupersededError:
            await context.abort(grpc.StatusCode.ABORTED, "A newer request for this run took over.")

    async def Detect(  # noqa: N802 - the name of the method in the proto file
        self, request: pb.DetectRequest, context: ServicerContext[pb.DetectRequest, pb.DetectResponse]
    ) -> pb.DetectResponse:
        """Persons and ball in one still; one at a time, so that stills never starve a running analysis."""
        if self._detect is None:
            await context.abort(grpc.StatusCode.UNIMPLEMENTED, "This engine has no detector for stills.")
        try:
            async with self._one_still:
                return boxes_to_message(await asyncio.to_thread(self._detect, request.picture))
        except ValueError as error:
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except EngineError as error:
            await context.abort(grpc.StatusCode.FAILED_PRECONDITION, str(error))

    async def _admitted(
        self, request: pb.AnalysisRequest, context: ServicerContext[pb.AnalysisRequest, pb.AnalysisResponse]
    ) -> AnalysisRequest:
        try:
            wanted = request_from_message(request)
            return admitted(wanted, output_root=self._output_root, allowed_roots=self._allowed_roots)
        except MalformedPacketError as error:
            _log.warning("engine.request_malformed run_id=%s reason=%s", request.match_id, error)
            await context.abort(grpc.StatusCode.INVALID_ARGUMENT, str(error))
        except PathRefusedError as error:
            _log.warning("engine.path_refused run_id=%s reason=%s", request.match_id, error)
            await context.abort(grpc.StatusCode.PERMISSION_DENIED, str(error))


def _encoded(update: Update, *, run_id: str) -> pb.AnalysisResponse | None:
    """The packet of an update; one that cannot travel is logged and skipped, unless the run ends with it."""
    try:
        return update_to_message(update, run_id=run_id)
    except (TypeError, ValueError):
        if isinstance(update, Finished | Failed):
            raise
        _log.exception("engine.update_skipped run_id=%s kind=%s", run_id, type(update).__name__)
        return None
