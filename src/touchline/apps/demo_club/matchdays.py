"""The match that was won, with everything that is known about it, and the next one, of which only the line-ups are."""

from collections.abc import Sequence
from datetime import timedelta

from touchline.apps.demo_club import numbers, story
from touchline.apps.demo_club.desk import Desk
from touchline.apps.demo_club.people import People
from touchline.apps.demo_club.teams import Side
from touchline.features.alerts import queries as alert_queries
from touchline.features.alerts.rules import alert_row
from touchline.features.analysis.rooms_above import RunRef
from touchline.features.identity import AppRole, Principal
from touchline.features.matches import (
    ClipService,
    LineupService,
    MatchEventService,
    MatchService,
    MatchStatus,
    NewClip,
    NewLineup,
    NewMatch,
    NewMatchEvent,
    NewReport,
    ReportService,
)
from touchline.features.performance.service import add_of_player, store_of_team
from touchline.features.planning.service import NoteService
from touchline.foundation.ids import new_id


async def write_played_match(desk: Desk, people: People, own: Side, other: Side) -> str:
    """The match that was played at home; returns its id."""
    coach = people.by_role[AppRole.COACH]
    new = NewMatch(
        home_team_id=own.team_id,
        away_team_id=other.team_id,
        date_time=desk.at(-story.PLAYED_DAYS_AGO, story.KICK_OFF),
        venue=story.VENUE,
        status=MatchStatus.COMPLETED,
        home_score=story.OWN_GOALS,
        away_score=story.OPPONENT_GOALS,
    )
    match = await desk.service(MatchService).add(desk.db, coach, new)
    await _line_up(desk, coach, match.id, own, other)
    event_ids = await _happenings(desk, coach, match.id, own, other)
    await _figures(desk, coach, match.id, own, other)
    await _notes(desk, people, match.id)
    await _report_and_clips(desk, people.by_role[AppRole.ANALYST], match.id, event_ids)
    await _alerts(desk, match.id)
    return match.id


async def write_next_match(desk: Desk, people: People, own: Side, other: Side) -> str:
    """The return match; returns its id."""
    coach = people.by_role[AppRole.COACH]
    new = NewMatch(
        home_team_id=other.team_id,
        away_team_id=own.team_id,
        date_time=desk.at(story.NEXT_IN_DAYS, story.KICK_OFF),
        venue=story.AWAY_VENUE,
    )
    match = await desk.service(MatchService).add(desk.db, coach, new)
    await _line_up(desk, coach, match.id, own, other)
    return match.id


async def _line_up(desk: Desk, coach: Principal, match_id: str, *sides: Side) -> None:
    for side in sides:
        for player_id, member in zip(side.player_ids, side.squad.members, strict=True):
            place = NewLineup(
                match_id=match_id,
                team_id=side.team_id,
                player_id=player_id,
                is_starting=True,
                formation_id=side.formation_id,
                position_in_formation=member.place,
            )
            await desk.service(LineupService).put(desk.db, coach, place)


async def _happenings(desk: Desk, coach: Principal, match_id: str, own: Side, other: Side) -> list[str]:
    event_ids = []
    for happening in story.HAPPENINGS:
        new = NewMatchEvent(
            match_id=match_id,
            event_type=happening.kind,
            minute=happening.minute,
            player_id=(own if happening.is_own else other).player(happening.number),
            video_timestamp=60.0 * happening.minute,
            coordinates=happening.coordinates,
        )
        event_ids.append((await desk.service(MatchEventService).add(desk.db, coach, new)).id)
    return event_ids


async def _figures(desk: Desk, coach: Principal, match_id: str, own: Side, other: Side) -> None:
    of_both = numbers.of_players(own.squad, other.squad)
    for side, players in zip((own, other), of_both, strict=True):
        for player_id, figures in zip(side.player_ids, players, strict=True):
            await add_of_player(desk.db, coach, match_id=match_id, player_id=player_id, figures=figures)
        of_team = numbers.of_team(side.squad, players, side.player_ids, is_home=side is own)
        await store_of_team(desk.db, coach, match_id, side.team_id, of_team)


async def _notes(desk: Desk, people: People, match_id: str) -> None:
    for remark in story.REMARKS:
        await desk.service(NoteService).add(
            desk.db,
            people.by_role[remark.author],
            match_id,
            content=remark.text,
            note_type=remark.kind,
            video_timestamp=remark.at,
        )


async def _report_and_clips(desk: Desk, analyst: Principal, match_id: str, event_ids: Sequence[str]) -> None:
    new = NewReport(match_id=match_id, report_type="post_match", report_data=story.REPORT)
    report = await desk.service(ReportService).add(desk.db, analyst, new)
    for cut in story.CUTS:
        clip = NewClip(
            match_id=match_id,
            start_time_sec=cut.start_s,
            end_time_sec=cut.end_s,
            event_id=event_ids[cut.happening],
            analysis_report_id=report.id if cut.is_of_report else None,
            description=cut.text,
        )
        await desk.service(ClipService).add(desk.db, analyst, clip)


async def _alerts(desk: Desk, match_id: str) -> None:
    """As an engine raises them, but of no run: there is no video of this match."""
    no_run = RunRef(id="", match_id=match_id, is_adhoc=False, part="whole", attempt=0, submitted_at=desk.now)
    for number, warned in enumerate(story.WARNINGS, start=1):
        # Lists follow the time of arrival, which here is that of the match.
        arrived_at = desk.now + timedelta(milliseconds=number)
        row = alert_row(warned.raised(number), no_run, row_id=new_id(), now=arrived_at)
        assert row is not None
        await alert_queries.insert_alert(desk.db, {**row, "run_id": None})
