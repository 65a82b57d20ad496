"""The whole schema and the formations that every club starts with.

Revision ID: 0001
Revises: nothing
"""

import uuid
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql, postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

ID = sa.CHAR(36)
WORD = sa.String(32)
DOUBLE = sa.Float(53)
INSTANT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql")
JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")

TABLES = (
    "users",
    "teams",
    "staff",
    "players",
    "formations",
    "events",
    "matches",
    "match_events",
    "match_lineups",
    "analysis_reports",
    "video_segments",
    "player_match_statistics",
    "match_team_statistics",
    "match_notes",
    "reunions",
    "training_sessions",
    "analysis_runs",
    "analysis_segments",
    "tracking_profiles",
    "camera_configs",
    "tactical_alerts",
    "alert_suppressions",
    "decision_feedback",
    "ws_grants",
    "tactical_insights",
    "system_modes",
    "event_outbox",
)
"""In the order in which they can be made; the other way round they can be dropped."""

# The mobile client keys its drawings of the pitch by these names.
FORMATIONS = (
    "4-3-3",
    "4-4-2",
    "3-4-3",
    "3-5-2",
    "4-2-4",
    "4-2-3-1",
    "4-4-1-1",
    "4-2-2-2 (Narrow)",
    "5-3-2",
    "5-4-1",
    "4-5-1",
    "4-1-4-1",
    "4-2-2-2 (Brazil)",
    "3-2-2-3",
    "3-3-1-3",
    "4-4-2 Diamond",
)


def upgrade() -> None:
    _identity()
    _club()
    _matches()
    _performance()
    _planning()
    _analysis()
    _alerts()
    _assistant()
    _events()
    _seed_formations()


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)


def _table(name: str, *parts: sa.schema.SchemaItem) -> None:
    """A table that compares and orders text on MySQL and MariaDB as the other databases do."""
    op.create_table(name, *parts, mysql_engine="InnoDB", mysql_charset="utf8mb4", mysql_collate="utf8mb4_bin")


def _seed_formations() -> None:
    formations = sa.table(
        "formations", sa.column("id", ID), sa.column("name", sa.String), sa.column("created_at", INSTANT)
    )
    now = datetime.now(UTC).replace(tzinfo=None)
    op.bulk_insert(formations, [{"id": str(uuid.uuid4()), "name": name, "created_at": now} for name in FORMATIONS])


