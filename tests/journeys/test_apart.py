"""The same code as separate processes on MariaDB and Redis: upload through one replica, stream through the other."""

import json
import os
import socket
import uuid
from contextlib import ExitStack

import pytest

from databases import scratch_database
from journeys.clips import cut
from journeys.processes import Addresses, sign_up, touchline, wait_for
from touchline.apps import migrate
from touchline.engine.synthetic import demo_clip, demo_profile


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def servers():
    missing = [name for name in ("TOUCHLINE_TEST_MARIADB_URL", "TOUCHLINE_TEST_REDIS_URL") if not os.environ.get(name)]
    if missing:
        pytest.skip(f"needs servers: {' and '.join(missing)} not set")
    with scratch_database(os.environ["TOUCHLINE_TEST_MARIADB_URL"]) as url:
        migrate.upgrade(url)
        yield url, os.environ["TOUCHLINE_TEST_REDIS_URL"]


def test_upload_through_one_replica_and_stream_through_the_other(servers, tmp_path):
    database_url, redis_url = servers
    classic, first, second, engine = (free_port() for _ in range(4))
    data, mail = tmp_path / "shared", tmp_path / "mail"
    environment = {
        "DATABASE_URL": database_url,
        "REDIS_URL": redis_url,
        "TOUCHLINE_REDIS_PREFIX": f"test-{uuid.uuid4().hex[:8]}",
        "TOUCHLINE_DATA": str(data),
        "MAIL_DIR": str(mail),
        "TRACKING_ENGINE_HOST": "127.0.0.1",
        "TRACKING_ENGINE_PORT": str(engine),
    }
    with ExitStack() as running:

        def start(name, *arguments):
            return running.enter_context(touchline(*arguments, log=tmp_path / f"{name}.log", **environment))

        start("engine", "engine", "--port", str(engine))
        start("classic", "serve", "classic", "--port", str(classic))
        start("first", "serve", "analysis", "--port", str(first))
        start("second", "serve", "analysis", "--port", str(second))
        start("worker", "worker")
        at = Addresses(f"http://127.0.0.1:{classic}", f"http://127.0.0.1:{first}")
        other = f"http://127.0.0.1:{second}"
        with ExitStack() as probing:
            import httpx2

            http = probing.enter_context(httpx2.Client(timeout=10))
            for address in (at.classic, at.analysis, other):
                wait_for(address, lambda address=address: http.get(f"{address}/ready").status_code == 200, limit_s=90)

        coach = running.enter_context(sign_up(at, mail))
        match_id = coach.match()
        coach.profile(match_id, demo_profile()["points"])
        clip = cut(demo_clip(), tmp_path / "match.mp4", seconds=21)
        run_id = coach.upload(clip, match_id=match_id)
        live = coach.stream(run_id, base=other)
        assert live[-1]["type"] == "done", live[-1]
        assert live[-1]["status"] == "COMPLETED"
        windows = [message["segment_index"] for message in live if message["type"] == "segment"]
        assert windows == [0, 1]
        # On the classic API, which shares nothing with the other two but the servers.
        assert [m["segment_index"] for m in coach.stream(run_id, base=at.classic) if m["type"] == "segment"] == windows
        run = coach.status(run_id)
        answer = coach.http.get(
            f"{other}/api/analysis/stream",
            params={"path": run["outputs"]["tracking_video_path"]},
            headers={"Range": "bytes=0-9"},
        )
        assert answer.status_code == 206
        assert json.dumps(run["outputs"])
