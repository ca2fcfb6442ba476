"""What head office's tables are made of: columns, and tables whose keys begin with the company."""

from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
)

metadata = MetaData()
# Rows by the hundred million: PostgreSQL parts them by company, SQLite leaves them whole.
PARTITIONED = (
    "journal",
    "sales",
    "sale_lines",
    "sale_taxes",
    "tenders",
    "day_slots",
    "day_products",
    "month_products",
)
PARTITIONS = 16


def text_column(name: str, default: str | None = None) -> Column[str]:
    """A column of texts."""
    return Column(name, Text, nullable=False, server_default=default)


def whole_column(name: str, default: str | None = None) -> Column[int]:
    """A column of whole numbers of 64 bits."""
    return Column(name, BigInteger, nullable=False, server_default=default)


def small_column(name: str, default: str | None = None) -> Column[int]:
    """A column of small whole numbers."""
    return Column(name, Integer, nullable=False, server_default=default)


def blob_column(name: str) -> Column[bytes]:
    """A column of bytes."""
    return Column(name, LargeBinary, nullable=False)


def of_company(name: str, *parts: Column[str] | Column[int] | Column[bytes], key: str) -> Table:
    """A table of a company's; `key` names the rest of its primary key."""
    options: dict[str, Any] = {}
    if name in PARTITIONED:
        options["postgresql_partition_by"] = "HASH (company_id)"
    return Table(
        name,
        metadata,
        text_column("company_id"),
        *parts,
        PrimaryKeyConstraint("company_id", *key.split()),
        **options,
    )
