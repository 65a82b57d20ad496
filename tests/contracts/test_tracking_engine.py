"""What every TrackingEngine promises, in process, over the network and as a child."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path

import pytest

from contracts import scripted
from contracts.waiting import until
from touchline.adapters.engine_child import EngineChild
from touchline.adapters.engine_grpc import GrpcEngine
from touchline.adapters.engine_local import LocalEngine
from touchline.engine.server import serve
from touchline.features.analysis.ports import EngineUnavailableError, TrackingEngine
from touchline.football.updates import AnalysisRequest, Failed, Finished, Progress, SegmentDone, Update

pytestmark = pytest.mark.anyio


@dataclass
class Made:
    engine: TrackingEngine
    root: Path


@pytest.fixture(scope="module", params=["local", "grpc", "child"])
async def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Made]:
    root = tmp_path_factory.mktemp("root")
    if request.param == "local":
        local = LocalEngine(scripted.analyse, output_root=root, detect=scripted.detect)
        yield Made(local, root)
        await local.close()
    elif request.param == "grpc":
        listening: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        stop = asyncio.Event()
        server = asyncio.create_task(
            serve(
                "127.0.0.1:0",
                stop=stop,
                output_root=root,
                analyse=scripted.analyse,
                detect=scripted.detect,
                on_listening=listening.set_result,
            )
        )
        engine = GrpcEngine(f"127.0.0.1:{await listening}")
        yield Made(engine, root)
        await engine.close()
        stop.set()
        await server
    else:
        child = EngineChild([sys.executable, scripted.__file__, "--root", str(root)])
        await child.start()
        yield Made(child, root)
        await child.close()


async def collected(engine: TrackingEngine, request: AnalysisRequest) -> list[Update]:
    async with asyncio.timeout(20):
        return [update async for update in engine.analyse(request)]


def without_progress(updates: list[Update]) -> list[Update]:
    return [update for update in updates if not isinstance(update, Progress)]


async def test_updates_arrive_as_they_were_said_and_end_with_finished(made: Made):
    assert await collected(made.engine, AnalysisRequest("steady.mp4", "run-1")) == scripted.steady("run-1")


async def test_a_refused_video_fails_the_run_with_the_engines_sentence(made: Made):
    assert await collected(made.engine, AnalysisRequest("refused.mp4", "run-2")) == [
        Failed("The video holds no picture; please choose another file.")
    ]


async def test_a_bug_fails_the_run_without_telling_its_details(made: Made):
    [failed] = await collected(made.engine, AnalysisRequest("bug.mp4", "run-3"))
    assert isinstance(failed, Failed)
    assert "secret" not in failed.message
    assert "internal error" in failed.message


async def test_an_engine_that_stops_without_an_end_fails_the_run(made: Made):
    segment, failed = await collected(made.engine, AnalysisRequest("unfinished.mp4", "run-4"))
    assert isinstance(segment, SegmentDone)
    assert isinstance(failed, Failed)


async def test_closing_the_iterator_stops_the_work_and_removes_partial_outputs(made: Made):
    output = scripted.partial(made.root, "run-5")
    async with aclosing(made.engine.analyse(AnalysisRequest("endless.mp4", "run-5"))) as updates:  # type: ignore[type-var]
        assert isinstance(await anext(updates), SegmentDone)
        assert output.exists()
    await until(lambda: not output.exists(), limit_s=2)


async def test_cancelling_the_listener_stops_the_work_and_removes_partial_outputs(made: Made):
    output = scripted.partial(made.root, "run-6")
    listener = asyncio.create_task(collected(made.engine, AnalysisRequest("endless.mp4", "run-6")))
    await until(output.exists)
    listener.cancel()
    with pytest.raises(asyncio.CancelledError):
        await listener
    await until(lambda: not output.exists(), limit_s=2)


async def test_a_second_request_for_the_same_run_takes_over(made: Made):
    output = scripted.partial(made.root, "run-7")
    first = asyncio.create_task(collected(made.engine, AnalysisRequest("endless.mp4", "run-7")))
    await until(output.exists)
    # The script fails when its partial output is still there, so this also shows that the first was cleaned up.
    async with aclosing(made.engine.analyse(AnalysisRequest("endless.mp4", "run-7"))) as second:  # type: ignore[type-var]
        assert isinstance(await anext(second), SegmentDone)
        with pytest.raises(EngineUnavailableError, match="took over"):
            await first
        assert isinstance(await anext(second), Progress)
    await until(lambda: not output.exists())


async def test_a_run_without_a_free_place_waits_and_says_so(made: Made):
    busy = [asyncio.create_task(collected(made.engine, AnalysisRequest("endless.mp4", f"busy-{n}"))) for n in (1, 2)]
    await until(lambda: all(scripted.partial(made.root, f"busy-{n}").exists() for n in (1, 2)))
    async with aclosing(made.engine.analyse(AnalysisRequest("steady.mp4", "run-8"))) as updates:  # type: ignore[type-var]
        waiting = await anext(updates)
        assert isinstance(waiting, Progress)
        assert waiting.status == "QUEUED"
        for task in busy:
            task.cancel()
        async with asyncio.timeout(10):
            assert without_progress([update async for update in updates]) == without_progress(scripted.steady("run-8"))
    await asyncio.gather(*busy, return_exceptions=True)


async def test_a_waiting_run_can_be_given_up(made: Made):
    busy = [asyncio.create_task(collected(made.engine, AnalysisRequest("endless.mp4", f"hog-{n}"))) for n in (1, 2)]
    await until(lambda: all(scripted.partial(made.root, f"hog-{n}").exists() for n in (1, 2)))
    async with aclosing(made.engine.analyse(AnalysisRequest("steady.mp4", "run-9"))) as updates:  # type: ignore[type-var]
        await anext(updates)
    for task in busy:
        task.cancel()
    await asyncio.gather(*busy, return_exceptions=True)
    assert len(await collected(made.engine, AnalysisRequest("steady.mp4", "run-9"))) >= 5


async def test_a_slow_listener_misses_nothing(made: Made):
    updates = []
    async with asyncio.timeout(20):
        async for update in made.engine.analyse(AnalysisRequest("many.mp4", "run-10")):
            updates.append(update)
            await asyncio.sleep(0)
    assert [u.index for u in updates if isinstance(u, SegmentDone)] == list(range(500))
    assert isinstance(updates[-1], Finished)


async def test_runs_of_different_ids_go_side_by_side(made: Made):
    both = await asyncio.gather(
        *(collected(made.engine, AnalysisRequest("steady.mp4", run_id)) for run_id in ("run-11", "run-12"))
    )
    assert [updates[-1].result.run_id for updates in both] == ["run-11", "run-12"]  # type: ignore[union-attr]


async def test_boxes_of_a_still(made: Made):
    assert await made.engine.detect(b"a picture") == scripted.BOXES


async def test_a_picture_that_cannot_be_decoded_is_told(made: Made):
    with pytest.raises(ValueError, match="cannot be decoded"):
        await made.engine.detect(b"noise")


async def test_a_serving_engine_is_up(made: Made):
    assert await made.engine.health() == "up"


async def test_a_closed_engine_refuses(made: Made, tmp_path: Path):
    match made.engine:
        case LocalEngine():
            closed: TrackingEngine = LocalEngine(scripted.analyse, output_root=tmp_path, detect=scripted.detect)
        case GrpcEngine():
            closed = GrpcEngine("127.0.0.1:1")
        case _:
            closed = EngineChild([sys.executable, scripted.__file__, "--root", str(tmp_path)])
    await closed.close()
    assert await closed.health() == "down"
    with pytest.raises(EngineUnavailableError):
        await collected(closed, AnalysisRequest("steady.mp4", "run-13"))
