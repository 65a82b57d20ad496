"""Make the gRPC code from proto/analysis.proto; with --check, only say whether the committed code is up to date.

    python tools/make_proto.py [--check]

Needs the development tools (grpcio-tools, mypy-protobuf).
"""

import argparse
import os
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PROTO = ROOT / "proto" / "analysis.proto"
TARGET = ROOT / "src" / "touchline" / "protocol"
MADE = ("analysis_pb2.py", "analysis_pb2.pyi", "analysis_pb2_grpc.py", "analysis_pb2_grpc.pyi")

# protoc knows no packages: the service module would import the messages as a top-level module.
_TOP_LEVEL, _RELATIVE = "import analysis_pb2 as ", "from touchline.protocol import analysis_pb2 as "


def make() -> dict[str, str]:
    """Run the compiler in a scratch folder; file name -> text.

    Raises:
        subprocess.CalledProcessError: the proto file does not compile; the compiler has said why.
    """
    # The mypy plug-ins are scripts beside the interpreter, whatever the caller's PATH is.
    path = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", "")])
    with tempfile.TemporaryDirectory() as scratch:
        command = [
            sys.executable,
            "-m",
            "grpc_tools.protoc",
            f"--proto_path={PROTO.parent}",
            *(f"--{kind}_out={scratch}" for kind in ("python", "grpc_python", "mypy", "mypy_grpc")),
            PROTO.name,
        ]
        subprocess.run(command, check=True, env={**os.environ, "PATH": path})
        return {name: _tidied((Path(scratch) / name).read_text("utf-8")) for name in MADE}


def stale() -> list[str]:
    """Names of committed files that differ from what the proto file gives now."""
    fresh = make()
    return [name for name in MADE if not (TARGET / name).is_file() or (TARGET / name).read_text("utf-8") != fresh[name]]


def _tidied(text: str) -> str:
    lines = (line.rstrip() for line in text.replace(_TOP_LEVEL, _RELATIVE).splitlines())
    return "\n".join(lines).rstrip("\n") + "\n"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; fail when the committed code is stale")
    if parser.parse_args(arguments).check:
        differing = stale()
        if differing:
            print(f"Out of date: {', '.join(differing)}. Run `make proto` and commit the result.", file=sys.stderr)
        return 1 if differing else 0
    for name, text in make().items():
        (TARGET / name).write_text(text, "utf-8")
        print(f"wrote {TARGET.relative_to(ROOT) / name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
