"""Every state looks the same to a model whose recipe masks names."""

from collections.abc import Callable

import pytest

from training.masking import read_names
from training.network import PACKAGED, open_base

Tokens = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def tokens():
    base = open_base(PACKAGED, mask_names=True)
    return lambda text: base.tokenizer.encode(text).tokens


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("France condemned the raid.", "The United States condemned the raid."),
        ("In Pyongyang they agreed.", "In Washington, D.C. they agreed."),
        ("Two Iranian ships, two Iranians", "Two Swedish ships, two Swedes"),
        ("the Tehran-based group", "the Oslo-based group"),
        ("Côte d’Ivoire's offer", "the Republic of Korea's offer"),
        ("South Korean guns", "Guatemalan guns"),
        ("The U.S. agreed.", "The UK agreed."),
    ],
)
def test_swapping_names_changes_nothing(tokens: Tokens, one: str, other: str):
    assert tokens(one) == tokens(other)


@pytest.mark.parametrize(
    "text", ["cold turkey and fine china", "Chadwick", "the Indiana vote", "us"]
)
def test_other_words_stay(tokens: Tokens, text: str):
    assert not {"finland", "finnish", "helsinki"} & set(tokens(text))


def test_names_stay_where_the_recipe_says_so():
    tokenizer = open_base(PACKAGED, mask_names=False).tokenizer

    assert "france" in tokenizer.encode("France agreed.").tokens


def test_all_members_of_the_united_nations_have_names():
    names = read_names()

    assert len(names["state"]) > 300
    assert all(len(names[kind]) > 150 for kind in ("adjective", "capital"))
    assert not any(" " in name[:1] or name.islower() for kind in names.values() for name in kind)
