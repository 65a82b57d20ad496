"""Rows of tactical alerts, suppressions, decisions and socket grants."""

from sqlalchemy import Boolean, Column, Float, ForeignKey, Index, Integer, String, Table, Text, UniqueConstraint

from touchline.foundation.db import Id, Instant, Json, metadata
from touchline.foundation.db.types import Word

tactical_alerts = Table(
    "tactical_alerts",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("match_id", String(64), nullable=False),
    Column("run_id", Id()),
    Column("alert_id", String(64), nullable=False),
    Column("decision_id", String(64)),
    Column("timestamp", String(64), nullable=False),
    Column("match_time", Float(53)),
    Column("severity_score", Float(53), nullable=False),
    Column("severity_label", Word(), nullable=False),
    Column("category", String(64), nullable=False, default=""),
    Column("decision_type", String(128), nullable=False, default="NONE"),
    Column("trigger_metric", Text),
    Column("recommended_action", Text),
    Column("status", Word(), nullable=False, default="ACTIVE"),
    Column("action", Text, nullable=False, default=""),
    Column("review_countdown", Integer, nullable=False, default=0),
    Column("category_trigger_count", Integer, nullable=False, default=0),
    Column("suppressed", Boolean, nullable=False, default=False),
    Column("superseded", Boolean, nullable=False, default=False),
    Column("attempt", Integer, nullable=False, default=0),
    Column("context", Json(), nullable=False),
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("match_id", "alert_id"),
    Index("ix_tactical_alerts_match_time", "match_id", "match_time"),
    Index("ix_tactical_alerts_decision_type", "match_id", "decision_type"),
    Index("ix_tactical_alerts_decision_id", "match_id", "decision_id"),
    Index("ix_tactical_alerts_run_id", "run_id"),
)

alert_suppressions = Table(
    "alert_suppressions",
    metadata,
    Column("match_id", String(64), primary_key=True),
    Column("decision_type", String(128), primary_key=True),
    Column("remaining", Integer, nullable=False),
)

decision_feedback = Table(
    "decision_feedback",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("user_id", Id(), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("match_id", String(64), nullable=False),
    Column("decision_id", String(64), nullable=False),
    Column("decision_type", String(128), nullable=False),
    Column("action", Word(), nullable=False),
    Column("severity_at_time", Float(53), nullable=False),
    Column("match_time", Float(53)),
    Column("created_at", Instant, nullable=False),
    Column("decision_effective", Boolean),
    Column("decision_failed", Boolean),
    Column("escalation_after_dismiss", Boolean),
    Column("post_severity_avg", Float(53)),
    Column("evaluation_windows", Integer),
    Column("evaluated_at", Instant),
    UniqueConstraint("user_id", "match_id", "decision_id"),
    Index("ix_decision_feedback_decision_type", "user_id", "decision_type"),
    Index("ix_decision_feedback_match_id", "match_id"),
)

ws_grants = Table(
    "ws_grants",
    metadata,
    Column("client_address", String(64), primary_key=True),
    Column("match_id", String(64), primary_key=True),
    Column("user_id", Id(), ForeignKey("users.id", ondelete="CASCADE"), nullable=False),
    Column("expires_at", Instant, nullable=False),
    Index("ix_ws_grants_user_id", "user_id"),
)
