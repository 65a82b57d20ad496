"""Write the OpenAPI documents of both applications as the tests expect them: tests/api/openapi/*.json.

`--check` changes nothing and fails when a document differs.
"""

import asyncio
import json
import sys
import tempfile
from pathlib import Path
from typing import Any

from touchline.apps import analysis, classic
from touchline.apps.wiring import opened, wire
from touchline.foundation.settings import Settings

FOLDER = Path(__file__).resolve().parent.parent / "tests/api/openapi"


def text_of(document: dict[str, Any]) -> str:
    """A document as it is kept; its version changes with every release and is left out."""
    kept = {**document, "info": {name: value for name, value in document["info"].items() if name != "version"}}
    return json.dumps(kept, indent=1, ensure_ascii=False) + "\n"


async def documents() -> dict[str, str]:
    """Both documents of a house that is wired with no setting but a folder."""
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, touchline_data=Path(folder))  # type: ignore[call-arg]
        async with opened(wire(settings), engine=False) as house:
            apps = {"classic": classic.create_app(house), "analysis": analysis.create_app(house)}
            return {name: text_of(app.openapi()) for name, app in apps.items()}


def main() -> None:
    stale = []
    for name, text in asyncio.run(documents()).items():
        file = FOLDER / f"{name}.json"
        if file.exists() and file.read_text(encoding="utf-8") == text:
            continue
        stale.append(file.name)
        if "--check" not in sys.argv:
            FOLDER.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
    if stale and "--check" in sys.argv:
        sys.exit(f"Differs: {', '.join(stale)}; run `make snapshots` and look at the difference.")
    print(f"Written: {', '.join(stale)}" if stale else "Nothing changed.")


if __name__ == "__main__":
    main()
