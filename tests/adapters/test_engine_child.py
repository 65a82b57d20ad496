import asyncio
import os
import signal
import stat
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from contracts import scripted
from contracts.waiting import until
from touchline.adapters.engine_child import EngineChild
from touchline.features.analysis.ports import EngineUnavailableError
from touchline.football.updates import AnalysisRequest, Finished

pytestmark = pytest.mark.anyio

PARENT = """
import asyncio, sys
from touchline.adapters.engine_child import EngineChild

async def main():
    child = EngineChild([sys.executable, *sys.argv[1:]])
    await child.start()
    assert await child.wait_ready()
    print(child.pid, flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="module")
async def child(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[EngineChild]:
    made = EngineChild([sys.executable, scripted.__file__, "--root", str(tmp_path_factory.mktemp("root"))], nice=7)
    await made.start()
    yield made
    await made.close()


def is_gone(pid: int) -> bool:
    return not psutil.pid_exists(pid) or psutil.Process(pid).status() == psutil.STATUS_ZOMBIE


async def finished(child: EngineChild, run_id: str) -> bool:
    async with asyncio.timeout(20):
        updates = [update async for update in child.analyse(AnalysisRequest("steady.mp4", run_id))]
    return isinstance(updates[-1], Finished)


async def test_a_request_waits_until_the_child_serves(child: EngineChild):
    assert await finished(child, "run-1")
    assert await child.health() == "up"


async def test_the_child_steps_back_behind_its_parent(child: EngineChild):
    assert await child.wait_ready()
    assert psutil.Process(child.pid).nice() == min(19, psutil.Process().nice() + 7)


async def test_only_this_user_may_enter_the_folder_of_the_socket(child: EngineChild):
    assert await child.wait_ready()
    [folder] = {Path(c.laddr).parent for c in psutil.Process(child.pid).net_connections("unix") if "e.sock" in c.laddr}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(bytes(folder / "e.sock")) < 104


async def test_a_crash_fails_the_run_and_the_child_comes_back(child: EngineChild):
    assert await child.wait_ready()
    before = child.pid
    with pytest.raises(EngineUnavailableError, match="unavailable"):
        async with asyncio.timeout(20):
            async for _ in child.analyse(AnalysisRequest("crash.mp4", "run-2")):
                pass
    assert await finished(child, "run-3")
    assert child.pid != before


async def test_a_child_that_cannot_start_leaves_requests_unanswered():
    child = EngineChild(["/nonexistent/python"], ready_s=0.2)
    await child.start()
    with pytest.raises(EngineUnavailableError):
        await finished(child, "run-4")
    assert await child.health() == "down"
    await child.close()


async def test_closing_ends_the_child_and_removes_its_folder(tmp_path: Path):
    child = EngineChild([sys.executable, scripted.__file__, "--root", str(tmp_path)])
    await child.start()
    assert await child.wait_ready()
    pid = child.pid
    assert pid is not None
    [folder] = {Path(c.laddr).parent for c in psutil.Process(pid).net_connections("unix") if "e.sock" in c.laddr}
    updates = child.analyse(AnalysisRequest("endless.mp4", "run-5"))
    await anext(updates)
    await child.close()
    assert is_gone(pid)
    assert not folder.exists()
    assert not scripted.partial(tmp_path, "run-5").exists()


async def test_the_child_ends_when_its_parent_is_killed(tmp_path: Path):
    parent = await asyncio.create_subprocess_exec(
        sys.executable,
        "-c",
        PARENT,
        scripted.__file__,
        "--root",
        str(tmp_path),
        stdout=asyncio.subprocess.PIPE,
    )
    assert parent.stdout is not None
    async with asyncio.timeout(30):
        pid = int(await parent.stdout.readline())
    assert not is_gone(pid)
    os.kill(parent.pid, signal.SIGKILL)
    await parent.wait()
    await until(lambda: is_gone(pid))
