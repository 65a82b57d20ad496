"""What was gathered as a draft: the text that is true without a model, and the context that a model may reword. Pure."""

from dataclasses import dataclass

from touchline.features.assistant import analytics
from touchline.features.assistant.facts import matches_text, players_text, teams_text
from touchline.features.assistant.intents import Intent
from touchline.features.assistant.memory import consistency_text, earlier_text, memory_text
from touchline.features.assistant.prompt import Section
from touchline.features.assistant.retrieval import Gathered


@dataclass(frozen=True)
class Draft:
    """text: for a reader, Markdown; empty when nothing was found.

    sections: for a model.
    is_final: no model may touch it.
    is_free_talk: a question at large, to which the text is no answer.
    """

    text: str
    sections: tuple[Section, ...] = ()
    is_final: bool = False
    is_free_talk: bool = False


def draft(gathered: Gathered) -> Draft:
    """The draft for what was gathered in time."""
    if gathered.route is not None and gathered.route.analysis is not None:
        return _analytical(gathered)
    text, title = _found(gathered)
    is_free_talk = (
        gathered.route is not None and gathered.route.intent is Intent.GENERAL_QUESTION and not gathered.concepts
    )
    return Draft(text, (Section(title, text),) if text else (), is_free_talk=is_free_talk)


def _analytical(gathered: Gathered) -> Draft:
    result = gathered.result
    if result is None:
        return Draft(analytics.FAILED, is_final=True)
    if not result.findings:
        return Draft(result.text, is_final=True)
    consistency = consistency_text(result.analysis, gathered.recalled)
    for_reader = (result.text, earlier_text(gathered.recalled), consistency)
    return Draft(
        "\n\n".join(part for part in for_reader if part),
        (
            Section("TACTICAL_MEMORY", memory_text(gathered.recalled)),
            Section("CONSISTENCY_SCORE", consistency),
            Section("ANALYTICAL_STATS", result.text),
        ),
    )


def _found(gathered: Gathered) -> tuple[str, str]:
    if gathered.players:
        return players_text(gathered.players, gathered.appearances), "PLAYER_STATS"
    if gathered.played:
        return matches_text(gathered.played), "MATCH_INFO"
    if gathered.concepts:
        return "\n\n".join(gathered.concepts), "TACTICAL_KNOWLEDGE"
    return teams_text(gathered.teams), "TEAM_STATISTICS"
