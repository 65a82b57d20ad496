"""The page about detectors: its table names every layout, and its description is one that can be read."""

import json
import re
from pathlib import Path

from engine.stages import networks
from touchline.engine.stages.detect import LAYOUTS, model_card
from touchline.foundation.settings import Settings

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "detectors.md").read_text(encoding="utf-8")


def test_the_table_names_every_layout():
    assert set(re.findall(r"^\| `([a-z0-9-]+)` \|", PAGE, re.MULTILINE)) == set(LAYOUTS)


def test_the_description_on_the_page_can_be_read(tmp_path):
    text = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)[1]
    made = networks.yolov8(tmp_path / "mine.onnx", count=4, classes=(1, 0))
    (tmp_path / "mine.json").write_text(text, encoding="utf-8")
    card = model_card(made)
    told = json.loads(text)
    assert card.licence == told["licence"]
    assert card.model.person_threshold == told["operating_points"]["person"]
    assert card.reading.classes.person == tuple(told["classes"]["person"])
    assert card.reading.form.mean == tuple(told["input"]["mean"])


def test_the_variables_on_the_page_exist():
    known = {field.alias for field in Settings.model_fields.values()}
    assert set(re.findall(r"TOUCHLINE_[A-Z_]+", PAGE)) <= known
