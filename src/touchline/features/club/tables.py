"""Rows of players, formations and competitions."""

from sqlalchemy import Column, Date, ForeignKey, Index, Numeric, SmallInteger, String, Table, Text, UniqueConstraint

from touchline.foundation.db import Id, Instant, Json, metadata
from touchline.foundation.db.types import Word

players = Table(
    "players",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("team_id", Id(), ForeignKey("teams.id", ondelete="CASCADE")),
    Column("name", String(50), nullable=False),
    Column("position", Word()),
    Column("jersey_number", SmallInteger),
    Column("birth_date", Date),
    Column("dominant_foot", Word()),
    Column("height_cm", SmallInteger),
    Column("weight_kg", SmallInteger),
    Column("nationality", String(50)),
    Column("country_code", String(2)),
    Column("image_url", String(255)),
    Column("market_value", Numeric(12, 2, asdecimal=False)),
    Index("ix_players_team_id", "team_id", "name"),
)

formations = Table(
    "formations",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("name", String(50), nullable=False),
    Column("description", Text),
    Column("positions", Json()),
    Column("user_id", Id(), ForeignKey("users.id", ondelete="CASCADE")),  # null: for everybody, read-only
    Column("created_at", Instant, nullable=False),
    Index("ix_formations_user_id", "user_id"),
)

events = Table(
    "events",
    metadata,
    Column("id", Id(), primary_key=True),
    Column("name", String(50), nullable=False),
    Column("owner_id", Id(), ForeignKey("users.id", ondelete="CASCADE")),  # null: shared by all
    Column("created_at", Instant, nullable=False),
    UniqueConstraint("owner_id", "name"),  # also the index that the foreign key needs
)
