"""Gathers what a question needs from the club's rows, piece by piece, so that what is there at the deadline counts."""

from dataclasses import dataclass, field
from datetime import datetime

from touchline.features.assistant import analytics, memory, memory_queries, queries
from touchline.features.assistant.analytics import Result
from touchline.features.assistant.concepts import definitions
from touchline.features.assistant.facts import Appearance, Colours, Played
from touchline.features.assistant.intents import Analysis, AnalysisKind, Intent, Route
from touchline.features.assistant.memory import Remembered
from touchline.features.assistant.modes import Mode
from touchline.features.assistant.router import route
from touchline.features.assistant.squad import Named, SquadPlayer, asked_players, named_players
from touchline.features.identity import Principal
from touchline.foundation.db import Connection


@dataclass
class Gathered:
    """What has been read so far; `appearances` and `result` stay None until they are."""

    mode: Mode | None = None
    route: Route | None = None
    players: list[SquadPlayer] = field(default_factory=list)
    appearances: list[Appearance] | None = None
    played: list[Played] = field(default_factory=list)
    teams: list[Colours] = field(default_factory=list)
    concepts: list[str] = field(default_factory=list)
    recalled: list[Remembered] = field(default_factory=list)
    result: Result | None = None


async def gather(db: Connection, by: Principal, question: str, *, now: datetime, into: Gathered) -> None:
    """Read what answers a question; only rows of the caller's teams."""
    into.mode = Mode.ASSISTANT
    if by.organisation_id is not None:
        into.mode = await memory_queries.mode_of(db, by.organisation_id)
    if into.mode is Mode.ANALYSIS:
        return
    into.route = route(question)
    if into.route.analysis is not None:
        await _analyse(db, by, question, into.route.analysis, now=now, into=into)
    elif into.route.intent is Intent.PLAYER_STATS:
        into.players = asked_players(question, await queries.squad(db, by))
    elif into.route.intent is Intent.MATCH_STATS:
        into.played = await queries.last_completed(db, by)
    elif into.route.intent is Intent.TEAM_STATISTICS:
        into.teams = await queries.own_teams(db, by)
    elif into.route.intent is Intent.TACTICAL_QUESTION:
        into.concepts = definitions(question)
    else:
        await _general(db, by, question, into=into)
    if into.players:
        ids = [player.id for player in into.players]
        into.appearances = await queries.last_appearances(db, by, ids)


async def _general(db: Connection, by: Principal, question: str, *, into: Gathered) -> None:
    """A name of the squad makes it a question about that player; a concept is explained; else it is about the teams."""
    squad = await queries.squad(db, by)
    if named_players(question, squad):
        into.route = Route(Intent.PLAYER_STATS)
        into.players = asked_players(question, squad)
        return
    into.concepts = definitions(question)
    if not into.concepts:
        into.teams = await queries.own_teams(db, by)


async def _analyse(
    db: Connection, by: Principal, question: str, analysis: Analysis, *, now: datetime, into: Gathered
) -> None:
    if analysis.kind is AnalysisKind.BEST_PRESSING_FORMATION:
        named = Named(question)
        subjects = [id_ for id_, name in await queries.visible_formations(db, by) if named.has(name)]
    else:
        subjects = [player.id for player in named_players(question, await queries.squad(db, by))]
    since = now - memory.FORGOTTEN_AFTER
    into.recalled = await memory_queries.recall(db, by.user_id, subjects, memory.metric(analysis), since=since)
    into.result = await _result(db, by, analysis)


async def _result(db: Connection, by: Principal, analysis: Analysis) -> Result:
    if analysis.kind is AnalysisKind.TOP_IMPROVERS:
        return analytics.improvers(analysis, await queries.sprint_counts(db, by, most=2 * analytics.HALF))
    if analysis.kind is AnalysisKind.HIGHEST_AVERAGE_RATING:
        return analytics.ratings(analysis, await queries.ratings(db, by, most=analysis.matches))
    return analytics.formations(analysis, await queries.formation_pressures(db, by))
