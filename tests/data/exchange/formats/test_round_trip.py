"""What is exported and imported again is held as before, in every format that is written."""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.exchange.exporting import write_rows
from data.exchange.formats.choose import FORMATS, Format
from data.exchange.formats.options import ReadOptions
from data.judgements.event import Act, Event, event_row
from data.judgements.resolve import Resolved, resolve
from data.judgements.rows_to_events import Intake, parse_rows
from data.judgements.standing import current_events
from model.stance import STANCES

NOW = datetime(2026, 11, 26, 12, tzinfo=UTC)
WRITTEN = {name: form for name, form in FORMATS.items() if form.write}

texts = st.sampled_from(
    [
        "They must leave.",
        "they  must leave.",
        'He said "no", and\nwent; twice.',
        "=1+1",
        " A space before",
        "none",
        "İstanbul’da buluştular, dedi\tbakan",
        "1",
    ]
)
times = st.timedeltas(timedelta(0), timedelta(seconds=3)).map(
    lambda ago: f"{(NOW - ago).replace(tzinfo=None).isoformat(timespec='microseconds')}Z"
)
names = st.sampled_from(["anna", "b@c.de", "7", "Jörg; der, | Zweite"])
details = st.fixed_dictionaries(
    {},
    optional={
        "id": st.sampled_from(["s1", "42"]),
        "hard": st.booleans(),
        "year": st.integers(1900, 2100),
        "register": st.just("cable"),
        "note": st.one_of(st.none(), st.text(max_size=5), st.lists(st.integers(), max_size=2)),
    },
).map(lambda fields: {k: v for k, v in fields.items() if v is not None})


@st.composite
def events(draw: st.DrawFn) -> Event:
    act = draw(st.sampled_from(Act))
    chosen = draw(st.sets(st.sampled_from(STANCES)))
    labels = tuple(stance for stance in STANCES if stance in chosen)
    place = draw(st.sampled_from([(None, None), ("d1", None), ("d1", 3), ("2", 0)]))
    return Event(
        act=act,
        text=draw(texts),
        annotator=draw(names),
        at=draw(times),
        labels=labels if act in (Act.LABEL, Act.ADJUDICATE) else (),
        doc=place[0],
        n=place[1],
        source=draw(st.sampled_from([None, "api"])),
        selected_by=draw(st.sampled_from([None, "random"])),
        suggested_by=draw(st.sampled_from([None, "v7"])),
        details=draw(details),
    )


def there_and_back(said: Sequence[Event], form: Format) -> Intake:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "out"
        write_rows([event_row(each) for each in current_events(said)], path, form)
        return parse_rows(list(form.read(path, ReadOptions())), file="out", now=NOW)


def view(resolved: Sequence[Resolved]) -> dict[str, object]:
    return {each.item: each for each in resolved}


@pytest.mark.parametrize("name", WRITTEN)
@settings(max_examples=60, deadline=None)
@given(said=st.lists(events(), max_size=12, unique_by=lambda e: (e.text_hash, e.annotator, e.at)))
def test_export_then_import_gives_the_same_resolved_view(name: str, said: list[Event]):
    again = there_and_back(said, WRITTEN[name])

    assert again.faults == []
    assert view(resolve(again.events)) == view(resolve(said))


@pytest.mark.parametrize("name", WRITTEN)
def test_nothing_exported_is_nothing_imported(name: str):
    again = there_and_back([], WRITTEN[name])

    assert (again.events, again.faults, again.unanswered) == ([], [], 0)


def test_nearly_all_formats_are_written():
    assert set(FORMATS) - set(WRITTEN) == {"statements", "argilla-1", "doccano", "cats", "xlsx"}
