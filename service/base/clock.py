"""The only place that reads the clock; everything else is handed `now`."""

from datetime import UTC, date, datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from fastapi import Depends

# Dates of assessments and reviews are Chinese calendar days; China has one civil time.
CHINA = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """This moment, aware, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The Chinese calendar day of a moment."""
    return moment.astimezone(CHINA).date()


NowDep = Annotated[datetime, Depends(now)]
