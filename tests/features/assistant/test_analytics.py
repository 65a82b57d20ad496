"""Rankings that are computed from rows, and what is remembered of them."""

import hashlib
import json
from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from factories import an_owner
from touchline.features.assistant.tables import tactical_insights
from touchline.features.club.tables import formations
from touchline.foundation.ids import new_id

pytestmark = pytest.mark.anyio

IMPROVING = "Who are the top improving players?"
RATING = "highest average rating last 5"


async def _insights(house) -> list:
    async with house.database.begin() as db:
        return list(await db.execute(select(tactical_insights).order_by(tactical_insights.c.created_at)))


async def test_improvers_are_ranked_by_the_rise_of_their_sprints(desk):
    owner = await an_owner(desk.house)
    played = await desk.matches(owner, 11)
    sprints = {
        "Slight": [99, 10, 10, 10, 10, 10, 11, 10, 10, 10, 10],  # the oldest is the eleventh and does not count
        "Steep": [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
        "Equal B": [0, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5],
        "Equal a": [0, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5],
        "Falling": [9, 9, 9, 9, 9, 9, 1, 1, 1, 1, 1],
        "Flat": [7] * 11,
        "Unmeasured": [1, 1, 1, 1, 1, 9, 9, 9, 9, None, None],  # nine measured matches
    }
    for name, counts in sprints.items():
        await desk.figures(await desk.player(owner.team_id, name), played, sprint_count=counts)
    answer = await desk.ask(owner, IMPROVING)
    assert answer["status"] == "ok"
    head, *lines = answer["answer"].splitlines()
    assert head.startswith("## ANALYTICAL_RESULT: ")
    assert lines == [
        "- **Steep**: +5.00 over 10 matches",
        "- **Equal a**: +1.00 over 10 matches",
        "- **Equal B**: +1.00 over 10 matches",
        "- **Slight**: +0.20 over 10 matches",
    ]


async def test_ratings_are_averaged_over_the_matches_that_have_one(desk):
    owner = await an_owner(desk.house)
    played = await desk.matches(owner, 7)
    ratings = {
        "Long": [1, 1, 7, 7.5, 8, 6.5, 7],
        "Gaps": [9, None, 9, None, 8.1, None, 8],
        "Once": [None, None, None, None, None, None, 9.9],
        "Never": [None] * 7,
    }
    for name, values in ratings.items():
        await desk.figures(await desk.player(owner.team_id, name), played, rating=values)
    for name in ("E", "F", "G"):
        await desk.figures(await desk.player(owner.team_id, name), played[:1], rating=[2])
    assert (await desk.ask(owner, RATING))["answer"].splitlines() == [
        "## ANALYTICAL_RESULT: Highest average rating (last 5 matches)",
        "- **Once**: 9.90 over 1 match",
        "- **Gaps**: 8.53 over 4 matches",  # (9 + 9 + 8.1 + 8) / 4 = 8.525
        "- **Long**: 7.20 over 5 matches",
        "- **E**: 2.00 over 1 match",
        "- **F**: 2.00 over 1 match",
    ]
    last = (await desk.ask(owner, "best rated player in the last match"))["answer"].splitlines()
    assert last[:4] == [
        "## ANALYTICAL_RESULT: Highest average rating (LAST MATCH)",
        "- **Once**: 9.90 over 1 match",
        "- **Gaps**: 8.00 over 1 match",
        "- **Long**: 7.00 over 1 match",
    ]


async def test_formations_are_ranked_by_the_pressures_of_the_matches_they_started(desk):
    owner = await an_owner(desk.house)
    played = await desk.matches(owner, 6)
    eleven = [await desk.player(owner.team_id, f"Player {number}") for number in range(3)]
    async with desk.house.database.begin() as db:
        known = {row.name: row.id for row in await db.execute(select(formations).where(formations.c.user_id.is_(None)))}
        own = new_id()
        await db.execute(
            insert(formations).values(
                id=own, name="Our Diamond", user_id=owner.user_id, created_at=desk.house.clock.now()
            )
        )
    use = [("4-3-3", 120), ("4-3-3", 121), ("3-5-2", 90), ("5-4-1", 60), ("4-4-2", None)]
    for (name, pressures), match_id in zip(use, played, strict=False):
        await desk.formation_used(known[name], match_id, owner.team_id, eleven, pressures=pressures)
    await desk.formation_used(own, played[5], owner.team_id, eleven, pressures=100)
    assert (await desk.ask(owner, "best pressing formation"))["answer"].splitlines() == [
        "## ANALYTICAL_RESULT: Best pressing formations, pressures per match (all matches)",
        "- **4-3-3**: 120.5 over 2 matches",
        "- **Our Diamond**: 100.0 over 1 match",
        "- **3-5-2**: 90.0 over 1 match",
    ]
    kept = {row.subject_id: row for row in await _insights(desk.house)}
    row = kept[known["4-3-3"]]
    assert (row.insight_type, row.subject_type, row.metric_name) == (
        "formation_analysis",
        "formation",
        "average_pressures",
    )
    assert (row.metric_value, row.window_definition, row.data_points_count) == (120.5, "all_time_average", 2)
    assert row.match_range == "2026-03-01 to 2026-03-08"
    desk.house.clock.forward(hours=1)
    again = (await desk.ask(owner, "is 4-3-3 the best pressing formation?"))["answer"]
    assert "Earlier results:\n\n- 2026-05-02: +120.50" in again


@pytest.mark.parametrize(
    ("question", "words"),
    [(IMPROVING, "10 matches"), (RATING, "No player has a rating"), ("best pressing formation", "line-up")],
)
async def test_an_empty_result_explains_itself_in_one_sentence(small_desk, question, words):
    owner = await an_owner(small_desk.house)
    answer = await small_desk.ask(owner, question)
    assert answer["status"] == "ok"
    assert words in answer["answer"]
    assert "ANALYTICAL_RESULT" not in answer["answer"]
    assert await _insights(small_desk.house) == []


async def test_an_insight_is_kept_once_with_the_hash_of_what_it_is_about(desk):
    owner, stranger = await an_owner(desk.house), await an_owner(desk.house)
    kappa = await desk.player(owner.team_id, "ST Kappa", 9)
    played = await desk.matches(owner, 3)
    await desk.figures(kappa, played, rating=[7, 8, 9.5])
    for _ in range(2):
        await desk.ask(owner, RATING)
        desk.house.clock.forward(hours=1)
    (row,) = await _insights(desk.house)
    assert (row.user_id, row.subject_id, row.insight_type) == (owner.user_id, kappa, "rating")
    assert (row.metric_name, row.window_definition, row.data_points_count) == ("average_rating", "last_3_matches", 3)
    identity = {
        "user_id": owner.user_id,
        "subject_type": "player",
        "subject_id": kappa,
        "metric_name": "average_rating",
        "window_definition": "last_3_matches",
        "match_range": "2026-03-01 to 2026-03-15",
    }
    assert row.insight_hash == hashlib.sha256(json.dumps(identity, sort_keys=True).encode()).hexdigest()
    assert row.metric_value == pytest.approx(24.5 / 3)
    await desk.ask(stranger, RATING)
    assert len(await _insights(desk.house)) == 1


async def _remember(desk, owner, subject_id, values, *, metric="sprint_intensity_trend", days_ago=1, **columns) -> None:
    rows = [
        {
            "id": new_id(),
            "user_id": owner.user_id,
            "insight_type": "trend",
            "subject_type": "player",
            "subject_id": subject_id,
            "metric_name": metric,
            "metric_value": value,
            "window_definition": f"window {place}",
            "insight_hash": new_id(),
            "created_at": desk.house.clock.now() - timedelta(days=days_ago, minutes=place),
            **columns,
        }
        for place, value in enumerate(values)
    ]
    async with desk.house.database.begin() as db:
        await db.execute(insert(tactical_insights), rows)


async def test_memory_is_recalled_for_the_subject_metric_and_person_that_are_asked(desk):
    owner, other = await an_owner(desk.house), await an_owner(desk.house)
    kappa, sigma = [await desk.player(owner.team_id, name) for name in ("ST Kappa", "Sigma")]
    played = await desk.matches(owner, 10)
    await desk.figures(kappa, played, sprint_count=list(range(10)))
    await _remember(desk, owner, kappa, [1.5, -0.25, 2])
    await _remember(desk, owner, kappa, [77], days_ago=91)
    await _remember(desk, owner, kappa, [78], metric="average_rating")
    await _remember(desk, owner, sigma, [79])
    await _remember(desk, other, kappa, [80])
    answer = (await desk.ask(owner, "is the trend of Kappa increasing?"))["answer"]
    result, *memory = answer.split("\n\n")
    assert result.endswith("\n- **ST Kappa**: +5.00 over 10 matches")
    assert memory == [
        "Earlier results:",
        "- 2026-05-01: +1.50\n- 2026-05-01: -0.25\n- 2026-05-01: +2.00",
        "Positive in 2 of 3 earlier results (67%).",
    ]


async def test_at_most_ten_insights_are_recalled_and_half_a_per_cent_goes_to_the_even(desk):
    owner = await an_owner(desk.house)
    kappa = await desk.player(owner.team_id, "ST Kappa")
    played = await desk.matches(owner, 10)
    await desk.figures(kappa, played, sprint_count=list(range(10)))
    await _remember(desk, owner, kappa, [1, -1, -1, -1, -1, -1, -1, -1], days_ago=1)
    assert "Positive in 1 of 8 earlier results (12%)." in (await desk.ask(owner, "trend of Kappa"))["answer"]
    await _remember(desk, owner, kappa, [-1] * 5, days_ago=2)
    answer = (await desk.ask(owner, "trend of Kappa"))["answer"]
    assert answer.count("\n- 2026-") == 10


async def test_a_memory_that_cannot_be_kept_does_not_fail_the_answer(desk):
    owner = await an_owner(desk.house)
    kappa = await desk.player(owner.team_id, "ST Kappa")
    await desk.figures(kappa, await desk.matches(owner, 1), rating=[8])
    async with desk.house.database.begin() as db:
        await db.exec_driver_sql("ALTER TABLE tactical_insights RENAME COLUMN insight_hash TO hidden")
    try:
        answer = await desk.ask(owner, RATING)
    finally:
        async with desk.house.database.begin() as db:
            await db.exec_driver_sql("ALTER TABLE tactical_insights RENAME COLUMN hidden TO insight_hash")
    assert answer["status"] == "ok"
    assert "**ST Kappa**: 8.00" in answer["answer"]
