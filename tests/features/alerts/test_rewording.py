"""The flow of the game in a model's words: told once, with the same numbers, and never later than it has to be."""

import asyncio
import json
from pathlib import Path

import pytest

from run_world import World, a_segment
from touchline.features.alerts.reactions import AlertReactions
from touchline.features.alerts.rewording import HELD_BACK, FlowWords, is_same
from touchline.features.analysis.recorder import Recorder
from touchline.foundation.db import Database

pytestmark = pytest.mark.anyio

PLAIN = "Over 3 windows too little was seen to tell who had the upper hand."
WORDED = "In these 3 windows we saw too little to name a side on top."


class PretendModel:
    def __init__(self, answer: str | None = WORDED, *, is_stuck: bool = False) -> None:
        self.answer = answer
        self.is_stuck = is_stuck
        self.prompts: list[str] = []

    async def reword(self, prompt: str) -> str | None:
        self.prompts.append(prompt)
        if self.is_stuck:
            await asyncio.Event().wait()
        return self.answer


@pytest.fixture
async def world(database: Database, tmp_path: Path) -> World:
    return await World(database, tmp_path / "data").populate()


async def _three_windows(world: World) -> None:
    run = await world.claim(await world.a_run())
    recorder = Recorder(world.announcer, AlertReactions(hold_flow=HELD_BACK), run)
    for number in range(3):
        await recorder.record(a_segment(number))


async def _told(world: World, work) -> list[str]:
    """What listeners of the match hear of the flow while something is done."""
    heard = []
    async with world.bus.subscribe(f"match:{world.match_id}") as facts:
        await work()
        while (event := await facts.get(0.01)) is not None:
            heard.append(event)
    return [json.loads(event.data)["analysis"] for event in heard if event.kind == "flow_analysis"]


@pytest.mark.parametrize(
    ("model", "text"),
    [
        (PretendModel(), WORDED),
        (PretendModel("In these 4 windows we saw too little."), PLAIN),
        (PretendModel("We saw too little."), PLAIN),
        (PretendModel("See [3](http://x.example)."), PLAIN),
        (PretendModel(None), PLAIN),
        (PretendModel(is_stuck=True), PLAIN),
    ],
)
async def test_a_message_waits_for_its_words_and_is_told_once(world, model, text):
    assert await _told(world, lambda: _three_windows(world)) == []
    words = FlowWords(world.announcer, model, patience_s=0.01)
    assert await _told(world, words) == [text]
    assert PLAIN in model.prompts[0]
    assert await _told(world, words) == []
    world.clock.pass_time(minutes=1)
    assert await _told(world, world.announcer.relay) == []
    assert await world.pending_facts() == 0


async def test_windows_do_not_wait(world):
    await _three_windows(world)
    assert len(await world.facts("segment", channel="match:")) == 3
    assert await world.pending_facts() == 2  # the flow, for the run and for its match


async def test_a_message_whose_worker_died_is_told_as_it_was(world):
    await _three_windows(world)
    assert await _told(world, world.announcer.relay) == []
    world.clock.pass_time(seconds=HELD_BACK.total_seconds() + 3)
    assert await _told(world, world.announcer.relay) == [PLAIN]
    assert await _told(world, FlowWords(world.announcer, PretendModel())) == []


async def test_two_workers_tell_it_once(world):
    await _three_windows(world)
    first, second = (FlowWords(world.announcer, PretendModel()) for _ in range(2))

    async def both() -> None:
        await asyncio.gather(first(), second())

    assert await _told(world, both) == [WORDED]


@pytest.mark.parametrize(
    ("reworded", "text", "same"),
    [
        ("A had 62% and B 38%.", "Team A 62% – Team B 38%.", True),
        ("A had 38%, B 62%.", "Team A 62% – Team B 38%.", False),  # the shares changed teams
        ("A had 62%.", "Team A 62% – Team B 38%.", False),
        ("A had 62% and B 39%.", "Team A 62% – Team B 38%.", False),
        ("٦٢٪ و ٣٨٪", "الفريق A ٦٢٪ – الفريق B ٣٨٪", True),
        ("62% and 38% " * 100, "Team A 62% – Team B 38%.", False),
        ("", "x", False),
    ],
)
def test_a_model_must_keep_to_the_numbers(reworded, text, same):
    assert is_same(reworded, text) is same
