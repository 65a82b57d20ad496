"""Rows of accounts, staff and teams: what authorisation needs to know."""

from sqlalchemy import Boolean, Column, Date, ForeignKey, Index, Integer, String, Table, UniqueConstraint

from touchline.foundation.db import Id, Instant, metadata
from touchline.foundation.db.types import Word

users = Table(
    "users",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("email", String(100), nullable=False),  # trimmed and lower-cased
    Column("password_hash", String(255), nullable=False),
    Column("full_name", String(100)),
    Column("user_type", Word(), nullable=False, default="owner"),
    Column("is_active", Boolean, nullable=False, default=True),
    Column("email_verified", Boolean, nullable=False, default=True),
    # Codes are kept as keyed hashes only; a null hash means that no code is open.
    Column("email_verification_code", String(64)),
    Column("email_verification_expires_at", Instant),
    Column("verification_attempts", Integer, nullable=False, default=0),
    Column("verification_sent_at", Instant),
    Column("password_reset_code", String(64)),
    Column("password_reset_expires_at", Instant),
    Column("reset_attempts", Integer, nullable=False, default=0),
    Column("reset_sent_at", Instant),
    Column("codes_day", Date),
    Column("codes_sent", Integer, nullable=False, default=0),  # on codes_day
    Column("google_sub", String(64)),
    Column("token_version", Integer, nullable=False, default=0),
    Column("created_by", Id(), ForeignKey("users.id", ondelete="SET NULL")),
    Column("created_at", Instant, nullable=False),
    Column("last_login", Instant),
    # A deleted account keeps its row, nameless to sign-in and lists, so that what it wrote stays and keeps its author.
    Column("deleted_at", Instant),
    UniqueConstraint("email"),
    UniqueConstraint("google_sub"),
    Index("ix_users_created_by", "created_by"),
)

teams = Table(
    "teams",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("name", String(50), nullable=False),
    Column("user_id", Id(), ForeignKey("users.id", ondelete="CASCADE")),  # null: an opponent shared by all
    Column("primary_color", String(7), default="#0000FF"),
    Column("secondary_color", String(7)),
    Column("logo_url", String(255)),
    Column("created_at", Instant, nullable=False),
    Column("is_primary", Boolean, nullable=False, default=False),
    Index("ix_teams_user_id", "user_id", "created_at"),
)

staff = Table(
    "staff",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("team_id", Id(), ForeignKey("teams.id", ondelete="CASCADE"), nullable=False),
    Column("user_id", Id(), ForeignKey("users.id", ondelete="SET NULL")),
    Column("name", String(50), nullable=False),
    Column("role", Word()),
    Column("email", String(100)),
    UniqueConstraint("user_id"),  # one staff row per account; also the index that the foreign key needs
    Index("ix_staff_team_id", "team_id"),
)
