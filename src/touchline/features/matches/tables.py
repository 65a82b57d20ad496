"""Rows of matches, match events, lineups, clips and stored reports."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from touchline.foundation.db import Id, Instant, Json, WallClock, metadata
from touchline.foundation.db.types import Word

matches = Table(
    "matches",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("home_team_id", Id(), ForeignKey("teams.id", ondelete="RESTRICT"), nullable=False),
    Column("away_team_id", Id(), ForeignKey("teams.id", ondelete="RESTRICT"), nullable=False),
    Column("date_time", WallClock, nullable=False),
    Column("venue", String(100)),
    Column("status", Word(), nullable=False, default="upcoming"),
    Column("home_score", SmallInteger, nullable=False, default=0),
    Column("away_score", SmallInteger, nullable=False, default=0),
    Column("event_id", Id(), ForeignKey("events.id", ondelete="SET NULL")),
    Column("video_anchor_seconds", Integer),
    Index("ix_matches_home_team_id", "home_team_id", "date_time"),
    Index("ix_matches_away_team_id", "away_team_id", "date_time"),
    Index("ix_matches_event_id", "event_id"),
)

match_events = Table(
    "match_events",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", Id(), ForeignKey("matches.id", ondelete="CASCADE"), nullable=False),
    Column("player_id", Id(), ForeignKey("players.id", ondelete="RESTRICT")),
    Column("event_type", Word(), nullable=False),
    Column("minute", SmallInteger, nullable=False),
    Column("video_timestamp", Float(53)),
    Column("coordinates", String(50)),
    Index("ix_match_events_match_id", "match_id", "minute"),
    Index("ix_match_events_player_id", "player_id"),
)

match_lineups = Table(
    "match_lineups",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", Id(), ForeignKey("matches.id", ondelete="CASCADE"), nullable=False),
    Column("team_id", Id(), ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("formation_id", Id(), ForeignKey("formations.id", ondelete="SET NULL")),
    Column("is_starting", Boolean, nullable=False),
    Column("player_id", Id(), ForeignKey("players.id", ondelete="CASCADE"), nullable=False),
    Column("position_in_formation", String(50)),
    UniqueConstraint("match_id", "team_id", "player_id"),  # also the index that match_id needs
    Index("ix_match_lineups_team_id", "team_id"),
    Index("ix_match_lineups_formation_id", "formation_id"),
    Index("ix_match_lineups_player_id", "player_id"),
)

analysis_reports = Table(
    "analysis_reports",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", Id(), ForeignKey("matches.id", ondelete="CASCADE"), nullable=False),
    Column("report_type", String(50)),
    Column("report_data", Json()),
    Column("generated_at", Instant, nullable=False),
    Column("generated_by", Id(), ForeignKey("users.id", ondelete="SET NULL")),
    Index("ix_analysis_reports_match_id", "match_id", "generated_at"),
    Index("ix_analysis_reports_generated_by", "generated_by"),
)

video_segments = Table(
    "video_segments",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", Id(), ForeignKey("matches.id", ondelete="CASCADE"), nullable=False),
    Column("event_id", Id(), ForeignKey("match_events.id", ondelete="SET NULL")),
    Column("analysis_report_id", Id(), ForeignKey("analysis_reports.id", ondelete="SET NULL")),
    Column("start_time_sec", Float(53), nullable=False),
    Column("end_time_sec", Float(53), nullable=False),
    Column("description", String(255)),
    Column("video_url", String(255)),
    Index("ix_video_segments_match_id", "match_id"),
    Index("ix_video_segments_event_id", "event_id"),
    Index("ix_video_segments_analysis_report_id", "analysis_report_id"),
)
