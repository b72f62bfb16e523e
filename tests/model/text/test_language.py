"""Texts that are not English are told from those that are."""

from pathlib import Path

from data.annotation.files import corpus_files
from data.annotation.json_lines import read_json_lines
from model.text.language import foreign_language, foreign_sentences
from model.text.sentences import read_sentences

ROWS = [
    line.split("\t")
    for line in Path(__file__).with_name("languages.tsv").read_text(encoding="utf-8").splitlines()
]


def test_most_short_sentences_of_twelve_languages_are_told():
    told = [foreign_language(text) is not None for _, text in ROWS]

    assert sum(told) >= 0.95 * len(told)


def test_sentences_that_are_too_short_take_the_language_of_their_text():
    for language in {code for code, _ in ROWS}:
        sentences = read_sentences("\n\n".join(text for code, text in ROWS if code == language))

        assert set(foreign_sentences(sentences)) == {each.index for each in sentences}


def test_a_foreign_sentence_in_an_english_text_is_told_by_itself():
    text = "We deplore the raid. Wir verurteilen den Angriff auf den Hafen. It must end."

    assert foreign_sentences(read_sentences(text)) == {1: "de"}


def test_short_and_strange_texts_are_not_called_foreign():
    for text in (
        "Yes.",
        "MR. PELL:",
        "Aye!",
        "....",
        "",
        "\x00\ufffe",
        "PILOTS REFUSE OFFER",
        "3.5",
        "No. 207/2031 - Embargo: 14:30",
    ):
        assert foreign_language(text) is None


def test_no_sentence_of_the_corpus_is_called_foreign():
    rows = [row for path in corpus_files() for _, row, _ in read_json_lines(path)]
    texts = [row["text"] for row in rows if isinstance(row, dict)]

    assert len(texts) > 5_000
    assert [text for text in texts if foreign_language(text)] == []
