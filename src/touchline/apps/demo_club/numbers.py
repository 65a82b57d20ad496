"""Figures of the match that was played: drawn within usual ranges, always the same, and adding up.

Shots of the players are the shots of their team, every ball on target was saved or went in, and every foul was suffered
by somebody.
"""

from collections.abc import Mapping, Sequence
from random import Random
from typing import Any

from touchline.apps.demo_club.squads import DEF, FWD, GK, MID, Member, Squad
from touchline.apps.demo_club.story import HAPPENINGS, OPPONENT_GOALS, OWN_GOALS, Happening
from touchline.features.matches import EventType

Figures = dict[str, Any]

_COUNTS: Mapping[str, Mapping[Any, tuple[int, int]]] = {
    "passes": {GK: (20, 32), DEF: (38, 60), MID: (34, 62), FWD: (14, 30)},
    "tackles": {GK: (0, 0), DEF: (2, 5), MID: (1, 4), FWD: (0, 2)},
    "interceptions": {GK: (0, 1), DEF: (1, 4), MID: (1, 3), FWD: (0, 1)},
    "clearances": {GK: (1, 3), DEF: (2, 6), MID: (0, 2), FWD: (0, 1)},
    "fouls_committed": {GK: (0, 0), DEF: (0, 2), MID: (0, 3), FWD: (0, 2)},
    "offsides": {GK: (0, 0), DEF: (0, 0), MID: (0, 0), FWD: (0, 2)},
    "sprint_count": {GK: (2, 4), DEF: (12, 20), MID: (14, 24), FWD: (22, 34)},
    "key_passes": {GK: (0, 0), DEF: (0, 1), MID: (0, 3), FWD: (0, 2)},
    "progressive_carries": {GK: (0, 0), DEF: (1, 4), MID: (2, 6), FWD: (2, 6)},
}
_SHOTS_BESIDES_GOALS = {GK: (0, 0), DEF: (0, 1), MID: (0, 2), FWD: (1, 3)}
_MEASURES: Mapping[str, Mapping[Any, tuple[float, float]]] = {
    "distance_covered_km": {GK: (5.0, 5.8), DEF: (9.6, 10.4), MID: (10.6, 11.9), FWD: (9.4, 10.8)},
    "max_speed_kmh": {GK: (22, 26), DEF: (29, 33), MID: (29, 33), FWD: (31, 35)},
    "press_resistance_success_rate": {GK: (70, 85), DEF: (65, 85), MID: (60, 90), FWD: (50, 75)},
    "defensive_coverage_km": {GK: (0.5, 1.0), DEF: (3.5, 4.8), MID: (3.2, 5.2), FWD: (1.2, 2.4)},
}
_FULL_TIME = 90


def of_players(own: Squad, opponent: Squad) -> tuple[list[Figures], list[Figures]]:
    """What each player of both squads did, in the order of the squads."""
    draw = Random(2)
    ours = [_of_player(member, draw, is_own=True) for member in own.members]
    theirs = [_of_player(member, draw, is_own=False) for member in opponent.members]
    for players, others, conceded in ((ours, theirs, OPPONENT_GOALS), (theirs, ours, OWN_GOALS)):
        keeper, *field_players = players
        keeper["saves"] = sum(figures["shots_on_target"] for figures in others) - conceded
        for _ in range(sum(figures["fouls_committed"] for figures in others)):
            draw.choice(field_players)["fouls_suffered"] += 1
    return ours, theirs


