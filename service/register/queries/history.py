"""The versions of a risk point and of what hangs on it, with codes by name in both languages."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy.ext.asyncio import AsyncSession

from service.base.masking import mask_name
from service.base.statements import Connection, driver_of, read, statement
from service.codes import queries as code_queries
from service.codes.rules.documents import Text, plain
from service.grading.rules.grades import Grade
from service.register.queries.forms import Row, no_point
from service.register.rules.history import Moment, Subject, Version, moments

Names = Mapping[str, Text]
# When a grading began to be the latest is not asked; it only must be no moment that is told.
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


async def history_of(
    session: AsyncSession, risk_point_id: int, *, before: datetime | None, limit: int, names_people: bool
) -> tuple[list[Moment], datetime | None]:
    """A page of what happened, the latest first, and the moment before which the next page begins. names_people: whole.

    Raises NotFound for a point that never was, or is not the viewer's to see; one that was removed still has its history.
    """
    connection = await driver_of(session)
    parameters = {"id": risk_point_id, "before": before, "limit": limit + 1}
    found = await read(connection, statement("register", "list_moments"), parameters)
    times = [row["moment"] for row in found]
    if not times and before is None:
        raise no_point()
    if not times:
        return [], None
    page = times[:limit]
    versions = [
        *await _point(session, connection, risk_point_id, page[-1]),
        *await _events(session, connection, risk_point_id, page[-1]),
        *await _measures(session, connection, risk_point_id, page[-1], names_people=names_people),
        *await _assessments(connection, risk_point_id, page[-1]),
    ]
    return moments(page, versions), page[-1] if len(times) > limit else None


async def _rows(connection: Connection, name: str, risk_point_id: int, oldest: datetime) -> list[Row]:
    return await read(
        connection, statement("register", f"list_{name}"), {"id": risk_point_id, "oldest": oldest}
    )


async def _point(
    session: AsyncSession, connection: Connection, risk_point_id: int, oldest: datetime
) -> list[Version]:
    rows = await _rows(connection, "point_versions", risk_point_id, oldest)
    industries = await _names(session, "regulatory_industry", (row["own_industries"] or [] for row in rows))
    levels = await _names(session, "control_level", ([row["control_level"]] for row in rows))
    return [
        _version(
            Subject.POINT,
            row | {"id": risk_point_id},
            {
                **{key: _said(row[key]) for key in ("number", "name", "place", "enterprise", "site")},
                "position": _said(row["position"]),
                "territory": _said(row["territory"]),
                "managed_by": _said(row["managed_by"]),
                "managed_reason": _said(row["managed_reason"]),
                "industries": _named(row["own_industries"] or [], industries),
                "control_level": _named([row["control_level"]], levels),
                "exposed_workers": _said(row["exposed_workers"]),
                "current": _grade(row["grade_current"]),
            },
            keys={"position": row["position_key"]},
            number=row["version"],
        )
        for row in rows
    ]


async def _events(
    session: AsyncSession, connection: Connection, risk_point_id: int, oldest: datetime
) -> list[Version]:
    rows = await _rows(connection, "event_versions", risk_point_id, oldest)
    editions = {row["accident_edition"] for row in rows if row["accident_edition"]}
    names: dict[str | None, Names] = {None: {}}
    for edition in editions:
        codes = {
            code for row in rows if row["accident_edition"] == edition for code in row["accident_categories"]
        }
        names[edition] = await code_queries.names_of(session, "accident_category", codes, edition=edition)
    return [
        _version(
            Subject.EVENT,
            row,
            {
                "event": _said(row["name"]),
                "accident_categories": _named(row["accident_categories"], names[row["accident_edition"]]),
                "consequence": _said(row["consequence"]),
            },
        )
        for row in rows
    ]


async def _measures(
    session: AsyncSession, connection: Connection, risk_point_id: int, oldest: datetime, *, names_people: bool
) -> list[Version]:
    rows = await _rows(connection, "measure_versions", risk_point_id, oldest)
    kinds = await _names(session, "measure_kind", ([row["kind"]] for row in rows))
    levels = await _names(session, "control_level", ([row["control_level"]] for row in rows))
    return [
        _version(
            Subject.MEASURE,
            row,
            {
                "measure": _said(row["description"]),
                "kind": _named([row["kind"]], kinds),
                "control_level": _named([row["control_level"]], levels),
                "unit": _said(row["unit"]),
                "person": _said(row["person"] if names_people else mask_name(row["person"] or "")),
            },
        )
        for row in rows
    ]


async def _assessments(connection: Connection, risk_point_id: int, oldest: datetime) -> list[Version]:
    """Each grading as a version that the one before it ends with: what it says anew is the difference."""
    versions: list[Version] = []
    for row in await _rows(connection, "assessments", risk_point_id, oldest):
        subject = Subject(row["basis"])
        times = {"recorded_from": row["recorded_at"], "recorded_to": None, "changed_by": row["recorded_by"]}
        versions.append(_version(subject, row | times | {"closed_by": None}, _graded(row, "")))
        if row["old_grade"] is not None:
            # It ends where this one begins, under the same key, so that the two are compared.
            earlier = {"recorded_from": _LONG_AGO, "recorded_to": row["recorded_at"], "changed_by": ""}
            versions.append(_version(subject, row | earlier | {"closed_by": None}, _graded(row, "old_")))
    return versions


def _graded(row: Row, old: str) -> dict[str, Text | None]:
    score = row[f"{old}score"]
    inputs = " ".join(f"{axis}={value}" for axis, value in row[f"{old}inputs"].items())
    return {
        "grade": _grade(row[f"{old}grade"]),
        "method": Text(row[f"{old}title_zh"], row[f"{old}title_en"]),
        "inputs": _said(inputs),
        "score": _said(None if score is None else plain(score)),
        **{
            key: _said(row[f"{old}{key}"])
            for key in ("override_reason", "assessor", "assessed_on", "next_review")
        },
    }


def _version(
    subject: Subject,
    row: Row,
    values: Mapping[str, Text | None],
    *,
    keys: Mapping[str, str | None] | None = None,
    number: int | None = None,
) -> Version:
    return Version(
        subject=subject,
        id=row["id"],
        start=row["recorded_from"],
        end=row["recorded_to"],
        by=row["changed_by"],
        ended_by=row["closed_by"],
        values=values,
        keys=keys or {},
        number=number,
    )


async def _names(session: AsyncSession, list_id: str, codes: Iterable[Sequence[str | None]]) -> Names:
    wanted = {code for some in codes for code in some if code}
    return await code_queries.names_of(session, list_id, wanted)


def _named(codes: Sequence[str | None], names: Names) -> Text | None:
    found = [names.get(code, Text(code, code)) for code in codes if code]
    if not found:
        return None
    return Text("、".join(one.zh for one in found), ", ".join(one.en for one in found))


def _grade(grade: int | None) -> Text | None:
    return None if grade is None else Grade(grade).text


def _said(value: object) -> Text | None:
    return None if value is None or value == "" else Text(str(value), str(value))
