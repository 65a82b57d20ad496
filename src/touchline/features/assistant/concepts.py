"""Definitions of tactical concepts that need no data."""

CONCEPTS = {
    "4-3-3": (
        "four defenders, three midfielders and three forwards. The wide forwards hold the width, the midfield three give"
        " cover and passing angles; without the ball it often becomes 4-5-1."
    ),
    "high press": (
        "defending close to the opponent's goal, so that he loses the ball while he builds up. It needs short distances"
        " between the lines and leaves space behind the defence."
    ),
    "low block": (
        "defending deep and compact in front of one's own penalty area. It closes the space behind the defence and"
        " between the lines, and gives up territory; the way out is the counter-attack."
    ),
    "gegenpressing": (
        "pressing at once after losing the ball, to win it back before the opponent is in order. It needs players close"
        " to the ball at the moment of the loss."
    ),
    "mid block": (
        "defending compactly in the middle third: the opponent may build up, and is pressed when he plays into midfield"
        " or to the touchline."
    ),
    "overlapping": (
        "a run round the outside of the team-mate with the ball, mostly by a full-back past his winger, to make two"
        " against one on the wing."
    ),
}


def definitions(question: str) -> list[str]:
    """`KEY: definition` for each concept that the question names."""
    text = question.lower()
    return [f"{key.upper()}: {definition}" for key, definition in CONCEPTS.items() if key in text]