def of_team(squad: Squad, players: Sequence[Figures], ids: Sequence[str], *, is_home: bool) -> Figures:
    """What a squad did together; ids are those of its players in its order."""
    return {
        "possession_percentage": 54.3 if is_home else 45.7,
        "total_shots": sum(figures["shots"] for figures in players),
        "shots_on_target": sum(figures["shots_on_target"] for figures in players),
        "expected_goals": round(sum(figures["player_xg"] for figures in players), 2),
        "pressures": 148 if is_home else 117,
        "final_third_passes": 96 if is_home else 71,
        "pass_network_data": _network(squad, players, ids, team="team_a" if is_home else "team_b"),
        "zone_analysis_data": {
            "left": {"attacks": 21 if is_home else 11, "shots": 5 if is_home else 2},
            "center": {"attacks": 14 if is_home else 12, "shots": 4 if is_home else 3},
            "right": {"attacks": 16 if is_home else 17, "shots": 3 if is_home else 4},
        },
        "tactical_weakness_data": {
            "exposed_defender": squad.members[4].name,
            "weak_side": "left",
            "reason": "The full-back attacks and nobody covers behind him.",
        },
        "high_turnover_zones_data": {"zone_A": 6, "zone_B": 4, "zone_C": 3} if is_home else {"zone_A": 2, "zone_B": 3},
        "set_piece_xg_breakdown_data": {
            "corners": 0.21 if is_home else 0.14,
            "direct_free_kicks": 0.06 if is_home else 0.04,
            "indirect_free_kicks": 0.09 if is_home else 0.11,
        },
        "transition_speed_data": {
            "def_to_atk_mps": 4.6 if is_home else 4.1,
            "atk_to_def_mps": 3.9 if is_home else 3.4,
        },
        "build_up_patterns": {
            "left_side_progression_percent": 42.0 if is_home else 27.0,
            "center_progression_percent": 26.0 if is_home else 31.0,
            "right_side_progression_percent": 32.0 if is_home else 42.0,
        },
        "defensive_block_patterns": {
            "out_of_possession_formation": "4-5-1" if is_home else "4-4-2",
            "defensive_line_height_m": 36.8 if is_home else 31.2,
        },
    }


def _of_player(member: Member, draw: Random, *, is_own: bool) -> Figures:
    counts = {name: draw.randint(*ranges[member.position]) for name, ranges in _COUNTS.items()}
    measures = {name: round(draw.uniform(*ranges[member.position]), 2) for name, ranges in _MEASURES.items()}
    minutes, goals = _minutes(member, is_own=is_own), _goals(member, is_own=is_own)
    shots = goals + draw.randint(*_SHOTS_BESIDES_GOALS[member.position])
    return {
        **counts,
        **measures,
        "minutes_played": minutes,
        "shots": shots,
        "shots_on_target": goals + (shots - goals) // 2,
        "accurate_passes": round(counts["passes"] * draw.uniform(0.74, 0.91)),
        "fouls_suffered": 0,
        "sprint_distance_m": round(counts["sprint_count"] * draw.uniform(16, 21), 1),
        "avg_speed_kmh": round(60 * measures["distance_covered_km"] / minutes, 2),
        "player_xg": round(0.28 * goals + 0.08 * (shots - goals), 2),
        "rating": round(draw.uniform(6.2, 7.1) + 0.9 * goals, 1),
    }


def _goals(member: Member, *, is_own: bool) -> int:
    return sum(happening.kind is EventType.GOAL for happening in _of(member, is_own=is_own))


def _of(member: Member, *, is_own: bool) -> list[Happening]:
    return [event for event in HAPPENINGS if event.number == member.number and event.is_own is is_own]


def _minutes(member: Member, *, is_own: bool) -> int:
    """Who is sent off plays no further."""
    sent_off = (event.minute for event in _of(member, is_own=is_own) if event.kind is EventType.RED_CARD)
    return next(sent_off, _FULL_TIME)


def _network(squad: Squad, players: Sequence[Figures], ids: Sequence[str], *, team: str) -> Figures:
    """Everybody passes most to those next to him in the line-up."""
    nodes = [
        {"id": player_id, "name": member.name, "team": team, "avg_x": member.x, "avg_y": member.y}
        for player_id, member in zip(ids, squad.members, strict=True)
    ]
    edges = [
        {"source": ids[place], "target": ids[place + step], "count": players[place]["accurate_passes"] // (2 * step)}
        for step in (1, 2, 3)
        for place in range(len(ids) - step)
    ]
    return {"nodes": nodes, "edges": edges}
