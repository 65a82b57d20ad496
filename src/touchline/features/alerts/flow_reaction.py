"""Tells the flow of the game after every third new window of a run: once, whatever is repeated, and from rows alone.

How many windows a run has is the buffer: it survives restarts, and another attempt that repeats windows adds none.
"""

from collections.abc import Mapping
from typing import Any

from touchline.features.alerts import flow, flow_queries
from touchline.features.alerts.flow_message import FlowStory, Warned, flow_message
from touchline.features.analysis.events import match_channel, run_channel
from touchline.features.analysis.rooms_above import RunRef
from touchline.football.vocabulary import Language, Side
from touchline.foundation.db import Connection
from touchline.foundation.events import Event, fact
from touchline.foundation.logs import get_logger

log = get_logger(__name__)

_TARGETS = {"Team A": Side.A, "Team B": Side.B}


async def flow_told(db: Connection, run: RunRef) -> list[Event]:
    """What listeners of a run and of its match hear after a new window; nothing but after every third."""
    count = await flow_queries.count_windows(db, run.id)
    if count == 0 or count % flow.WINDOWS:
        return []
    story = await _story(db, run)
    if story is None:
        return []
    try:
        message = flow_message(story)
    except Exception:  # an engine's odd numbers never cost the window that they came with
        log.warning("flow.not_told", run_id=run.id, windows=count, exc_info=True)
        return []
    await _keep(db, run, message)
    key = f"flow:{run.id}:{message['segment_range'][1]}"
    return [
        fact(channel, "flow_analysis", message, key=key)
        for channel in (run_channel(run.id), match_channel(run.match_id))
    ]


async def latest_flow(db: Connection, run: RunRef) -> Mapping[str, Any] | None:
    """The latest message that an alert of the run carries."""
    newest = await flow_queries.newest_alert(db, run.id)
    found = None if newest is None else newest["context"].get("flow_analysis")
    return found if isinstance(found, Mapping) else None


async def _keep(db: Connection, run: RunRef, message: Mapping[str, Any]) -> None:
    """The run's newest alert carries the message, so that a list that is read again shows the flow, too."""
    newest = await flow_queries.newest_alert(db, run.id)
    if newest is not None:
        await flow_queries.keep_with(db, newest["id"], {**newest["context"], "flow_analysis": message})


async def _story(db: Connection, run: RunRef) -> FlowStory | None:
    teams = await flow_queries.run_teams(db, run.id)
    if teams is None:
        return None
    options = teams["options"] or {}
    return FlowStory(
        run_id=run.id,
        match_id=run.match_id,
        language=options.get("language") or Language.EN.value,
        focus=_focus(teams, options),
        windows=[
            flow.Window(
                row["segment_index"],
                row["end_sec"] - row["start_sec"],
                flow.ahead_of(row["terms"], possession_a=row["possession_a"]),
            )
            for row in await flow_queries.windows(db, run.id)
        ],
        analyses=await flow_queries.last_analyses(db, run.id, flow.WINDOWS),
        warned=_warned(await flow_queries.most_severe_open_alert(db, run.id)),
    )


def _focus(teams: Mapping[Any, Any], options: Mapping[str, Any]) -> Side | None:
    """The coach's team: the one that the run looks at, else the uploader's where it is known which one plays as his."""
    target = _TARGETS.get(str(options.get("target_team")))
    if target is not None or teams["team_id"] is None:
        return target
    return {teams["team_a_id"]: Side.A, teams["team_b_id"]: Side.B}.get(teams["team_id"])


def _warned(alert: Mapping[Any, Any] | None) -> Warned | None:
    if alert is None:
        return None
    context = alert["context"] or {}
    headline, team = context.get("headline"), context.get("focus_team")
    return Warned(
        headline=headline if isinstance(headline, str) and headline.strip() else alert["decision_type"],
        label=alert["severity_label"],
        team=Side(team) if team in ("A", "B") else None,
    )
