"""Words that programs write into cells where nothing is, as text has no other way to say so.

Only tables of text need them: JSON, Parquet and spreadsheets have an empty value of their own, and
in what we wrote an empty cell is empty. Spelt otherwise, such as "NA" or "Nan", they are names.
"""

from collections.abc import Mapping, Sequence

from data.exchange.formats.fields.options import ReadOptions
from data.exchange.formats.tables.layout import Layout
from data.exchange.formats.tables.table import COLUMNS, REST

_ANYWHERE = ("nan", "NaN", "<NA>", "NaT")  # of pandas
_OF_NAMES = ("None", "null", "NULL", "n/a", "N/A", "#N/A")


def without_filled(
    cells: Mapping[str, str], names: Sequence[str], layout: Layout, options: ReadOptions
) -> tuple[dict[str, str], tuple[str, ...]]:
    """The cells, those with such a word empty, and what to say about it.

    `names` are the columns of the table. What an answer says is left to the answer.
    """
    if tuple(names) == (*COLUMNS, REST):
        return dict(cells), ()
    named = ("annotator", options.doc or "doc", "doc")
    kept = layout.columns if not layout.tool else ()
    filled = {
        name: cell.strip()
        for name, cell in cells.items()
        if name not in kept
        if cell.strip() in _ANYWHERE or (name in named and cell.strip() in _OF_NAMES)
    }
    told = tuple(f"`{cell}` as an empty {name}" for name, cell in filled.items())
    return {**cells, **dict.fromkeys(filled, "")}, told
