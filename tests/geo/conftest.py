"""A database that knows the grid functions, for the tests that compare both twins."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

FUNCTIONS = Path(__file__).resolve().parents[2] / "service" / "cells" / "sql" / "functions"


@pytest.fixture
def twin_connection() -> Iterator[psycopg.Connection]:
    """A connection to a PostGIS database, with the functions of the source tree created in a transaction."""
    with psycopg.connect(os.environ["RISKMAP_TEST_DATABASE_URL"]) as connection:
        for file in sorted(FUNCTIONS.glob("*.sql")):
            connection.execute(file.read_bytes())
        yield connection
        connection.rollback()
