"""What was found about players, matches and teams, as Markdown: the answer without a model, and a model's context.

A figure that nobody measured is told as such, never as 0.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from touchline.features.assistant.markdown import bold, plain
from touchline.features.assistant.squad import SquadPlayer

MOST_TEAMS = 20


@dataclass(frozen=True)
class Appearance:
    """A player's figures of one match; None: not measured."""

    player_id: str
    home: str
    away: str
    day: date
    minutes: int | None
    shots: int | None
    passes: int | None
    rating: Decimal | None


@dataclass(frozen=True)
class Played:
    """A match with its score."""

    home: str
    away: str
    day: date
    home_score: int
    away_score: int


@dataclass(frozen=True)
class Colours:
    """A team; colours are `#RRGGBB` or None."""

    name: str
    primary: str | None
    secondary: str | None


def players_text(players: Iterable[SquadPlayer], appearances: Sequence[Appearance] | None) -> str:
    """Each player with his last matches; `appearances` None: there was no time to read them."""
    return "\n\n".join(_player_text(player, appearances) for player in players)


def _player_text(player: SquadPlayer, appearances: Sequence[Appearance] | None) -> str:
    number = "no number" if player.jersey_number is None else f"number {player.jersey_number}"
    lines = [f"{bold(player.name)} ({number}, {plain(player.team_name)})"]
    if appearances is None:
        lines.append("- his statistics could not be read in time")
    else:
        own = [appearance for appearance in appearances if appearance.player_id == player.id]
        lines += [_appearance_text(appearance) for appearance in own] or ["- no statistics yet"]
    return "\n".join(lines)


def _appearance_text(seen: Appearance) -> str:
    rating = None if seen.rating is None else f"{seen.rating:.1f}"
    figures = {"minutes": seen.minutes, "shots": seen.shots, "passes": seen.passes, "rating": rating}
    told = ", ".join(f"{name} {'not measured' if value is None else value}" for name, value in figures.items())
    return f"- {plain(seen.home)} vs {plain(seen.away)}, {seen.day.isoformat()}: {told}"


def matches_text(played: Iterable[Played]) -> str:
    """One line for each match."""
    return "\n".join(
        f"- {match.day.isoformat()}: {bold(match.home)} {match.home_score}-{match.away_score} {bold(match.away)}"
        for match in played
    )


def teams_text(teams: Sequence[Colours]) -> str:
    """One line for each team, at most twenty."""
    lines = [
        f"- {bold(team.name)}: primary colour {team.primary or 'not set'}, secondary colour {team.secondary or 'not set'}"
        for team in teams[:MOST_TEAMS]
    ]
    if len(teams) > MOST_TEAMS:
        lines.append(f"- and {len(teams) - MOST_TEAMS} more")
    return "\n".join(lines)