def _identity() -> None:
    _table(
        "users",
        sa.Column("id", ID, nullable=False),
        sa.Column("email", sa.String(100), nullable=False),
        sa.Column("password_hash", sa.String(255), nullable=False),
        sa.Column("full_name", sa.String(100)),
        sa.Column("user_type", WORD, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("email_verified", sa.Boolean(), nullable=False),
        sa.Column("email_verification_code", sa.String(64)),
        sa.Column("email_verification_expires_at", INSTANT),
        sa.Column("verification_attempts", sa.Integer(), nullable=False),
        sa.Column("verification_sent_at", INSTANT),
        sa.Column("password_reset_code", sa.String(64)),
        sa.Column("password_reset_expires_at", INSTANT),
        sa.Column("reset_attempts", sa.Integer(), nullable=False),
        sa.Column("reset_sent_at", INSTANT),
        sa.Column("codes_day", sa.Date()),
        sa.Column("codes_sent", sa.Integer(), nullable=False),
        sa.Column("google_sub", sa.String(64)),
        sa.Column("token_version", sa.Integer(), nullable=False),
        sa.Column("created_by", ID),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("last_login", INSTANT),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name="fk_users_created_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        sa.UniqueConstraint("email", name="uq_users_email"),
        sa.UniqueConstraint("google_sub", name="uq_users_google_sub"),
    )
    op.create_index("ix_users_created_by", "users", ["created_by"])
    _table(
        "teams",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("user_id", ID),
        sa.Column("primary_color", sa.String(7)),
        sa.Column("secondary_color", sa.String(7)),
        sa.Column("logo_url", sa.String(255)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("is_primary", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_teams_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_teams"),
    )
    op.create_index("ix_teams_user_id", "teams", ["user_id", "created_at"])
    _table(
        "staff",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("user_id", ID),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("role", WORD),
        sa.Column("email", sa.String(100)),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_staff_team_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_staff_user_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_staff"),
        sa.UniqueConstraint("user_id", name="uq_staff_user_id"),
    )
    op.create_index("ix_staff_team_id", "staff", ["team_id"])


def _club() -> None:
    _table(
        "players",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("position", WORD),
        sa.Column("jersey_number", sa.SmallInteger()),
        sa.Column("birth_date", sa.Date()),
        sa.Column("dominant_foot", WORD),
        sa.Column("height_cm", sa.SmallInteger()),
        sa.Column("weight_kg", sa.SmallInteger()),
        sa.Column("nationality", sa.String(50)),
        sa.Column("country_code", sa.String(2)),
        sa.Column("image_url", sa.String(255)),
        sa.Column("market_value", sa.Numeric(12, 2)),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_players_team_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_players"),
    )
    op.create_index("ix_players_team_id", "players", ["team_id", "name"])
    _table(
        "formations",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("description", sa.Text()),
        sa.Column("positions", JSON),
        sa.Column("user_id", ID),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_formations_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_formations"),
    )
    op.create_index("ix_formations_user_id", "formations", ["user_id"])
    _table(
        "events",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.String(50), nullable=False),
        sa.Column("owner_id", ID),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_events_owner_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_events"),
        sa.UniqueConstraint("owner_id", "name", name="uq_events_owner_id_name"),
    )


def _matches() -> None:
    _table(
        "matches",
        sa.Column("id", ID, nullable=False),
        sa.Column("home_team_id", ID, nullable=False),
        sa.Column("away_team_id", ID, nullable=False),
        sa.Column("date_time", sa.DateTime(), nullable=False),
        sa.Column("venue", sa.String(100)),
        sa.Column("status", WORD, nullable=False),
        sa.Column("home_score", sa.SmallInteger(), nullable=False),
        sa.Column("away_score", sa.SmallInteger(), nullable=False),
        sa.Column("event_id", ID),
        sa.Column("video_anchor_seconds", sa.Integer()),
        sa.ForeignKeyConstraint(["away_team_id"], ["teams.id"], name="fk_matches_away_team_id", ondelete="RESTRICT"),
        sa.ForeignKeyConstraint(["event_id"], ["events.id"], name="fk_matches_event_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["home_team_id"], ["teams.id"], name="fk_matches_home_team_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_matches"),
    )
    op.create_index("ix_matches_away_team_id", "matches", ["away_team_id", "date_time"])
    op.create_index("ix_matches_event_id", "matches", ["event_id"])
    op.create_index("ix_matches_home_team_id", "matches", ["home_team_id", "date_time"])
    _table(
        "match_events",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("player_id", ID),
        sa.Column("event_type", WORD, nullable=False),
        sa.Column("minute", sa.SmallInteger(), nullable=False),
        sa.Column("video_timestamp", DOUBLE),
        sa.Column("coordinates", sa.String(50)),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name="fk_match_events_match_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_match_events_player_id", ondelete="RESTRICT"),
        sa.PrimaryKeyConstraint("id", name="pk_match_events"),
    )
    op.create_index("ix_match_events_match_id", "match_events", ["match_id", "minute"])
    op.create_index("ix_match_events_player_id", "match_events", ["player_id"])
    _table(
        "match_lineups",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("formation_id", ID),
        sa.Column("is_starting", sa.Boolean(), nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("position_in_formation", sa.String(50)),
        sa.ForeignKeyConstraint(
            ["formation_id"], ["formations.id"], name="fk_match_lineups_formation_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name="fk_match_lineups_match_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["player_id"], ["players.id"], name="fk_match_lineups_player_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_match_lineups_team_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_match_lineups"),
        sa.UniqueConstraint("match_id", "team_id", "player_id", name="uq_match_lineups_match_id_team_id_player_id"),
    )
    op.create_index("ix_match_lineups_formation_id", "match_lineups", ["formation_id"])
    op.create_index("ix_match_lineups_player_id", "match_lineups", ["player_id"])
    op.create_index("ix_match_lineups_team_id", "match_lineups", ["team_id"])
    _table(
        "analysis_reports",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("report_type", sa.String(50)),
        sa.Column("report_data", JSON),
        sa.Column("generated_at", INSTANT, nullable=False),
        sa.Column("generated_by", ID),
        sa.ForeignKeyConstraint(
            ["generated_by"], ["users.id"], name="fk_analysis_reports_generated_by", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name="fk_analysis_reports_match_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_analysis_reports"),
    )
    op.create_index("ix_analysis_reports_generated_by", "analysis_reports", ["generated_by"])
    op.create_index("ix_analysis_reports_match_id", "analysis_reports", ["match_id", "generated_at"])
    _table(
        "video_segments",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("event_id", ID),
        sa.Column("analysis_report_id", ID),
        sa.Column("start_time_sec", DOUBLE, nullable=False),
        sa.Column("end_time_sec", DOUBLE, nullable=False),
        sa.Column("description", sa.String(255)),
        sa.Column("video_url", sa.String(255)),
        sa.ForeignKeyConstraint(
            ["analysis_report_id"],
            ["analysis_reports.id"],
            name="fk_video_segments_analysis_report_id",
            ondelete="SET NULL",
        ),
        sa.ForeignKeyConstraint(
            ["event_id"], ["match_events.id"], name="fk_video_segments_event_id", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["match_id"], ["matches.id"], name="fk_video_segments_match_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_video_segments"),
    )
    op.create_index("ix_video_segments_analysis_report_id", "video_segments", ["analysis_report_id"])
    op.create_index("ix_video_segments_event_id", "video_segments", ["event_id"])
    op.create_index("ix_video_segments_match_id", "video_segments", ["match_id"])


def _performance() -> None:
    _table(
        "player_match_statistics",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("player_id", ID, nullable=False),
        sa.Column("minutes_played", sa.SmallInteger()),
        sa.Column("shots", sa.SmallInteger()),
        sa.Column("shots_on_target", sa.SmallInteger()),
        sa.Column("passes", sa.SmallInteger()),
        sa.Column("accurate_passes", sa.SmallInteger()),
        sa.Column("tackles", sa.SmallInteger()),
        sa.Column("interceptions", sa.SmallInteger()),
        sa.Column("clearances", sa.SmallInteger()),
        sa.Column("saves", sa.SmallInteger()),
        sa.Column("fouls_committed", sa.SmallInteger()),
        sa.Column("fouls_suffered", sa.SmallInteger()),
        sa.Column("offsides", sa.SmallInteger()),
        sa.Column("distance_covered_km", sa.Numeric(5, 2)),
        sa.Column("sprint_count", sa.Integer()),
        sa.Column("sprint_distance_m", sa.Numeric(7, 2)),
        sa.Column("avg_speed_kmh", sa.Numeric(4, 2)),
        sa.Column("max_speed_kmh", sa.Numeric(4, 2)),
        sa.Column("player_xg", sa.Numeric(5, 2)),
        sa.Column("key_passes", sa.Integer()),
        sa.Column("progressive_carries", sa.Integer()),
        sa.Column("press_resistance_success_rate", sa.Numeric(5, 2)),
        sa.Column("defensive_coverage_km", sa.Numeric(5, 2)),
        sa.Column("notes", sa.Text()),
        sa.Column("rating", sa.Numeric(3, 1)),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.id"], name="fk_player_match_statistics_match_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["player_id"], ["players.id"], name="fk_player_match_statistics_player_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_player_match_statistics"),
        sa.UniqueConstraint("match_id", "player_id", name="uq_player_match_statistics_match_id_player_id"),
    )
    op.create_index("ix_player_match_statistics_player_id", "player_match_statistics", ["player_id"])
    _table(
        "match_team_statistics",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("possession_percentage", sa.Numeric(5, 2)),
        sa.Column("total_shots", sa.Integer()),
        sa.Column("shots_on_target", sa.Integer()),
        sa.Column("pressures", sa.Integer()),
        sa.Column("final_third_passes", sa.Integer()),
        sa.Column("expected_goals", sa.Numeric(5, 2)),
        sa.Column("pass_network_data", JSON),
        sa.Column("zone_analysis_data", JSON),
        sa.Column("tactical_weakness_data", JSON),
        sa.Column("high_turnover_zones_data", JSON),
        sa.Column("set_piece_xg_breakdown_data", JSON),
        sa.Column("transition_speed_data", JSON),
        sa.Column("build_up_patterns", JSON),
        sa.Column("defensive_block_patterns", JSON),
        sa.ForeignKeyConstraint(
            ["match_id"], ["matches.id"], name="fk_match_team_statistics_match_id", ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_match_team_statistics_team_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_match_team_statistics"),
        sa.UniqueConstraint("match_id", "team_id", name="uq_match_team_statistics_match_id_team_id"),
    )
    op.create_index("ix_match_team_statistics_team_id", "match_team_statistics", ["team_id"])


def _planning() -> None:
    _table(
        "match_notes",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("note_type", WORD, nullable=False),
        sa.Column("video_timestamp", DOUBLE, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_match_notes_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_match_notes"),
    )
    op.create_index("ix_match_notes_match_id", "match_notes", ["match_id", "created_at"])
    op.create_index("ix_match_notes_user_id", "match_notes", ["user_id"])
    _table(
        "reunions",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("date", sa.DateTime(), nullable=False),
        sa.Column("location", sa.String(100)),
        sa.Column("icon_name", sa.String(50)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_reunions_team_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_reunions"),
    )
    op.create_index("ix_reunions_team_id", "reunions", ["team_id", "date"])
    _table(
        "training_sessions",
        sa.Column("id", ID, nullable=False),
        sa.Column("team_id", ID, nullable=False),
        sa.Column("title", sa.String(100), nullable=False),
        sa.Column("date", sa.DateTime(), nullable=False),
        sa.Column("focus", sa.String(100)),
        sa.Column("icon_name", sa.String(50)),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_training_sessions_team_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_training_sessions"),
    )
    op.create_index("ix_training_sessions_team_id", "training_sessions", ["team_id", "date"])


def _analysis() -> None:
    _table(
        "analysis_runs",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID, nullable=False),
        sa.Column("is_adhoc", sa.Boolean(), nullable=False),
        sa.Column("source", WORD, nullable=False),
        sa.Column("input_video_name", sa.String(255), nullable=False),
        sa.Column("input_video_path", sa.Text()),
        sa.Column("input_video_path_2", sa.Text()),
        sa.Column("status", WORD, nullable=False),
        sa.Column("progress", sa.Numeric(5, 4), nullable=False),
        sa.Column("message", sa.Text()),
        sa.Column("options", JSON, nullable=False),
        sa.Column("is_cancelled", sa.Boolean(), nullable=False),
        sa.Column("retry_of", ID),
        sa.Column("outputs", JSON, nullable=False),
        sa.Column("live_stats", JSON),
        sa.Column("tracking_video_path", sa.String(512)),
        sa.Column("submitted_at", INSTANT, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("completed_at", INSTANT),
        sa.Column("generated_by", ID),
        sa.Column("team_id", ID),
        sa.Column("worker_id", sa.String(64)),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("part", WORD, nullable=False),
        sa.Column("team_a_id", ID),
        sa.Column("team_b_id", ID),
        sa.ForeignKeyConstraint(
            ["generated_by"], ["users.id"], name="fk_analysis_runs_generated_by", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["retry_of"], ["analysis_runs.id"], name="fk_analysis_runs_retry_of", ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(["team_a_id"], ["teams.id"], name="fk_analysis_runs_team_a_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["team_b_id"], ["teams.id"], name="fk_analysis_runs_team_b_id", ondelete="SET NULL"),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name="fk_analysis_runs_team_id", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name="pk_analysis_runs"),
    )
    op.create_index("ix_analysis_runs_generated_by", "analysis_runs", ["generated_by", "submitted_at"])
    op.create_index("ix_analysis_runs_match_id", "analysis_runs", ["match_id", "submitted_at"])
    op.create_index("ix_analysis_runs_retry_of", "analysis_runs", ["retry_of"])
    op.create_index("ix_analysis_runs_status", "analysis_runs", ["status", "updated_at"])
    op.create_index("ix_analysis_runs_team_a_id", "analysis_runs", ["team_a_id"])
    op.create_index("ix_analysis_runs_team_b_id", "analysis_runs", ["team_b_id"])
    op.create_index("ix_analysis_runs_team_id", "analysis_runs", ["team_id"])
    _table(
        "analysis_segments",
        sa.Column("id", ID, nullable=False),
        sa.Column("analysis_id", ID, nullable=False),
        sa.Column("match_id", sa.String(64)),
        sa.Column("segment_index", sa.Integer(), nullable=False),
        sa.Column("start_sec", DOUBLE, nullable=False),
        sa.Column("end_sec", DOUBLE, nullable=False),
        sa.Column("video_start_sec", DOUBLE, nullable=False),
        sa.Column("analysis_json", JSON, nullable=False),
        sa.Column("recommendation", sa.Text()),
        sa.Column("severity_score", sa.Numeric(5, 4), nullable=False),
        sa.Column("severity_label", WORD, nullable=False),
        sa.Column("status", WORD, nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["analysis_id"], ["analysis_runs.id"], name="fk_analysis_segments_analysis_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_analysis_segments"),
        sa.UniqueConstraint("analysis_id", "segment_index", name="uq_analysis_segments_analysis_id_segment_index"),
    )
    op.create_index("ix_analysis_segments_match_id", "analysis_segments", ["match_id", "segment_index"])
    _table(
        "tracking_profiles",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", ID),
        sa.Column("name", sa.String(255), nullable=False),
        sa.Column("engine_settings", JSON, nullable=False),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("created_by", ID),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["created_by"], ["users.id"], name="fk_tracking_profiles_created_by", ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_tracking_profiles"),
    )
    op.create_index("ix_tracking_profiles_created_by", "tracking_profiles", ["created_by", "created_at"])
    op.create_index("ix_tracking_profiles_match_id", "tracking_profiles", ["match_id"])
    _table(
        "camera_configs",
        sa.Column("id", ID, nullable=False),
        sa.Column("profile_id", ID, nullable=False),
        sa.Column("label", sa.String(64), nullable=False),
        sa.Column("video_source", sa.String(255), nullable=False),
        sa.Column("sync_offset_ms", sa.Integer(), nullable=False),
        sa.Column("calibration_json", JSON, nullable=False),
        sa.Column("roi_json", JSON, nullable=False),
        sa.Column("picture_width", sa.Integer()),
        sa.Column("picture_height", sa.Integer()),
        sa.Column("order_index", sa.Integer(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["profile_id"], ["tracking_profiles.id"], name="fk_camera_configs_profile_id", ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_camera_configs"),
    )
    op.create_index("ix_camera_configs_profile_id", "camera_configs", ["profile_id"])


def _alerts() -> None:
    _table(
        "tactical_alerts",
        sa.Column("id", ID, nullable=False),
        sa.Column("match_id", sa.String(64), nullable=False),
        sa.Column("run_id", ID),
        sa.Column("alert_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(64)),
        sa.Column("timestamp", sa.String(64), nullable=False),
        sa.Column("match_time", DOUBLE),
        sa.Column("severity_score", DOUBLE, nullable=False),
        sa.Column("severity_label", WORD, nullable=False),
        sa.Column("category", sa.String(64), nullable=False),
        sa.Column("decision_type", sa.String(128), nullable=False),
        sa.Column("trigger_metric", sa.Text()),
        sa.Column("recommended_action", sa.Text()),
        sa.Column("status", WORD, nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("review_countdown", sa.Integer(), nullable=False),
        sa.Column("category_trigger_count", sa.Integer(), nullable=False),
        sa.Column("suppressed", sa.Boolean(), nullable=False),
        sa.Column("superseded", sa.Boolean(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("context", JSON, nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_tactical_alerts"),
        sa.UniqueConstraint("match_id", "alert_id", name="uq_tactical_alerts_match_id_alert_id"),
    )
    op.create_index("ix_tactical_alerts_decision_id", "tactical_alerts", ["match_id", "decision_id"])
    op.create_index("ix_tactical_alerts_decision_type", "tactical_alerts", ["match_id", "decision_type"])
    op.create_index("ix_tactical_alerts_match_time", "tactical_alerts", ["match_id", "match_time"])
    op.create_index("ix_tactical_alerts_run_id", "tactical_alerts", ["run_id"])
    _table(
        "alert_suppressions",
        sa.Column("match_id", sa.String(64), nullable=False),
        sa.Column("decision_type", sa.String(128), nullable=False),
        sa.Column("remaining", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("match_id", "decision_type", name="pk_alert_suppressions"),
    )
    _table(
        "decision_feedback",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("match_id", sa.String(64), nullable=False),
        sa.Column("decision_id", sa.String(64), nullable=False),
        sa.Column("decision_type", sa.String(128), nullable=False),
        sa.Column("action", WORD, nullable=False),
        sa.Column("severity_at_time", DOUBLE, nullable=False),
        sa.Column("match_time", DOUBLE),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.Column("decision_effective", sa.Boolean()),
        sa.Column("decision_failed", sa.Boolean()),
        sa.Column("escalation_after_dismiss", sa.Boolean()),
        sa.Column("post_severity_avg", DOUBLE),
        sa.Column("evaluation_windows", sa.Integer()),
        sa.Column("evaluated_at", INSTANT),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_decision_feedback_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_decision_feedback"),
        sa.UniqueConstraint(
            "user_id", "match_id", "decision_id", name="uq_decision_feedback_user_id_match_id_decision_id"
        ),
    )
    op.create_index("ix_decision_feedback_decision_type", "decision_feedback", ["user_id", "decision_type"])
    op.create_index("ix_decision_feedback_match_id", "decision_feedback", ["match_id"])
    _table(
        "ws_grants",
        sa.Column("client_address", sa.String(64), nullable=False),
        sa.Column("match_id", sa.String(64), nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("expires_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_ws_grants_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("client_address", "match_id", name="pk_ws_grants"),
    )
    op.create_index("ix_ws_grants_user_id", "ws_grants", ["user_id"])


def _assistant() -> None:
    _table(
        "tactical_insights",
        sa.Column("id", ID, nullable=False),
        sa.Column("user_id", ID, nullable=False),
        sa.Column("insight_type", sa.String(50), nullable=False),
        sa.Column("subject_type", sa.String(50), nullable=False),
        sa.Column("subject_id", ID),
        sa.Column("metric_name", sa.String(50), nullable=False),
        sa.Column("metric_value", DOUBLE, nullable=False),
        sa.Column("window_definition", sa.String(100)),
        sa.Column("match_range", sa.String(255)),
        sa.Column("data_points_count", sa.Integer(), nullable=False),
        sa.Column("insight_hash", sa.CHAR(64), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name="fk_tactical_insights_user_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_tactical_insights"),
        sa.UniqueConstraint("user_id", "insight_hash", name="uq_tactical_insights_user_id_insight_hash"),
    )
    op.create_index("ix_tactical_insights_subject_id", "tactical_insights", ["subject_id"])
    op.create_index("ix_tactical_insights_user_id", "tactical_insights", ["user_id", "created_at"])
    _table(
        "system_modes",
        sa.Column("owner_id", ID, nullable=False),
        sa.Column("mode", WORD, nullable=False),
        sa.Column("updated_at", INSTANT, nullable=False),
        sa.Column("updated_by", ID),
        sa.ForeignKeyConstraint(["owner_id"], ["users.id"], name="fk_system_modes_owner_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["updated_by"], ["users.id"], name="fk_system_modes_updated_by", ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("owner_id", name="pk_system_modes"),
    )
    op.create_index("ix_system_modes_updated_by", "system_modes", ["updated_by"])


def _events() -> None:
    _table(
        "event_outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(80), nullable=False),
        sa.Column("kind", sa.String(40), nullable=False),
        sa.Column("key", sa.String(160), nullable=False),
        sa.Column("payload", sa.Text().with_variant(sa.Text(16000000), "mysql"), nullable=False),
        sa.Column("published", sa.Boolean(), nullable=False),
        sa.Column("created_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_event_outbox"),
    )
    op.create_index("ix_event_outbox_pending", "event_outbox", ["published", "created_at"])
