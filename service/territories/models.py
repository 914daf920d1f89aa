"""The tree of territories: statutory divisions and the functional zones that overlap them."""

from datetime import date, datetime

from geoalchemy2 import Geometry, WKBElement
from sqlalchemy import BigInteger, Computed, FetchedValue, ForeignKey, Identity
from sqlalchemy.orm import Mapped, mapped_column

from service.base.database import Ltree, Model


class Territory(Model):
    """One division or zone. boundary: MultiPolygon, SRID 4490; NULL where none is loaded."""

    __tablename__ = "territory"

    id: Mapped[int] = mapped_column(BigInteger, Identity(always=True), primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("territory.id"))
    path: Mapped[str] = mapped_column(Ltree)
    key: Mapped[str] = mapped_column(Computed("ltree2text(subpath(path, -1, 1))"))
    code: Mapped[str | None]
    level: Mapped[str]
    statutory: Mapped[bool] = mapped_column(Computed("level NOT IN ('functional_zone', 'zone_town')"))
    name: Mapped[str]
    boundary: Mapped[WKBElement | None] = mapped_column(
        Geometry("MULTIPOLYGON", srid=4490, spatial_index=False)
    )
    boundary_source: Mapped[str]
    boundary_indicative: Mapped[bool]
    valid_from: Mapped[date]
    valid_to: Mapped[date | None]
    city_code: Mapped[str | None] = mapped_column(server_default=FetchedValue())
    token: Mapped[int] = mapped_column(BigInteger, server_default=FetchedValue())
    recorded_from: Mapped[datetime] = mapped_column(server_default=FetchedValue())
