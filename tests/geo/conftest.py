"""A database that knows the grid functions, for the tests that compare both twins."""

import os
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from tests.conftest import Database, Postgis

FUNCTIONS = Path(__file__).resolve().parents[2] / "service" / "cells" / "sql" / "functions"


@pytest.fixture(scope="module")
def grid_database(postgis: Postgis, migrated: str) -> Iterator[Database]:
    """One database for all tests of a module: each rolls back what it did."""
    name = f"riskmap_grid_{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"
    yield postgis.create(name, template=migrated)
    postgis.drop(name)


@pytest.fixture
def twin_connection(grid_database: Database) -> Iterator[psycopg.Connection]:
    """A connection of the owner role, with the functions of the source tree created in a transaction."""
    with psycopg.connect(grid_database.owner_url) as connection:
        for file in sorted(FUNCTIONS.glob("*.sql")):
            connection.execute(file.read_bytes())
        yield connection
        connection.rollback()
