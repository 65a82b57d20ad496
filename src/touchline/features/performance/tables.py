"""Rows of player and team statistics; every figure may be null: nobody measured it."""

from sqlalchemy import Column, ForeignKey, Index, Integer, Numeric, SmallInteger, Table, Text, UniqueConstraint

from touchline.foundation.db import Id, Json, metadata


def _decimal(digits: int, places: int) -> Numeric[float]:
    """Kept exactly as typed; read as a float, which the wire takes anyway and SQLite has nothing better than."""
    return Numeric(digits, places, asdecimal=False)


player_match_statistics = Table(
    "player_match_statistics",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", Id(), ForeignKey("matches.id", ondelete="CASCADE"), nullable=False),
    Column("player_id", Id(), ForeignKey("players.id", ondelete="CASCADE"), nullable=False),
    Column("minutes_played", SmallInteger),
    Column("shots", SmallInteger),
    Column("shots_on_target", SmallInteger),
    Column("passes", SmallInteger),
    Column("accurate_passes", SmallInteger),
    Column("tackles", SmallInteger),
    Column("interceptions", SmallInteger),
    Column("clearances", SmallInteger),
    Column("saves", SmallInteger),
    Column("fouls_committed", SmallInteger),
    Column("fouls_suffered", SmallInteger),
    Column("offsides", SmallInteger),
    Column("distance_covered_km", _decimal(5, 2)),
    Column("sprint_count", Integer),
    Column("sprint_distance_m", _decimal(7, 2)),
    Column("avg_speed_kmh", _decimal(4, 2)),
    Column("max_speed_kmh", _decimal(4, 2)),
    Column("player_xg", _decimal(5, 2)),
    Column("key_passes", Integer),
    Column("progressive_carries", Integer),
    Column("press_resistance_success_rate", _decimal(5, 2)),
    Column("defensive_coverage_km", _decimal(5, 2)),
    Column("notes", Text),
    Column("rating", _decimal(3, 1)),
    UniqueConstraint("match_id", "player_id"),  # also the index that match_id needs
    Index("ix_player_match_statistics_player_id", "player_id"),
)

match_team_statistics = Table(
    "match_team_statistics",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", Id(), ForeignKey("matches.id", ondelete="CASCADE"), nullable=False),
    Column("team_id", Id(), ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("possession_percentage", _decimal(5, 2)),
    Column("total_shots", Integer),
    Column("shots_on_target", Integer),
    Column("pressures", Integer),
    Column("final_third_passes", Integer),
    Column("expected_goals", _decimal(5, 2)),
    Column("pass_network_data", Json()),
    Column("zone_analysis_data", Json()),
    Column("tactical_weakness_data", Json()),
    Column("high_turnover_zones_data", Json()),
    Column("set_piece_xg_breakdown_data", Json()),
    Column("transition_speed_data", Json()),
    Column("build_up_patterns", Json()),
    Column("defensive_block_patterns", Json()),
    UniqueConstraint("match_id", "team_id"),  # also the index that match_id needs
    Index("ix_match_team_statistics_team_id", "team_id"),
)
