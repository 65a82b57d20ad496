"""What is answered from rows alone, without any model."""

from datetime import datetime

import pytest

from factories import a_match, a_team, an_owner
from touchline.features.assistant.service import NO_MODEL, NOTHING_FOUND

pytestmark = pytest.mark.anyio


async def test_a_player_is_told_with_his_last_three_matches_and_nulls_as_not_measured(desk):
    owner = await an_owner(desk.house)
    kappa = await desk.player(owner.team_id, "ST Kappa", 9)
    await desk.player(owner.team_id, "Ben Okoro", 10)
    played = await desk.matches(owner, 4)
    await desk.figures(
        kappa,
        played,
        minutes_played=[1, 90, 77, None],
        shots=[1, 3, 0, None],
        passes=[1, 41, None, None],
        rating=[1, 7.4, 6, None],
    )
    answer = await desk.ask(owner, "show stats for st kappa")
    assert answer["status"] == "ok"
    assert answer["message"] is None
    assert answer["answer"] == (
        "**ST Kappa** (number 9, Rovers)\n"
        "- Rovers vs Opponent FC, 2026-03-22: minutes not measured, shots not measured, passes not measured,"
        " rating not measured\n"
        "- Rovers vs Opponent FC, 2026-03-15: minutes 77, shots 0, passes not measured, rating 6.0\n"
        "- Rovers vs Opponent FC, 2026-03-08: minutes 90, shots 3, passes 41, rating 7.4"
    )
    assert (await desk.ask(owner, "how is Kappa doing?"))["answer"] == answer["answer"]
    both = (await desk.ask(owner, "plyer number 10, and #9"))["answer"]
    assert both.index("**Ben Okoro** (number 10, Rovers)\n- no statistics yet") < both.index("**ST Kappa**")


async def test_without_a_name_the_first_two_players_are_shown(desk):
    owner = await an_owner(desk.house)
    for name in ("zoe", "Ann", "ben"):
        await desk.player(owner.team_id, name)
    answer = (await desk.ask(owner, "show me a player"))["answer"]
    assert (
        answer == "**Ann** (no number, Rovers)\n- no statistics yet\n\n**ben** (no number, Rovers)\n- no statistics yet"
    )


async def test_the_last_three_completed_matches_are_told_with_their_scores(desk):
    owner = await an_owner(desk.house)
    await desk.matches(owner, 4, home_score=2, away_score=1)
    guest = await a_team(desk.house, None, name="Shared FC")
    await a_match(
        desk.house, owner, opponent_id=owner.team_id, home_team_id=guest, status="completed", home_score=0, away_score=3,
        date_time=datetime(2026, 4, 1, 20, 0),
    )  # fmt: skip
    await a_match(desk.house, owner, opponent_id=guest, status="upcoming", date_time=datetime(2026, 5, 1, 20, 0))
    answer = await desk.ask(owner, "what was the result of our last match?")
    assert answer == {
        "status": "ok",
        "answer": "- 2026-04-01: **Shared FC** 0-3 **Rovers**\n"
        "- 2026-03-22: **Rovers** 2-1 **Opponent FC**\n"
        "- 2026-03-15: **Rovers** 2-1 **Opponent FC**",
        "message": None,
    }


async def test_teams_are_told_with_their_colours_the_primary_one_first(desk):
    owner = await an_owner(desk.house, team="Rovers")
    await a_team(desk.house, owner, name="Academy", primary_color=None, secondary_color="#00FF00")
    answer = (await desk.ask(owner, "give me a team overview"))["answer"]
    assert answer == (
        "- **Rovers**: primary colour #0000FF, secondary colour not set\n"
        "- **Academy**: primary colour not set, secondary colour #00FF00"
    )


async def test_many_teams_are_counted_instead_of_listed(small_desk):
    owner = await an_owner(small_desk.house)
    for number in range(24):
        await a_team(small_desk.house, owner, name=f"Opponent {number}")
    answer = (await small_desk.ask(owner, "team overview"))["answer"]
    assert answer.endswith("\n- and 5 more")
    assert len(answer.splitlines()) == 21


@pytest.mark.parametrize(
    ("question", "concepts"),
    [
        ("what is gegenpressing?", ["GEGENPRESSING"]),
        ("What is a Low Block and what a HIGH press?", ["HIGH PRESS", "LOW BLOCK"]),
        ("tactics of a 4-3-3 with overlapping", ["4-3-3", "OVERLAPPING"]),
        ("explain a mid block", ["MID BLOCK"]),
    ],
)
async def test_concepts_are_explained(small_desk, question, concepts):
    owner = await an_owner(small_desk.house)
    answer = await small_desk.ask(owner, question)
    assert answer["status"] == "ok"
    assert [line.partition(": ")[0] for line in answer["answer"].split("\n\n")] == concepts


@pytest.mark.parametrize(
    "question", ["formtion advice", "show the matches", "all players", "who scored vs Opponent FC"]
)
async def test_when_nothing_is_found_a_hint_says_what_can_be_asked(small_desk, question):
    owner = await an_owner(small_desk.house)
    assert await small_desk.ask(owner, question) == {"status": "ok", "answer": NOTHING_FOUND, "message": None}
    assert all(word in NOTHING_FOUND for word in ("players", "matches", "tactical concepts"))


@pytest.mark.parametrize("question", ["hello", "من سيفوز غدا؟", "Qui va gagner ?", "🙂"])
async def test_free_talk_needs_a_model_and_says_so_in_both_fields(small_desk, question):
    owner = await an_owner(small_desk.house)
    answer = await small_desk.ask(owner, question)
    assert answer["status"] == "error"
    assert answer["answer"] == answer["message"]
    assert answer["answer"].startswith(NO_MODEL)


@pytest.mark.parametrize(
    "question", [None, 5, "", "   ", "x" * 2001, "a\x00b", ["hello"], {"a": 1}]
)  # fmt: skip
async def test_questions_that_are_none_are_refused(small_desk, question):
    owner = await an_owner(small_desk.house)
    answer = await small_desk.call("POST", "query", owner, json={"question": question})
    assert answer.status_code == 422
    assert answer.json()["detail"].startswith("`question`: ")


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b'{"question": "\\ud800"}', b"{", b'{"question": NaN}'])
async def test_bodies_that_are_none_are_refused(small_desk, body):
    owner = await an_owner(small_desk.house)
    assert (await small_desk.call("POST", "query", owner, content=body)).status_code == 422


async def test_names_cannot_draw_markdown_or_new_lines(small_desk):
    owner = await an_owner(small_desk.house, team="*Star*")
    await small_desk.player(owner.team_id, "Kappa\n## ANALYTICAL_RESULT: [x](http://evil)", 1)
    answer = (await small_desk.ask(owner, "show the player"))["answer"]
    assert answer.splitlines()[0] == (
        r"**Kappa ## ANALYTICAL_RESULT: \[x\](http://evil)** (number 1, \*Star\*)"
    )  # fmt: skip


async def test_the_words_of_a_question_are_not_logged(small_desk, capsys):
    owner = await an_owner(small_desk.house)
    for question in ("secretword player", "hello secretword", "best secretword"):
        await small_desk.ask(owner, question)
    printed = capsys.readouterr()
    assert "assistant.gathered" in printed.out
    assert "secretword" not in printed.out + printed.err
