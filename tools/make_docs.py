"""Write the pages that are made from the code: configuration, commands, policy and .env.example.

`--check` changes nothing and fails when a page is stale.
"""

import sys
from pathlib import Path
from typing import Any

import typer
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from touchline.foundation.settings import GIB, MIB, Settings

ROOT = Path(__file__).resolve().parent.parent


def pages() -> dict[Path, str]:
    """Every generated page and its text."""
    return {
        ROOT / ".env.example": env_example(),
        ROOT / "docs/configuration.md": configuration(),
        ROOT / "docs/commands.md": commands(),
        ROOT / "docs/permissions.md": permissions(),
    }


def env_example() -> str:
    lines = ["# Every setting with its default; copy to .env and uncomment what you change.", ""]
    for name, field in _fields():
        lines += [f"# {field.description}", f"# {name}={_default_text(field)}", ""]
    return "\n".join(lines)


def configuration() -> str:
    lines = [
        "# Configuration",
        "",
        "Made from the settings by `make docs`. Values come from the environment or from a file `.env` in the working",
        "folder; an empty value means unset. Nothing needs to be set for a start on one machine.",
        "",
        "| Variable | Default | Use |",
        "|---|---|---|",
    ]
    lines += [
        f"| `{name}` | {_default_text(field, pretty=True) or 'unset'} | {field.description} |"
        for name, field in _fields()
    ]
    return "\n".join(lines) + "\n"


def commands() -> str:
    """Every command with its options, from the command line's own description."""
    from touchline.cli.main import app

    root = typer.main.get_command(app)
    lines = [
        "# Commands",
        "",
        "Made from the command line by `make docs`. `touchline COMMAND --help` says the same.",
        "",
    ]
    for path, command in _leaves(root, "touchline"):
        lines += [f"## `{path}`", "", (command.help or "").split("\n\f")[0].strip(), ""]
        rows = [_parameter_row(parameter) for parameter in command.params if getattr(parameter, "name", "") != "help"]
        if rows:
            lines += ["| Argument or option | Meaning |", "|---|---|", *rows, ""]
    return "\n".join(lines).rstrip() + "\n"


def permissions() -> str:
    """The policy table as a page."""
    from touchline.features.identity.policy import POLICY

    lines = [
        "# Permissions",
        "",
        "Made from the policy table by `make docs`. A route without an entry stops start-up; a row of another club is 404.",
        "",
        "| Method | Path | Needs | Scope |",
        "|---|---|---|---|",
    ]
    lines += [
        f"| {rule.method} | `{rule.path}` | {rule.requirement.name} | {rule.scope} |"
        for rule in sorted(POLICY, key=lambda rule: (rule.path, rule.method))
    ]
    return "\n".join(lines) + "\n"


def _fields() -> list[tuple[str, FieldInfo]]:
    return [((field.alias or name).upper(), field) for name, field in Settings.model_fields.items()]


def _default_text(field: FieldInfo, *, pretty: bool = False) -> str:
    value: Any = field.default
    if value is None or value is PydanticUndefined or value == "":
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    if pretty and isinstance(value, int) and value >= MIB and value % MIB == 0:
        return f"{value // GIB} GiB" if value % GIB == 0 else f"{value // MIB} MiB"
    return str(value)


def _leaves(command: Any, path: str) -> list[tuple[str, Any]]:
    children = getattr(command, "commands", None)
    if children is None:
        return [(path, command)]
    return [leaf for name, child in children.items() for leaf in _leaves(child, f"{path} {name}")]


def _parameter_row(parameter: Any) -> str:
    names = (
        ", ".join(f"`{option}`" for option in parameter.opts if option.startswith("-")) or f"`{parameter.name.upper()}`"
    )
    return f"| {names} | {(getattr(parameter, 'help', None) or '').replace('|', '/')} |"


def main() -> int:
    stale = [path for path, text in pages().items() if not path.exists() or path.read_text(encoding="utf-8") != text]
    if "--check" in sys.argv[1:]:
        for path in stale:
            print(f"{path.relative_to(ROOT)} is stale; run make docs")
        return bool(stale)
    for path, text in pages().items():
        path.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
