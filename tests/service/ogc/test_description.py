"""/conf/oas30: the description of the door is OpenAPI 3.0, as a tool of others reads it."""

import httpx
import pytest
from openapi_spec_validator import OpenAPIV30SpecValidator

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def test_it_is_valid(door: httpx.AsyncClient) -> None:
    answer = await door.get("/ogc/api")
    assert answer.headers["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    document = answer.json()
    assert [error.message for error in OpenAPIV30SpecValidator(document).iter_errors()] == []
    assert set(document["paths"]) >= {"/", "/conformance", "/collections/{collection}/items"}


async def test_an_error_is_written_once(door: httpx.AsyncClient) -> None:
    document = (await door.get("/ogc/api")).json()
    refused = document["paths"]["/collections/{collection}/items"]["get"]["responses"]["400"]
    assert refused == {"$ref": "#/components/responses/HttpProblemOut400"}
    assert "application/problem+json" in document["components"]["responses"]["HttpProblemOut400"]["content"]
