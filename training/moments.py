"""A date or a time as people type it on a command line."""

import argparse
from datetime import UTC, datetime, timedelta


def moment_or_day(text: str) -> tuple[datetime, datetime]:
    """A time, twice, or the first and last moment of a date; UTC where no offset is given."""
    try:
        parsed = datetime.fromisoformat(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is no date or time in ISO 8601") from error
    since = parsed.astimezone(UTC) if parsed.tzinfo else parsed.replace(tzinfo=UTC)
    if since > datetime.now(UTC):
        raise argparse.ArgumentTypeError(f"{text} has not come yet")
    is_date = len(text) == len("2026-01-31") and "T" not in text
    return since, since + timedelta(days=1, microseconds=-1) if is_date else since
