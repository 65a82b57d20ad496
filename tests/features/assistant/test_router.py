"""What a question is taken for, by the table of the contract."""

import pytest

from touchline.features.assistant.intents import Analysis, AnalysisKind, Intent, Route
from touchline.features.assistant.router import hits, normalise, route, similarity
from touchline.features.assistant.squad import Named, SquadPlayer, asked_players, named_players

IMPROVERS = Analysis(AnalysisKind.TOP_IMPROVERS)
FORMATION = Analysis(AnalysisKind.BEST_PRESSING_FORMATION)


def rating(matches: int) -> Analysis:
    return Analysis(AnalysisKind.HIGHEST_AVERAGE_RATING, matches)


@pytest.mark.parametrize(
    ("question", "intent", "analysis"),
    [
        ("Who are the top improving players?", Intent.ANALYTICAL_QUERY, IMPROVERS),
        ("best pressing formation", Intent.ANALYTICAL_QUERY, FORMATION),
        ("highest average rating last 5", Intent.ANALYTICAL_QUERY, rating(5)),
        ("best rated player in the last match", Intent.ANALYTICAL_QUERY, rating(1)),
        ("what was the result of our last match?", Intent.MATCH_STATS, None),
        ("show stats for ST Kappa", Intent.PLAYER_STATS, None),
        ("plyer number 10", Intent.PLAYER_STATS, None),
        ("what is a tacktical high press?", Intent.TACTICAL_QUESTION, None),
        ("formtion advice", Intent.TACTICAL_QUESTION, None),
        ("explain a low block", Intent.TACTICAL_QUESTION, None),
        ("who scored vs Opponent FC", Intent.MATCH_STATS, None),
        ("give me a team overview", Intent.TEAM_STATISTICS, None),
        ("please stop", Intent.GENERAL_QUESTION, None),
        ("cover him", Intent.GENERAL_QUESTION, None),
        ("hello", Intent.GENERAL_QUESTION, None),
        ("what is gegenpressing?", Intent.GENERAL_QUESTION, None),
        ("how is Kappa doing?", Intent.GENERAL_QUESTION, None),
        ("Is the TREND rising?", Intent.ANALYTICAL_QUERY, IMPROVERS),
        ("best pressure in a formation", Intent.ANALYTICAL_QUERY, FORMATION),
        ("top of the latest   match!", Intent.ANALYTICAL_QUERY, rating(1)),
        ("ما هو الضغط العالي؟", Intent.GENERAL_QUESTION, None),
        ("Quelle équipe a gagné ?", Intent.GENERAL_QUESTION, None),
        ("🙂 ??? 12345", Intent.GENERAL_QUESTION, None),
        ("", Intent.GENERAL_QUESTION, None),
        ("x " * 20 + "match", Intent.GENERAL_QUESTION, None),  # only the first twenty words count
        ("x " * 19 + "match", Intent.MATCH_STATS, None),
        ("match2 4score", Intent.GENERAL_QUESTION, None),  # only purely alphabetic ones
    ],
)
def test_a_question_is_routed_by_its_words(question, intent, analysis):
    assert route(question) == Route(intent, analysis)


def test_similarity_is_the_normalised_insert_delete_distance():
    assert similarity("plyer", "player") == pytest.approx(200 * 5 / 11)
    assert similarity("stop", "top") == pytest.approx(600 / 7)
    assert similarity("cover", "over") == pytest.approx(800 / 9)
    assert similarity("abc", "xyz") == 0
    assert similarity("press", "press") == 100


@pytest.mark.parametrize(("a", "b"), [("formtion", "formation"), ("tacktical", "tactical"), ("banana", "ananas")])
def test_the_longest_common_subsequence_agrees_with_the_textbook(a, b):
    table = [[0] * (len(b) + 1) for _ in range(len(a) + 1)]
    for i, left in enumerate(a):
        for j, right in enumerate(b):
            table[i + 1][j + 1] = table[i][j] + 1 if left == right else max(table[i][j + 1], table[i + 1][j])
    assert similarity(a, b) == pytest.approx(200 * table[-1][-1] / (len(a) + len(b)))


def test_short_words_must_be_equal_or_plural():
    assert hits("teams", "team")
    assert not hits("steam", "team")
    assert not hits("stop", "top")
    assert hits("matchs", "match")


def test_a_text_is_brought_into_one_form():
    assert normalise("  What's UP,\n“4-3-3”? ") == "what s up 4 3 3"


SQUAD = [
    SquadPlayer("1", "Al", 3, "Rovers"),
    SquadPlayer("2", "Ben Okoro", 10, "Rovers"),
    SquadPlayer("3", "ST Kappa", 9, "Rovers"),
    SquadPlayer("4", "Zoë Öztürk", None, "Rovers"),
]


@pytest.mark.parametrize(
    ("question", "ids"),
    [
        ("how is Kappa doing?", "3"),
        ("KAPPA!", "3"),
        ("stats of st kappa and ben okoro", "23"),
        ("player #10", "2"),
        ("who wears number 9?", "3"),
        ("jersey 3 and no. 10", "12"),
        ("number 109", ""),
        ("also total goals", ""),  # Al is no part of a longer word
        ("al", "1"),
        ("zoë öztürk", "4"),
        ("ZOË", ""),  # a word of three letters alone names nobody
        ("ÖZTÜRK", "4"),
        ("a player", "12"),
        ("how are they doing", "12"),
        ("nobody", ""),
    ],
)
def test_players_are_found_by_name_by_number_or_by_a_longer_word(question, ids):
    assert "".join(player.id for player in asked_players(question, SQUAD)) == ids


def test_at_most_five_players_are_shown():
    squad = [SquadPlayer(str(number), f"Kim {number}", 7, "Rovers") for number in range(9)]
    assert len(asked_players("number 7", squad)) == 5


def test_a_number_alone_names_nobody():
    assert named_players("number 10", SQUAD) == []


def test_names_without_letters_never_occur():
    assert not Named("who is ★?").has("★")
    assert Named("is 4-3-3 good?").has("4-3-3")
