"""Rows of runs, tracked videos' segments and tracking profiles."""

from sqlalchemy import (
    Boolean,
    Column,
    Float,
    ForeignKey,
    Index,
    Integer,
    Numeric,
    String,
    Table,
    Text,
    UniqueConstraint,
    text,
)

from touchline.foundation.db import Id, Instant, Json, metadata
from touchline.foundation.db.types import Word

analysis_runs = Table(
    "analysis_runs",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", Id(), nullable=False),  # no foreign key: an ad-hoc run makes up its own
    Column("is_adhoc", Boolean, nullable=False, default=False),
    Column("source", Word(), nullable=False, default="analyze_page"),
    Column("input_video_name", String(255), nullable=False),
    Column("input_video_path", Text),
    Column("input_video_path_2", Text),
    Column("status", Word(), nullable=False, default="PENDING"),
    Column("progress", Numeric(5, 4, asdecimal=False), nullable=False, default=0),
    Column("message", Text),
    Column("options", Json(), nullable=False),
    Column("is_cancelled", Boolean, nullable=False, default=False),
    Column("retry_of", Id(), ForeignKey("analysis_runs.id", ondelete="SET NULL")),
    Column("outputs", Json(), nullable=False),
    Column("live_stats", Json()),
    Column("tracking_video_path", String(512)),
    Column("submitted_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("completed_at", Instant),
    Column("generated_by", Id(), ForeignKey("users.id", ondelete="SET NULL")),
    Column("team_id", Id(), ForeignKey("teams.id", ondelete="SET NULL")),
    Column("worker_id", String(64)),
    Column("attempt", Integer, nullable=False, default=0),
    # Every update of this room counts; what the database does by itself when another row goes does not.
    Column("revision", Integer, nullable=False, server_default="0", onupdate=text("revision + 1")),
    Column("part", Word(), nullable=False, default="whole"),
    Column("team_a_id", Id(), ForeignKey("teams.id", ondelete="SET NULL")),
    Column("team_b_id", Id(), ForeignKey("teams.id", ondelete="SET NULL")),
    Index("ix_analysis_runs_generated_by", "generated_by", "submitted_at"),
    Index("ix_analysis_runs_match_id", "match_id", "submitted_at"),
    Index("ix_analysis_runs_status", "status", "updated_at"),
    Index("ix_analysis_runs_retry_of", "retry_of"),
    Index("ix_analysis_runs_team_id", "team_id"),
    Index("ix_analysis_runs_team_a_id", "team_a_id"),
    Index("ix_analysis_runs_team_b_id", "team_b_id"),
)

analysis_segments = Table(
    "analysis_segments",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("analysis_id", Id(), ForeignKey("analysis_runs.id", ondelete="CASCADE"), nullable=False),
    Column("match_id", String(64)),
    Column("segment_index", Integer, nullable=False),
    Column("start_sec", Float(53), nullable=False, default=0),
    Column("end_sec", Float(53), nullable=False, default=0),
    Column("video_start_sec", Float(53), nullable=False, default=0),
    Column("analysis_json", Json(), nullable=False),
    Column("recommendation", Text),
    Column("severity_score", Numeric(5, 4, asdecimal=False), nullable=False, default=0),
    Column("severity_label", Word(), nullable=False, default="LOW"),
    Column("status", Word(), nullable=False, default="PENDING"),
    Column("attempt", Integer, nullable=False, default=0),
    Column("created_at", Instant, nullable=False),
    # Also the index that the foreign key needs.
    UniqueConstraint("analysis_id", "segment_index"),
    Index("ix_analysis_segments_match_id", "match_id", "segment_index"),
)

tracking_profiles = Table(
    "tracking_profiles",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", Id()),
    Column("name", String(255), nullable=False),
    Column("engine_settings", Json(), nullable=False),
    Column("is_active", Boolean, nullable=False, default=True),
    Column("created_by", Id(), ForeignKey("users.id", ondelete="SET NULL")),
    Column("created_at", Instant, nullable=False),
    Index("ix_tracking_profiles_match_id", "match_id"),
    Index("ix_tracking_profiles_created_by", "created_by", "created_at"),
)

camera_configs = Table(
    "camera_configs",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("profile_id", Id(), ForeignKey("tracking_profiles.id", ondelete="CASCADE"), nullable=False),
    Column("label", String(64), nullable=False),
    Column("video_source", String(255), nullable=False),
    Column("sync_offset_ms", Integer, nullable=False, default=0),
    Column("calibration_json", Json(), nullable=False),
    Column("roi_json", Json(), nullable=False),
    Column("picture_width", Integer),
    Column("picture_height", Integer),
    Column("order_index", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Index("ix_camera_configs_profile_id", "profile_id"),
)
