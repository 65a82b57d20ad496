"""Deleted accounts keep their row, so that what they wrote stays and keeps its author.

Revision ID: 0002
Revises: 0001
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime().with_variant(mysql.DATETIME(fsp=6), "mysql")


def upgrade() -> None:
    op.add_column("users", sa.Column("deleted_at", INSTANT))


def downgrade() -> None:
    op.drop_column("users", "deleted_at")
