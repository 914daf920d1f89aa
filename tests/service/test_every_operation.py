"""The whole OpenAPI document, asked at random: no answer is a fault of the service, and each is one that the document names."""

import asyncio
import os
import sys
from pathlib import Path

from tests.accounts import Role, add_person, session_of
from tests.conftest import Database
from tests.listening import listening
from tests.world import CITY_PATH

CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_schema_conformance",
)
EXAMPLES = 10
# The sweeper of the session and the password of the account that asks: both end what the rest is asked by.
LEFT_OUT = ("/api/sign-out", "/api/account/sessions/end", "/api/account/password")


async def test_no_question_is_an_error_and_every_answer_is_documented(
    demo_database: Database, tmp_path: Path
) -> None:
    person = add_person(
        demo_database,
        "asker",
        *(Role(role, area=CITY_PATH) for role in ("regulator", "analyst", "auditor", "administrator")),
        unit=CITY_PATH,
    )
    token = session_of(demo_database, person)
    async with listening(demo_database, sign_in=True, requests_per_minute=1_000_000) as port:
        asking = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "schemathesis.cli", "run", f"http://127.0.0.1:{port}/api/openapi.json"),
            *("--header", f"Cookie: riskmap_session={token}", "--checks", ",".join(CHECKS)),
            *("--max-examples", str(EXAMPLES), "--seed", "20261126", "--generation-deterministic"),
            *("--phases", "fuzzing", "--request-timeout", "30", "--no-color"),
            *(part for path in LEFT_OUT for part in ("--exclude-path", path)),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            cwd=tmp_path,
            env=os.environ | {"PYTHONWARNINGS": ""},
        )
        said, _ = await asking.communicate()
    assert asking.returncode == 0, said.decode()
