"""Refuse files that must not be committed: private keys, and anything over 4 MB. Usage: hygiene.py FILE..."""

import sys
from pathlib import Path

LIMIT_BYTES = 4_000_000
MARK = b"PRIVATE " + b"KEY-----"


def complaints(paths: list[Path]) -> list[str]:
    found = []
    for path in paths:
        if not path.is_file():
            continue
        if path.stat().st_size > LIMIT_BYTES:
            found.append(f"{path}: larger than {LIMIT_BYTES // 1_000_000} MB")
        if MARK in path.read_bytes():
            found.append(f"{path}: holds a private key")
    return found


if __name__ == "__main__":
    problems = complaints([Path(name) for name in sys.argv[1:]])
    print("\n".join(problems))
    sys.exit(bool(problems))
