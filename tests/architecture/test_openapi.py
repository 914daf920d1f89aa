"""The OpenAPI document beside the page is the service's own: the page's types are generated from it."""

import json
from pathlib import Path

from service.app import create_app
from service.base.settings import Settings

ROOT = Path(__file__).resolve().parents[2]


def test_the_document_is_the_one_of_the_code() -> None:
    """Mend it by: riskmap openapi web/openapi.json && (cd web && npm run api-types)"""
    document = create_app(Settings(), database_url="postgresql://nobody@/nothing").openapi()
    written = json.loads((ROOT / "web/openapi.json").read_text(encoding="utf-8"))
    assert written == json.loads(json.dumps(document))


def test_every_door_says_what_it_is() -> None:
    document = json.loads((ROOT / "web/openapi.json").read_text(encoding="utf-8"))
    silent = [
        f"{verb} {path}"
        for path, verbs in document["paths"].items()
        for verb, operation in verbs.items()
        if not operation.get("summary") or not operation.get("tags")
    ]
    assert silent == []
