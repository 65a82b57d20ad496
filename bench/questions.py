"""How long the assistant takes to tell what a question is about."""

import statistics
import time
from pathlib import Path

from bench.rows import Row, at_most
from touchline.features.assistant.router import route
from touchline.features.assistant.squad import SquadPlayer, asked_players

ROUNDS = 200
QUESTIONS = {
    "a short question": "what was the result of our last match?",
    "twenty misspelt words": "plaxer formtoin tactcal presing strategi " * 4,
    "2,000 characters": "improvment and overvieww of the tacticall formtions " * 39,
}
SQUAD = [SquadPlayer(str(number), f"Player Number{number}", number % 100, "Rovers") for number in range(60)]


def measure(_: Path, *, full: bool) -> list[Row]:
    return [
        at_most("questions", f"routing {name}, squad of {len(SQUAD)}", _slowest_ms(text), 5, "ms", "p99, CPU time")
        for name, text in QUESTIONS.items()
    ]


def _slowest_ms(text: str) -> float:
    """The 99th percentile of the processor's time: nothing here waits."""
    taken = []
    for _ in range(ROUNDS):
        begin = time.thread_time()
        route(text)
        asked_players(text, SQUAD)
        taken.append((time.thread_time() - begin) * 1000)
    return statistics.quantiles(taken, n=100)[98]
