"""What pages, records and mail repeat is read in a time that grows with its length."""

import pytest

from model.text.sentences import read_sentences
from tests.model.text.test_sentences import best_of


@pytest.mark.parametrize(
    "unit",
    [
        "Q  a\n",
        "Q\n",
        "Q. A. ",
        "Abc (d) ",
        "ABC ",
        "Abc (d) (e):\n",
        "Mr. ODAL. A\n",
        "Abc. - ",
        "[12:30] ",
        "> a\nb\n",
        "| a\n",
        "___\n1 See A/1\n",
        "the\n\n1 See A/1 the\n\n",
        "1  of the men\n",
        "5    of the men\n",
        "A   b   1\n",
        "http://a 1/2\n",
        "Facebook ",
        "1 comments ",
        "privacy policy terms of use ",
        "MAY 3, ",
    ],
    ids=repr,
)
def test_time_grows_linearly(unit: str):
    """Four times the text may take eight times as long; a quadratic reader takes sixteen."""
    small, large = unit * (4_000 // len(unit)), unit * (16_000 // len(unit))

    assert len(read_sentences(small)) <= len(small)
    assert best_of(3, large) < 8 * best_of(3, small) + 0.02
