"""How fast a video goes in and comes out again over loopback, one client."""

import http.client
import time
from pathlib import Path
from urllib.parse import urlencode, urlsplit

from bench.house import house
from bench.rows import Row, figure
from journeys.processes import Coach

MIB = 1 << 20


def measure(work: Path, *, full: bool) -> list[Row]:
    size = 512 * MIB
    video = work / "large.mp4"
    with video.open("wb") as file:
        # A container that is recognised and then holds nothing: the doors are measured, not the engine.
        file.write(
            (24).to_bytes(4, "big") + b"ftypisom\x00\x00\x02\x00isomiso2" + (size - 24).to_bytes(4, "big") + b"mdat"
        )
        file.truncate(size)
    with house(work) as coach:
        started = time.monotonic()
        run_id = coach.upload(video)
        up_s = time.monotonic() - started
        path = coach.status(run_id)["input_video_path"]
        down_s = _read_range(coach, path, size)
    note = f"{size // MIB} MiB, whole server process, HTTP/1.1 on loopback"
    return [
        figure("transfer", "upload, multipart", size / 1e6 / up_s, "MB/s", note),
        figure("transfer", "download, one range", size / 1e6 / down_s, "MB/s", note),
    ]


def _read_range(coach: Coach, path: str, size: int) -> float:
    address = urlsplit(coach.at.analysis)
    connection = http.client.HTTPConnection(address.hostname or "", address.port or 80)
    headers = {"Authorization": coach.http.headers["Authorization"], "Range": "bytes=0-"}
    started = time.monotonic()
    connection.request("GET", "/api/analysis/stream?" + urlencode({"path": path}), headers=headers)
    answer = connection.getresponse()
    assert answer.status == 206, answer.status
    buffer = bytearray(MIB)
    read = 0
    while count := answer.readinto(buffer):
        read += count
    assert read == size
    connection.close()
    return time.monotonic() - started
