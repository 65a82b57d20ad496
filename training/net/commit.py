"""Which commit of the project is at work."""

import subprocess


def commit() -> str:
    """The commit's name, with a plus where files were changed after it; "unknown" outside a checkout."""
    found = subprocess.run(["git", "rev-parse", "HEAD"], capture_output=True, text=True, check=False)  # noqa: S607
    if found.returncode:
        return "unknown"
    changed = subprocess.run(["git", "diff", "--quiet", "HEAD"], capture_output=True, check=False)  # noqa: S607
    return found.stdout.strip() + ("+" if changed.returncode else "")
