"""Near-duplicates are found wherever they stand, and only they."""

from data.annotation.near_duplicates import near_duplicates


def pairs(*texts: str, similarity: float = 0.6) -> list[tuple[int, int]]:
    return [(p.first, p.second) for p in near_duplicates(texts, similarity=similarity)]


def test_case_and_punctuation_do_not_hide_a_copy():
    assert pairs("The talks failed again.", "It rained.", "the talks, FAILED again!") == [(0, 2)]


def test_one_word_changed_in_a_long_sentence_is_near():
    text = "The delegation of Ostrava asks the chair to circulate the letter before the next vote"

    assert pairs(text, text.replace("letter", "note")) == [(0, 1)]


def test_other_words_in_one_frame_are_not():
    assert pairs("We condemn the raid on Sela.", "We welcome the truce of Sela.") == []


def test_a_formula_of_the_genre_does_not_make_everything_near():
    texts = [f"Let me thank the chair, said delegate {i} of {i}." for i in range(60)]

    assert pairs(*texts, similarity=0.9) == []
