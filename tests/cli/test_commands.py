"""The command line: its help, its refusals, and administration on a data folder."""

import json
import re
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from journeys.processes import clean_environment

COMMANDS = [
    "up", "demo", "demo-data", "analyse", "synthetic", "serve", "worker", "engine", "doctor",
    "db upgrade", "db check", "keys rotate", "user create",
]  # fmt: skip

OPTIONS = {
    "up": ["--data", "--host", "--classic-port", "--analysis-port"],
    "demo": ["--exit", "--data", "--classic-port", "--analysis-port"],
    "demo-data": ["--json", "--data"],
    "analyse": [
        "--out", "--calibration", "--attacks", "--analysis-fps", "--window", "--profile", "--model", "--second",
        "--start", "--end", "--no-render", "--realtime",
    ],
    "synthetic": ["--level", "--seed", "--seconds", "--out"],
    "engine": ["--port"],
    "doctor": ["--smoke"],
}  # fmt: skip


def touchline(*arguments, cwd=None, stdin=None, timeout=120, **environment):
    return subprocess.run(
        [sys.executable, "-m", "touchline", *arguments],
        cwd=cwd,
        env=clean_environment(**environment),
        input=stdin,
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


def plain(text: str) -> str:
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def test_help_lists_every_command_with_what_it_is_for():
    text = plain(touchline("--help").stdout)
    for command in COMMANDS:
        assert re.search(rf"│ {command.split()[0]} +\S", text), command


@pytest.mark.parametrize("command", sorted(OPTIONS))
def test_help_of_a_command_names_its_options(command):
    text = plain(touchline(command, "--help").stdout)
    for option in OPTIONS[command]:
        assert option in text


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("analyse", "missing.mp4", "--out", "out"), "missing.mp4"),
        (("analyse", __file__, "--out", "out", "--attacks", "A=up"), "A=right"),
        (("demo", "missing.mp4", "--exit"), "missing.mp4"),
        (("serve", "classic"), "SQLite"),
        (("worker",), "SQLite"),
    ],
    ids=["no such video", "wrong direction", "demo without video", "serve on SQLite", "worker on SQLite"],
)
def test_what_cannot_be_done_is_said_in_a_sentence(arguments, words, tmp_path):
    done = touchline(*arguments, cwd=tmp_path)
    assert done.returncode != 0
    assert words in done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_a_given_port_that_is_taken_names_its_flag(tmp_path):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = touchline("up", "--data", "data", "--classic-port", port, cwd=tmp_path)
    assert done.returncode == 2
    assert "--classic-port" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_bad_setting_is_named(tmp_path):
    done = touchline("db", "check", "--data", "data", cwd=tmp_path, ACCESS_TOKEN_EXPIRE_MINUTES="soon")
    assert done.returncode == 2
    assert "ACCESS_TOKEN_EXPIRE_MINUTES" in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "words"),
    [
        (("up", "--data", "a file"), {}, "--data"),
        (("up", "--data", "a file/[/odd]"), {}, "a file/[/odd]"),
        (("user", "create", "--data", "a file", "--email", "a@b.c", "--password", "long enough"), {}, "--data"),
        (
            ("user", "create", "--data", "data", "--email", "a@b.c", "--password", "long enough"),
            {"MEDIA_STORE_URL": "s3://club"},
            "MEDIA_STORE_URL",
        ),
        (("up", "--data", "data"), {"DATABASE_URL": "postgresql://me:s3cret@127.0.0.1:1/club"}, "127.0.0.1:1"),
        (("up", "--data", "data"), {"JWT_PRIVATE_KEY": "s3cret"}, "JWT_PRIVATE_KEY"),
        (("up", "--data", "data"), {"JWT_PUBLIC_KEY_PATH": "nowhere.pem"}, "nowhere.pem"),
    ],
    ids=[
        "file as folder",
        "odd name",
        "account",
        "store",
        "no database server",
        "key that is none",
        "key that is missing",
    ],
)
def test_what_keeps_it_from_starting_is_said_in_a_sentence(arguments, environment, words, tmp_path):
    (tmp_path / "a file").touch()
    done = touchline(*arguments, cwd=tmp_path, **environment)
    assert done.returncode in {1, 2}
    assert "Error:" in done.stderr
    assert words in done.stderr
    assert "Traceback" not in done.stderr
    assert "s3cret" not in done.stderr


def test_administration_of_a_data_folder(tmp_path):
    missing = touchline("db", "check", "--data", "data", cwd=tmp_path)
    assert missing.returncode == 1
    assert "touchline db upgrade" in missing.stdout
    assert not (tmp_path / "data").exists()
    assert touchline("db", "upgrade", "--data", "data", cwd=tmp_path).returncode == 0
    assert touchline("db", "check", "--data", "data", cwd=tmp_path).returncode == 0

    account = ("user", "create", "--email", "Owner@Club.example", "--password", "long enough", "--data", "data")
    made = touchline(*account, cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    again = touchline(*account, cwd=tmp_path)
    assert again.returncode == 1
    assert "already" in again.stderr

    for private in ("data", "data/certs", "data/certs/private.pem", "data/media.key", "data/touchline.db"):
        assert (tmp_path / private).stat().st_mode & 0o077 == 0, private

    before = (tmp_path / "data/certs/private.pem").read_bytes()
    assert touchline("keys", "rotate", "--data", "data", cwd=tmp_path).returncode == 0
    assert (tmp_path / "data/certs/private.pem").read_bytes() != before


def test_the_demo_club_is_written_once_and_its_passwords_are_shown(tmp_path):
    command = ("demo-data", "--data", "data")
    made = touchline(*command, "--json", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    accounts = json.loads(made.stdout)["accounts"]
    assert len({account["password"] for account in accounts}) == 5
    again = touchline(*command, cwd=tmp_path)
    assert again.returncode == 1
    assert "already" in again.stderr
    assert again.stdout == ""

    shown = touchline("demo-data", "--data", "other", cwd=tmp_path).stdout
    for account in accounts:
        line = next(line for line in shown.splitlines() if account["email"] in line)
        assert re.search(r"\b\w{4}-\w{4}-\w{4}\b", line)
        assert account["password"] not in line


def test_doctor_finds_a_sound_installation_and_the_recorder_stores_what_it_is_told(tmp_path):
    done = touchline("doctor", "--smoke", "--data", "data", cwd=tmp_path)
    text = plain(done.stdout)
    assert done.returncode == 0, text + done.stderr
    sent = re.search(r"(\d+) of (\d+) windows and (\d+) of (\d+) alerts read back, run COMPLETED", text)
    assert sent, text
    assert sent[1] == sent[2] != "0"
    assert sent[3] == sent[4] != "0"


def test_doctor_names_the_fix(tmp_path):
    done = touchline(
        "doctor", "--data", "data", cwd=tmp_path, TRACKING_ENGINE_HOST="127.0.0.1", TRACKING_ENGINE_PORT="9"
    )
    assert done.returncode == 1
    assert "touchline engine" in plain(done.stdout)


def test_a_second_serving_process_on_a_data_folder_is_refused(tmp_path):
    from journeys.processes import addresses_of
    from journeys.processes import touchline as running

    with running("up", "--data", "data", log=tmp_path / "first.log") as process:
        addresses_of(process)
        second = touchline("up", "--data", "data", cwd=tmp_path)
    assert second.returncode == 2
    assert "in use" in second.stderr
    assert Path("data").name in second.stderr
