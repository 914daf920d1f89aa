"""Enterprises and their sites. Columns that triggers keep are marked FetchedValue: nobody writes them here."""

from datetime import datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import ARRAY, BigInteger, FetchedValue, ForeignKey, Identity, Text
from sqlalchemy.orm import Mapped, mapped_column

from service.base.database import Ltree, Model


class Enterprise(Model):
    """A legal entity. uscc: 18 characters of GB 32100-2015, NULL while it is still to be supplied (待补)."""

    __tablename__ = "enterprise"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    uscc: Mapped[str | None]
    name: Mapped[str]
    industries: Mapped[list[str]] = mapped_column(ARRAY(Text))
    economy_code: Mapped[str | None]
    employees: Mapped[int | None]
    home_territory_id: Mapped[int] = mapped_column(ForeignKey("territory.id"))
    city_code: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    demo: Mapped[bool]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())
    changed_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    recorded_from: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    scope_paths: Mapped[list[str]] = mapped_column(ARRAY(Ltree), server_default=FetchedValue())
    industry_scopes: Mapped[list[str]] = mapped_column(ARRAY(Ltree), server_default=FetchedValue())


class Site(Model):
    """A plant, shop or building site (厂区/门店/工地) of an enterprise. geom: Point, SRID 4490."""

    __tablename__ = "site"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    enterprise_id: Mapped[int] = mapped_column(ForeignKey("enterprise.id"))
    number: Mapped[str]
    name: Mapped[str]
    address: Mapped[str]
    geom: Mapped[WKBElement | None] = mapped_column(Geometry("POINT", srid=4490, spatial_index=False))
    area: Mapped[WKBElement | None] = mapped_column(Geometry("MULTIPOLYGON", srid=4490, spatial_index=False))
    source_datum: Mapped[str | None]
    source_x: Mapped[str | None]
    source_y: Mapped[str | None]
    located_in_id: Mapped[int] = mapped_column(ForeignKey("territory.id"))
    located_stated: Mapped[bool]
    managed_by_id: Mapped[int] = mapped_column(ForeignKey("territory.id"))
    managed_reason: Mapped[str | None]
    demo: Mapped[bool]
    version: Mapped[int] = mapped_column(server_default=FetchedValue())
    changed_by: Mapped[str] = mapped_column(server_default=FetchedValue())
    recorded_from: Mapped[datetime] = mapped_column(server_default=FetchedValue())
    located_in_path: Mapped[str] = mapped_column(Ltree, server_default=FetchedValue())
    managed_by_path: Mapped[str] = mapped_column(Ltree, server_default=FetchedValue())
    industry_scopes: Mapped[list[str]] = mapped_column(ARRAY(Ltree), server_default=FetchedValue())


class SiteContact(Model):
    """A person to call at a site; a personal field."""

    __tablename__ = "site_contact"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    enterprise_id: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    role: Mapped[str]
    name: Mapped[str]
    phone: Mapped[str]
    located_in_path: Mapped[str] = mapped_column(Ltree, server_default=FetchedValue())
    managed_by_path: Mapped[str] = mapped_column(Ltree, server_default=FetchedValue())
    industry_scopes: Mapped[list[str]] = mapped_column(ARRAY(Ltree), server_default=FetchedValue())
