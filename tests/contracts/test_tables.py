"""The migrations and the models say the same: tests and drills take the short way."""

from __future__ import annotations

import os
import re
import sqlite3
from contextlib import closing

import psycopg
import pytest
from django.db import connection
from tests.conftest import migrate

pytestmark = pytest.mark.django_db

ON_POSTGRESQL = """
    SELECT table_name, column_name,
           concat_ws(' ', data_type, character_maximum_length, numeric_precision,
                     is_nullable, column_default, identity_generation)
      FROM information_schema.columns WHERE table_schema = 'public'
    UNION ALL
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
"""
ON_SQLITE = """
    SELECT type || ' ' || name, sql FROM sqlite_master
     WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' AND name != 'django_migrations'
"""

# Django's own migrations keep a narrower id for one of these than its models would.
DJANGOS = ("auth_", "django_")


def parts(sql):
    """Return what a CREATE TABLE defines, whatever the order of its columns."""
    depth, begin, found = 0, 0, []
    body = sql[sql.index("(") + 1 : sql.rindex(")")] if "(" in sql else sql
    for place, letter in enumerate(body):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            found.append(body[begin:place])
            begin = place + 1
    return sorted(re.sub(r"\s+", " ", row).strip() for row in [*found, body[begin:]])


def tables_on_sqlite(rows):
    return {
        (name, part)
        for name, sql in rows
        for part in (parts(sql) if name.startswith("table ") else [sql])
    }


def test_parts_heed_brackets_and_not_the_order():
    one = parts('CREATE TABLE "a" ("x" int CHECK (x IN (1, 2)), "y" text)')
    assert one == parts('CREATE TABLE "a" ("y"  text, "x" int CHECK (x IN (1, 2)))')
    assert one == ['"x" int CHECK (x IN (1, 2))', '"y" text']


@pytest.mark.skipif(connection.vendor != "sqlite", reason="for SQLite")
def test_migrations_make_the_tables_of_the_models_on_sqlite(migrated):
    with connection.cursor() as cursor:
        models = tables_on_sqlite(cursor.execute(ON_SQLITE).fetchall())
    with closing(sqlite3.connect(migrated)) as other:
        assert tables_on_sqlite(other.execute(ON_SQLITE).fetchall()) == models


@pytest.mark.skipif(connection.vendor != "postgresql", reason="for PostgreSQL")
def test_migrations_make_the_tables_of_the_models_on_postgresql(empty_database):
    migrate(empty_database)
    with connection.cursor() as cursor:
        models = rows_on_postgresql(cursor)
    with psycopg.connect(empty_database) as other, other.cursor() as cursor:
        assert rows_on_postgresql(cursor) == models


def rows_on_postgresql(cursor):
    cursor.execute(ON_POSTGRESQL)
    return {row for row in cursor.fetchall() if not row[0].startswith(DJANGOS)}


@pytest.fixture
def empty_database():
    """Return the address of a database beside the tests' own, for one test."""
    name = f"{connection.settings_dict['NAME']}_migrated"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')
        cursor.execute(f'CREATE DATABASE "{name}"')
    url = os.environ["SHOUWANG_TEST_DATABASE_URL"]
    yield url.rpartition("/")[0] + f"/{name}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f'DROP DATABASE "{name}"')
