"""Three windows in words: the message about the game's flow (realtime 5), in the language of its run. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from touchline.features.alerts import flow, flow_risk
from touchline.football.texts import sentence, text
from touchline.football.vocabulary import Severity, Side

_HALVED = ("territory", "possession")
"""Terms in which one team loses what the other gains, so that A minus B moves twice as far as either."""


@dataclass(frozen=True)
class Warned:
    """An alert that is still open; team None when its packet names none."""

    headline: str
    label: str
    team: Side | None


@dataclass(frozen=True)
class FlowStory:
    """What a message is made of.

    windows: all of the run so far in order of arrival, the last three are told; analyses: `analysis_json` of those
    three; focus: the coach's team, None when unknown; warned: the most severe open alert.
    """

    run_id: str
    match_id: str
    language: str
    focus: Side | None
    windows: Sequence[flow.Window]
    analyses: Sequence[Mapping[str, Any]]
    warned: Warned | None


def flow_message(story: FlowStory) -> dict[str, Any]:
    """The message about the last three windows."""
    told, earlier = story.windows[-flow.WINDOWS :], story.windows[-2 * flow.WINDOWS : -flow.WINDOWS]
    scores = flow.scores(story.windows)
    score = flow.mean_of(scores[-flow.WINDOWS :])
    before = flow.mean_of(scores[-2 * flow.WINDOWS : -flow.WINDOWS])
    risks = flow_risk.team_risks(story.analyses)
    advice_key, advice_params = flow_risk.advice(flow_risk.worst(risks, story.focus))
    indexes = [window.index for window in told]
    return {
        "type": "flow_analysis",
        "analysis_id": story.run_id,
        "match_id": story.match_id,
        "analysis": _analysis(story, score, flow.change(told, earlier), flow_risk.worst(risks, None)),
        "momentum": _momentum(flow.momentum(score, before), flow.leader(score), story.language),
        "warning": _warning(story.warned, story.language),
        "recommendation": text(advice_key, advice_params, language=story.language),
        "confidence": round(flow.confidence(score, _quality(story.analyses)), 3),
        "segment_range": [min(indexes), max(indexes)],
    }


def _momentum(word: flow.Momentum, ahead: Side | None, language: str) -> str:
    team = None if ahead is None else f"@team.{ahead.value}"
    return text(f"flow.{word.value}", {"team": team}, language=language)


def _warning(warned: Warned | None, language: str) -> str:
    if warned is None:
        return text("flow.no_warning", language=language)
    label = warned.label if warned.label in Severity.__members__ else Severity.LOW.value
    params = {
        "headline": warned.headline.lstrip("@"),  # a word that begins so would be looked up
        "team": None if warned.team is None else f"@team.{warned.team.value}",
        "label": f"@risk.{label}",
    }
    return text("flow.warning", params, language=language)


def _analysis(
    story: FlowStory, score: flow.Mean | None, changed: flow.Change | None, risk: flow_risk.TeamRisk | None
) -> str:
    """Balance, what changed, risk; what is unknown is not mentioned."""
    parts: list[str | None] = [_balance(story, score)]
    if changed is not None:
        size = changed.size / 2 if changed.term in _HALVED else changed.size
        teams = {"team": f"@team.{changed.side.value}", "opp": f"@team.{changed.side.other.value}"}
        parts.append(sentence(f"flow.change.{changed.term}", {**teams, "change": size}, language=story.language))
    if risk is not None:
        parts.append(_risk(risk, story.language))
    return " ".join(part for part in parts if part)


def _balance(story: FlowStory, score: flow.Mean | None) -> str:
    ahead = flow.leader(score)
    hand = "unknown" if score is None else "none" if ahead is None else ahead.value
    shares = [flow.number(analysis.get("possession_team_a_pct")) for analysis in story.analyses]
    known = [share for share in shares if share is not None]
    a_pct = round(fmean(known)) if known else None
    params = {
        "pa": a_pct,
        "pb": None if a_pct is None else 100 - a_pct,
        "n": len(story.analyses),
        "hand": f"@flow.hand.{hand}",
    }
    return text("flow.balance", params, language=story.language)


def _risk(risk: flow_risk.TeamRisk, language: str) -> str:
    if risk.score < flow_risk.ADVICE_FROM:
        return text("narrative.calm", language=language)
    params = {
        "label": f"@risk.{risk.label.value}",
        "team": f"@team.{risk.side.value}",
        "component": f"@component.{risk.strongest.name}",
    }
    return text("narrative.risk", params, language=language)


def _quality(analyses: Sequence[Mapping[str, Any]]) -> float | None:
    """Mean quality of both teams' windows; None when the engine does not say."""
    known = []
    for analysis in analyses:
        quality = analysis.get("quality")
        score = quality.get("score") if isinstance(quality, Mapping) else None
        for team in ("team_a", "team_b"):
            record = score.get(team) if isinstance(score, Mapping) else None
            value = flow.number(record.get("value")) if isinstance(record, Mapping) else None
            if value is not None:
                known.append(value)
    return fmean(known) if known else None
