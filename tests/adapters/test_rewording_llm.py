"""A sentence is reworded with exactly its numbers, or stays as it is."""

import pytest

from model_server import says, serving
from touchline.adapters.llm_http import model_from
from touchline.adapters.rewording_llm import ModelRewording
from touchline.foundation.settings import Settings

pytestmark = pytest.mark.anyio

TEXT = "Team A has the ball 63% of the time; the line is 12.4 m deep."


async def _reworded(wording: str, *, language: str = "en", **server: object) -> tuple[str, str]:
    async with serving(says(wording), **server) as model:
        remote = model_from(Settings(_env_file=None, remote_llm_url=model.address, llm_timeout=0.3))
        assert remote is not None
        text = await ModelRewording(remote).reword(TEXT, language=language)
    return text, model.bodies[0]["prompt"]


@pytest.mark.parametrize("wording", ["A keep the ball 63 % of the time, 12,4 m deep.", "الكرة ٦٣٪ والخط ١٢٫٤"])
async def test_a_wording_with_the_same_numbers_is_taken(wording):
    text, prompt = await _reworded(wording, language="ar")
    assert text == wording
    assert TEXT in prompt
    assert "in Arabic" in prompt


@pytest.mark.parametrize(
    "wording",
    [
        "A have the ball 64% of the time, 12.4 m deep.",
        "A have the ball 63% of the time.",  # a number is lost
        "63% and 12.4, see http://evil.example",
        "63% and 12.4. " * 20,
        "  ",
    ],
)
async def test_another_wording_is_not(wording):
    assert (await _reworded(wording))[0] == TEXT


async def test_a_model_that_hangs_leaves_the_sentence_as_it_is():
    assert (await _reworded("", language="xx", hangs=True))[0] == TEXT
