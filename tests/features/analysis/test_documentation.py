import warnings

import pytest

from features.analysis.conftest import Room


@pytest.mark.anyio
@pytest.mark.parametrize("app", ["analysis", "classic"])
async def test_the_documentation_names_every_form_field_and_no_alias(room: Room, app: str):
    with warnings.catch_warnings():
        warnings.simplefilter("error")  # FastAPI warns of two operations with one name
        document = room.apps[app].openapi()
    assert not [path for path in document["paths"] if path.startswith("/api/api/")]
    path = "/api/analyze_match" if app == "analysis" else "/api/matches/{match_id}/analyze"
    form = document["paths"][path]["post"]["requestBody"]["content"]["multipart/form-data"]["schema"]
    assert {"file", "file2", "camera_type", "part", "attacks"} <= set(form["properties"])
