"""The register of risk points. Columns that triggers keep are marked FetchedValue: nobody writes them here.

Grades are the exchange values riskClass, 1 重大 to 4 低; NULL means not assessed.
"""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Identity, SmallInteger, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from service.base.database import Ltree, Model


class Scoped:
    """The columns that the row policy reads; a trigger writes them."""

    located_in_path: Mapped[str] = mapped_column(Ltree, server_default=FetchedValue())
    managed_by_path: Mapped[str] = mapped_column(Ltree, server_default=FetchedValue())
    industry_scopes: Mapped[list[str]] = mapped_column(ARRAY(Ltree), server_default=FetchedValue())


class RiskPoint(Scoped, Model):
    """A risk point of an enterprise or of a region (a bridge, a market, a gas main).

    geom: Point, Line or Polygon, SRID 4490, its own position; NULL when it has none and sits at its site (position
    `inherited`) or nowhere (`none`). anchor: the Point that carries counts and cells. x5, y5: its level-5 BeiDou cell.
    """

    __tablename__ = "risk_point"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    owner_kind: Mapped[str]
    enterprise_id: Mapped[int | None] = mapped_column(ForeignKey("enterprise.id"))
    site_id: Mapped[int | None] = mapped_column(ForeignKey("site.id"))
    number: Mapped[str]
    name: Mapped[str]
    place: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("GEOMETRY", srid=4490, spatial_index=False))
    anchor: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4490, spatial_index=False))
    position: Mapped[str] = mapped_column(server_default=FetchedValue())
    source_datum: Mapped[str | None]
    source_x: Mapped[str | None]
    source_y: Mapped[str | None]
    located_in_id: Mapped[int] = mapped_column(ForeignKey("territory.id"))
    located_stated: Mapped[bool]
    managed_by_id: Mapped[int] = mapped_column(ForeignKey("territory.id"))
    managed_reason: Mapped[str | None]
    own_industries: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    industries: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=FetchedValue())
    control_level: Mapped[str | None]
    accident_edition: Mapped[str | None]
    accident_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    exposed_workers: Mapped[int | None]
    major_hazard_level: Mapped[int | None] = mapped_column(SmallInteger)
    grade_inherent: Mapped[int | None] = mapped_column(SmallInteger, server_default=FetchedValue())
    grade_assessed: Mapped[int | None] = mapped_column(SmallInteger, server_default=FetchedValue())
    grade_current: Mapped[int | None] = mapped_column(SmallInteger, server_default=FetchedValue())
    assessed_on: Mapped[date | None] = mapped_column(server_default=FetchedValue())
    next_review: Mapped[date | None] = mapped_column(server_default=FetchedValue())
    city_code: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    demo: Mapped[bool]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())
    changed_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    recorded_from: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    x5: Mapped[int | None] = mapped_column(server_default=FetchedValue())
    y5: Mapped[int | None] = mapped_column(server_default=FetchedValue())


class RiskEvent(Scoped, Model):
    """What can happen at a risk point, and why."""

    __tablename__ = "risk_event"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    risk_point_id: Mapped[int] = mapped_column(ForeignKey("risk_point.id"))
    sort: Mapped[int]
    name: Mapped[str]
    accident_edition: Mapped[str | None]
    accident_categories: Mapped[list[str]] = mapped_column(ARRAY(Text))
    cause_factors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    dimensions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    consequence: Mapped[str]
    changed_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    recorded_from: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    enterprise_id: Mapped[int | None] = mapped_column(BigInteger, server_default=FetchedValue())


class Measure(Scoped, Model):
    """How an event is kept from happening: canonical kind, text, who holds it."""

    __tablename__ = "measure"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    risk_point_id: Mapped[int] = mapped_column(ForeignKey("risk_point.id"))
    risk_event_id: Mapped[int] = mapped_column(ForeignKey("risk_event.id"))
    sort: Mapped[int]
    kind: Mapped[str | None]
    description: Mapped[str]
    control_level: Mapped[str | None]
    unit: Mapped[str]
    person: Mapped[str]
    changed_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    recorded_from: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    enterprise_id: Mapped[int | None] = mapped_column(BigInteger, server_default=FetchedValue())


class Assessment(Scoped, Model):
    """One grading of a risk point on one basis, with its method, inputs and reasons. Never changed, only followed."""

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    risk_point_id: Mapped[int] = mapped_column(BigInteger)
    basis: Mapped[str]
    method_id: Mapped[str]
    method_version: Mapped[str]
    inputs: Mapped[dict[str, Any]] = mapped_column(JSONB)
    score: Mapped[Decimal | None]
    grade: Mapped[int] = mapped_column(SmallInteger)
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    override_from: Mapped[int | None] = mapped_column(SmallInteger)
    override_reason: Mapped[str | None]
    assessor: Mapped[str]
    assessed_on: Mapped[date]
    next_review: Mapped[date | None]
    recorded_at: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    recorded_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    enterprise_id: Mapped[int | None] = mapped_column(BigInteger, server_default=FetchedValue())


class Aggravation(Scoped, Model):
    """What darkens a point for the time being; each source keeps its own row."""

    __tablename__ = "aggravation"

    risk_point_id: Mapped[int] = mapped_column(ForeignKey("risk_point.id"), primary_key=True)
    source: Mapped[str] = mapped_column(primary_key=True)
    grade: Mapped[int] = mapped_column(SmallInteger)
    count: Mapped[int]
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    enterprise_id: Mapped[int | None] = mapped_column(BigInteger, server_default=FetchedValue())
