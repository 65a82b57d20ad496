"""Rows of match notes, meetings and training sessions."""

from sqlalchemy import Column, Float, ForeignKey, Index, String, Table, Text

from touchline.foundation.db import Id, Instant, WallClock, metadata
from touchline.foundation.db.types import Word

match_notes = Table(
    "match_notes",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", Id(), nullable=False),  # no foreign key: a match, or the made-up match of an ad-hoc run
    Column("user_id", Id(), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("content", Text, nullable=False),
    Column("note_type", Word(), nullable=False, default="tactical"),
    Column("video_timestamp", Float(53), nullable=False, default=0),
    Column("created_at", Instant, nullable=False),
    Index("ix_match_notes_match_id", "match_id", "created_at"),
    Index("ix_match_notes_user_id", "user_id"),
)

reunions = Table(
    "reunions",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("team_id", Id(), ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("title", String(100), nullable=False),
    Column("date", WallClock, nullable=False),
    Column("location", String(100)),
    Column("icon_name", String(50)),
    Column("created_at", Instant, nullable=False),
    Index("ix_reunions_team_id", "team_id", "date"),
)

training_sessions = Table(
    "training_sessions",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("team_id", Id(), ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("title", String(100), nullable=False),
    Column("date", WallClock, nullable=False),
    Column("focus", String(100)),
    Column("icon_name", String(50)),
    Column("created_at", Instant, nullable=False),
    Index("ix_training_sessions_team_id", "team_id", "date"),
)
