"""Rows of remembered insights and of the mode an organisation is in."""

from sqlalchemy import CHAR, Column, Float, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from touchline.foundation.db import Id, Instant, metadata
from touchline.foundation.db.types import Word

tactical_insights = Table(
    "tactical_insights",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("user_id", Id(), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("insight_type", String(50), nullable=False),
    Column("subject_type", String(50), nullable=False),
    Column("subject_id", Id()),
    Column("metric_name", String(50), nullable=False),
    Column("metric_value", Float(53), nullable=False),
    Column("window_definition", String(100)),
    Column("match_range", String(255)),
    Column("data_points_count", Integer, nullable=False, default=0),
    Column("insight_hash", CHAR(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("user_id", "insight_hash"),
    Index("ix_tactical_insights_user_id", "user_id", "created_at"),
    Index("ix_tactical_insights_subject_id", "subject_id"),
)

system_modes = Table(
    "system_modes",
    metadata,
    Column("owner_id", Id(), ForeignKey("users.id", ondelete="CASCADE"), primary_key=True),
    Column("mode", Word(), nullable=False, default="assistant"),
    Column("updated_at", Instant, nullable=False),
    Column("updated_by", Id(), ForeignKey("users.id", ondelete="SET NULL")),
    Index("ix_system_modes_updated_by", "updated_by"),
)
