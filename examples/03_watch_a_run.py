"""A client in one page: sign in to a running `touchline up`, upload a video, watch its windows arrive.

python examples/03_watch_a_run.py CLASSIC ANALYSIS EMAIL PASSWORD VIDEO
"""

import json
import sys
from pathlib import Path

import httpx2


def main(classic: str, analysis: str, email: str, password: str, video: Path) -> str:
    with httpx2.Client(timeout=httpx2.Timeout(30, read=300)) as http:
        signed_in = http.post(f"{classic}/api/token", data={"username": email, "password": password})
        signed_in.raise_for_status()
        http.headers["Authorization"] = f"Bearer {signed_in.json()['access_token']}"

        with video.open("rb") as file:
            accepted = http.post(f"{analysis}/api/analyze_match", files={"file": (video.name, file, "video/mp4")})
        accepted.raise_for_status()
        run_id = accepted.json()["analysis_id"]

        status = "FAILED"
        with http.stream("GET", f"{analysis}/api/analysis/{run_id}/segments/stream") as stream:
            for line in stream.iter_lines():
                if not line.startswith("data: "):
                    continue
                message = json.loads(line.removeprefix("data: "))
                if message["type"] == "segment":
                    print(f"{message['start_sec']:.0f}-{message['end_sec']:.0f} s: {message['severity_label']}")
                elif message["type"] == "done":
                    status = message["status"]
        print(status)
        return status


if __name__ == "__main__":
    if len(sys.argv) != 6:
        sys.exit(__doc__)
    sys.exit(main(*sys.argv[1:5], Path(sys.argv[5])) != "COMPLETED")
