"""Dates to the days, months or years that are counted together."""

import re
from collections.abc import Iterable

_DATE = re.compile(r"(\d{4})(?:-?(0[1-9]|1[0-2])(?:-?(0[1-9]|[12]\d|3[01]))?)?(?:$|[T ])")
_LENGTHS = {"year": 4, "month": 7, "day": 10}
_MOST_MONTHS = 36  # in one chart; of more, years are counted

NO_DATE = "no date"


def split_option(given: str) -> tuple[str, str | None]:
    """A column, and what after a colon says how long a period is: date:year."""
    column, colon, period = given.rpartition(":")
    return (column, period) if colon and period in _LENGTHS else (given, None)


def day_of(value: object) -> str | None:
    """The date that a value begins with, as ISO 8601 has it, or what of it there is."""
    found = _DATE.match(str(value if value is not None else "").strip())
    return "-".join(filter(None, found.groups())) if found else None


def period_of(days: Iterable[str | None]) -> str:
    """The period that suits the dates: months, or years where there are too many months."""
    return "month" if len({day[:7] for day in days if day}) <= _MOST_MONTHS else "year"


def in_period(day: str | None, period: str) -> str:
    """The period of a date; a date that is too short for it belongs to none."""
    length = _LENGTHS[period]
    return day[:length] if day and len(day) >= length else NO_DATE
