"""A reworded text may not bring numbers of its own."""

import pytest

from touchline.football.numerals import invented

FACTS = (
    "**Kappa** (number 9): rating 7.40, minutes 90, xg 0.35, 63% of duels, trend +1.20, change -0.50, 1,234 passes\n"
    "2026-05-02: **Rovers** 2-1 **United**, 4-3-3"
)


@pytest.mark.parametrize(
    "text",
    [
        "Kappa played well.",
        "Kappa (9) has 7.4 over 90 minutes.",
        "Sa note est 7,4 en 90 minutes.",
        "التقييم ٧٫٤ في ٩٠ دقيقة",
        "He won 63 % of his duels, 63% in all; 63 percent.",
        "٦٣٪",
        "The trend is +1.20, or 1.2.",
        "It changed by −0.50.",
        "A change of 0.5.",
        "1234 passes, 1,234 or 1.234",
        "2–1 on 2026-05-02 in a 4-3-3",
        "1. **Kappa** 7.4\n2. nobody else\n3) nor he",
        "９０ minutes",
        "",
    ],
)
def test_a_text_that_keeps_to_the_numbers_passes(text):
    assert invented(text, FACTS) == []


@pytest.mark.parametrize(
    "text",
    [
        "7.5",
        "7.45",
        "740",
        "4-4-2",
        "3-4-3",  # the same digits in another order are another formation
        "1-2",
        "2026-05-03",
        "in 2026",  # a part of a date is not a number
        "63",  # not without its per cent
        "90%",
        "-1.20",
        "+0.50",
        "٨",
        "scored eleven goals",
        "twice",
        "½",
        "x²",
        "5. **Kappa**",
        "1. a\n5. b",
        "U19",
        "9,1",
        "0",
        "1e9",
    ],
)
def test_a_number_that_is_not_in_the_facts_is_found(text):
    assert invented(text, FACTS)


def test_words_for_numbers_count_as_numbers():
    assert invented("nine shirts and ninety minutes", FACTS) == []
    assert invented("one of them", FACTS) == []


def test_long_texts_take_no_long_time():
    facts = " ".join(f"{number}.5" for number in range(700))
    assert invented("-".join("1,234" for _ in range(2000)) + " 7" * 4000, facts)
