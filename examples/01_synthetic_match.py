"""Draw a few seconds of a match whose truth is known, and look at the truth.

python examples/01_synthetic_match.py [FOLDER]
"""

import sys
import tempfile
from pathlib import Path

from touchline.engine.synthetic import synthesise


def main(folder: Path) -> None:
    match = synthesise("L0", 7, 2.0, folder)
    print(f"{match.frames} frames in {match.video.name}")
    for path in sorted(folder.iterdir()):
        print(f"  {path.name}: {path.stat().st_size} bytes")
    first = (folder / "gt_mot.txt").read_text(encoding="utf-8").splitlines()[0]
    print(f"first true box (frame, id, left, top, width, height, ...): {first}")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]))
    else:
        with tempfile.TemporaryDirectory() as scratch:
            main(Path(scratch))
