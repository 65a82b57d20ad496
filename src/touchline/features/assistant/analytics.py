"""The analyses, computed from rows: rankings of players and formations, and their text. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import groupby

from touchline.features.assistant.intents import Analysis, AnalysisKind
from touchline.features.assistant.markdown import bold

HALF = 5
"""Matches on each side of a trend: the last five against the five before."""

_MOST_PLAYERS = 5
_MOST_FORMATIONS = 3


@dataclass(frozen=True)
class Figure:
    """One measured value of a player in one match."""

    player_id: str
    name: str
    day: date
    value: Fraction


@dataclass(frozen=True)
class FormationFigure:
    """A formation's pressures, summed over the matches of a team in which its starters used it."""

    formation_id: str
    name: str
    pressures: int
    matches: int
    first_day: date
    last_day: date


@dataclass(frozen=True)
class Finding:
    """One row of a result. points: how many matches it rests on; days: the first and the last of them."""

    subject_id: str
    name: str
    value: Fraction
    points: int
    days: tuple[date, date]


@dataclass(frozen=True)
class Result:
    """Findings, best first, at most as many as the analysis shows; none: there are not enough rows."""

    analysis: Analysis
    findings: tuple[Finding, ...]

    @property
    def text(self) -> str:
        """The result as Markdown; without findings the sentence that says why."""
        if not self.findings:
            return _NOTHING[self.analysis.kind]
        lines = [_line(self.analysis.kind, finding) for finding in self.findings]
        return "\n".join([f"## ANALYTICAL_RESULT: {_title(self.analysis)}", *lines])


FAILED = "The figures could not be computed in time; please ask again."

_NOTHING: Mapping[AnalysisKind, str] = {
    AnalysisKind.TOP_IMPROVERS: (
        "No improving player was found: a trend needs 10 matches with measured sprints of a player, and more sprints in"
        " the last 5 of them than in the 5 before."
    ),
    AnalysisKind.HIGHEST_AVERAGE_RATING: "No player has a rating yet, so there is nothing to rank.",
    AnalysisKind.BEST_PRESSING_FORMATION: (
        "No formation can be judged yet: that needs matches with a line-up that names the formation and with the team's"
        " pressures."
    ),
}


def improvers(analysis: Analysis, figures: Iterable[Figure]) -> Result:
    """Mean of the last five matches minus mean of the five before, where it is positive.

    Args:
        analysis: what was asked.
        figures: sprint counts, grouped by player, newest first.
    """
    findings = []
    for rows in _by_player(figures):
        last, before = rows[:HALF], rows[HALF : 2 * HALF]
        if len(before) == HALF:
            rise = _mean(last) - _mean(before)
            if rise > 0:
                findings.append(_finding(rows[: 2 * HALF], rise))
    return Result(analysis, _best(findings, _MOST_PLAYERS))


def ratings(analysis: Analysis, figures: Iterable[Figure]) -> Result:
    """Mean rating of each player's last matches that have one.

    Args:
        analysis: says how many matches.
        figures: ratings, grouped by player, newest first.
    """
    used = [rows[: analysis.matches] for rows in _by_player(figures)]
    return Result(analysis, _best([_finding(rows, _mean(rows)) for rows in used], _MOST_PLAYERS))


def formations(analysis: Analysis, figures: Iterable[FormationFigure]) -> Result:
    """Mean pressures of the matches in which a formation was used."""
    findings = [
        Finding(
            subject_id=figure.formation_id,
            name=figure.name,
            value=Fraction(figure.pressures, figure.matches),
            points=figure.matches,
            days=(figure.first_day, figure.last_day),
        )
        for figure in figures
    ]
    return Result(analysis, _best(findings, _MOST_FORMATIONS))


def _by_player(figures: Iterable[Figure]) -> list[Sequence[Figure]]:
    return [list(rows) for _, rows in groupby(figures, key=lambda figure: figure.player_id)]


def _mean(rows: Sequence[Figure]) -> Fraction:
    return sum((row.value for row in rows), Fraction()) / len(rows)


def _finding(rows: Sequence[Figure], value: Fraction) -> Finding:
    days = [row.day for row in rows]
    return Finding(rows[0].player_id, rows[0].name, value, points=len(rows), days=(min(days), max(days)))


def _best(findings: Iterable[Finding], most: int) -> tuple[Finding, ...]:
    order = sorted(findings, key=lambda finding: (-finding.value, finding.name.casefold(), finding.subject_id))
    return tuple(order[:most])


def _title(analysis: Analysis) -> str:
    if analysis.kind is AnalysisKind.TOP_IMPROVERS:
        return "Top improvers, sprints per match (last 5 matches against the 5 before)"
    if analysis.kind is AnalysisKind.BEST_PRESSING_FORMATION:
        return "Best pressing formations, pressures per match (all matches)"
    window = "LAST MATCH" if analysis.matches == 1 else f"last {analysis.matches} matches"
    return f"Highest average rating ({window})"


def _line(kind: AnalysisKind, finding: Finding) -> str:
    over = "1 match" if finding.points == 1 else f"{finding.points} matches"
    if kind is AnalysisKind.TOP_IMPROVERS:
        return f"- {bold(finding.name)}: {float(finding.value):+.2f} over {over}"
    decimals = 1 if kind is AnalysisKind.BEST_PRESSING_FORMATION else 2
    return f"- {bold(finding.name)}: {float(finding.value):.{decimals}f} over {over}"
