"""What each unit of a text is, who speaks, and what stands outside the scored text."""

import pytest

from model.errors import UnusableSpans
from model.text.sentences import Layout, given_sentences, iter_sentences, read_sentences


def kinds(text: str) -> list[tuple[str, str]]:
    return [(each.kind, each.text) for each in read_sentences(text)]


@pytest.mark.parametrize(
    "line",
    [
        "-------",
        "______",
        "* * *",
        "|---|---|",
        "| |||",
        "</div>",
        "&nbsp;",
        "- 14 -",
        "Page 3 of 9",
        "H/RES/12/4",
        "H/PV.88 (Resumption 2)          14",
        "31-40021 (E)",
        "(more)",
        "Reporting by Tessa Lind; Editing by Omar Pell",
        "READ ALSO: Pilots refuse the offer",
        "Please recycle.",
        "Check against delivery",
        "The Secretariat bears no responsibility for the content of this page.",
        "Corrections should be sent to the Records Section.",
        "Home | News | Ports | Contact",
        "© Harbour Board 2031. All rights reserved.",
        "© 2031 Marn Shipping Ltd. and its licensors. All rights\nreserved.",
        "(c) 2031 Harbour Board",
        "Crown copyright 2031. Reproduced by permission.",
        "© Port of Audrey. All texts are free under the Harbour Licence unless said otherwise.",
    ],
)
def test_lines_of_the_page_are_furniture(line: str):
    text = f"We deplore the raid on the port.\n\n{line}\n\nWe want the crew back."

    assert kinds(text) == [
        ("sentence", "We deplore the raid on the port."),
        ("furniture", line),
        ("sentence", "We want the crew back."),
    ]


@pytest.mark.parametrize(
    "line",
    [
        "PILOTS REFUSE THE OFFER",
        "Statement on the Raid on the Port",
        "Background to the talks",
        "https://harbour.example/raid",
    ],
)
def test_titles_and_addresses_are_headings(line: str):
    assert kinds(f"{line}\n\nWe deplore the raid.")[0] == ("heading", line)


@pytest.mark.parametrize("claim", ["Copyright is theft.", "Copyright reform in 2031 was wrong."])
def test_a_sentence_about_copyright_is_a_sentence(claim: str):
    assert kinds(f"{claim}\n\nWe deplore the raid.")[0] == ("sentence", claim)


def test_what_is_claimed_behind_a_copyright_line_stays_a_sentence():
    assert kinds("© Harbour Board 2031. We reject the raid on the port.") == [
        ("furniture", "© Harbour Board 2031."),
        ("sentence", "We reject the raid on the port."),
    ]


def test_a_statement_without_a_full_stop_is_a_sentence():
    assert kinds("We deplore the raid on the port") == [
        ("sentence", "We deplore the raid on the port")
    ]


@pytest.mark.parametrize(
    ("label", "speaker"),
    [
        ("MR. PELL:", "MR. PELL"),
        ("Q:", "Q"),
        ("QUESTION:", "QUESTION"),
        ("The Chair:", "The Chair"),
        ("Ms. Lind (Tarsia):", "Ms. Lind (Tarsia)"),
        ("Ms. LIND.", "Ms. LIND"),
        ("The PRESIDING OFFICER.", "The PRESIDING OFFICER"),
        ("**DEPUTY LIND (TARSIA)**:", "DEPUTY LIND (TARSIA)"),
    ],
)
def test_a_speaker_label_is_a_unit_and_names_who_speaks_after_it(label: str, speaker: str):
    first, second, third = read_sentences(f"{label} We deplore the raid. They know it.")

    assert (first.kind, first.text) == ("speaker", label)
    assert [each.text for each in (second, third)] == ["We deplore the raid.", "They know it."]
    assert {(each.speaker, each.turn) for each in (first, second, third)} == {(speaker, 0)}


def test_turns_are_counted_and_last_until_the_next_label():
    text = "Good morning.\nQ: Is it true? I doubt it.\nA: It is.\nQ: Why?"

    spoken = [(each.speaker, each.turn) for each in read_sentences(text) if each.kind == "sentence"]

    assert spoken == [(None, None), ("Q", 0), ("Q", 0), ("A", 1), ("Q", 2)]


def test_a_name_by_itself_is_a_speaker_where_names_stand_so_again():
    text = "Mr. Pell\nWe deplore it.\nMs. Lind\nWe do not.\nMr. Pell\nYou should.\nMs. Lind\nNo."

    assert [kind for kind, _ in kinds(text)] == ["speaker", "sentence"] * 4


def test_marks_and_datelines_are_told_and_not_scored():
    text = "AUDREY, May 3 (HNA) -- The pilots left.\n\n(a) Open the lock;\n(b) close the weir."

    marks = [each.mark and text[slice(*each.mark)] for each in read_sentences(text)]

    assert marks == ["AUDREY, May 3 (HNA) --", "(a)", "(b)"]


def test_a_page_header_in_a_sentence_is_taken_out_and_returned_as_furniture():
    text = "The pilots of the port have\n\nH/PV.88          14\n\nnever been paid."

    sentence, header = read_sentences(text)

    assert (header.kind, header.text) == ("furniture", "H/PV.88          14")
    assert [text[a:b] for a, b in sentence.parts] == [
        "The pilots of the port have",
        "never been paid.",
    ]
    assert sentence.text == text
    assert sentence.scored == "The pilots of the port have\nnever been paid."


def test_running_headers_are_known_by_their_repetition():
    page = "The board of the river has\nonce more heard the pilots of\n"
    text = "".join(f"{page}Harbour Review\nthe port.\n" for _ in range(3))

    assert [kind for kind, _ in kinds(text)].count("furniture") == 3


def test_chapters_that_are_numbered_are_no_running_headers():
    text = "\n\n".join(f"Article {n}\n\nThe lock is open." for n in range(1, 6))

    assert {kind for kind, _ in kinds(text)} == {"heading", "sentence"}


def test_quoted_mail_is_read_without_its_marks():
    text = "> We deplore the raid on the\n> Port of Audrey.\n\nSo do we."

    quoted, reply = read_sentences(text)

    assert quoted.scored == "We deplore the raid on the\nPort of Audrey."
    assert reply.parts == ()


def test_markup_is_kept_in_the_text_and_left_out_of_what_is_scored():
    text = "<p>We <b>deplore</b> [the raid](https://a.example/b).</p>"

    (sentence,) = read_sentences(text)

    assert sentence.text == text
    assert " ".join(sentence.scored.split()) == "We deplore the raid."


def test_sentences_of_a_quotation_say_whose_it_is():
    text = (
        "“We thank the crew. We deplore the raid,” Minister Lind told reporters. Nobody answered."
    )

    first, second, third = read_sentences(text)

    assert {text[slice(*each.attribution or (0, 0))] for each in (first, second)} == {
        "Minister Lind told reporters"
    }
    assert third.attribution is None


def test_a_quotation_over_paragraphs_keeps_its_speaker():
    text = "The minister said: “We thank the crew.\n\n“We deplore the raid.”"

    assert [text[slice(*s.attribution or (0, 0))] for s in read_sentences(text)] == [
        "The minister said:"
    ] * 2


def test_an_attribution_by_itself_is_one():
    text = "The minister said this to the press:\n\n“We thank the crew. We deplore the raid.”"

    units = read_sentences(text)

    assert [each.kind for each in units] == ["attribution", "sentence", "sentence"]
    assert {each.attribution for each in units[1:]} == {(units[0].start, units[0].end)}


def test_quotations_can_be_kept_whole():
    text = "“We thank the crew. We deplore the raid,” she said. Nobody answered."

    assert len(read_sentences(text, whole_quotations=True)) == 2


def test_one_sentence_a_line_is_taken_at_its_word():
    text = "We thank the crew. We deplore it.\nThe mayor of\nAudrey left"

    lines = read_sentences(text, layout=Layout.ONE_SENTENCE_PER_LINE)

    assert [each.text for each in lines] == text.split("\n")


def test_lines_that_are_paragraphs_are_never_joined():
    text = "We thank the crew of the\nPort of Audrey. It left."

    units = read_sentences(text, layout=Layout.PARAGRAPHS)

    assert [each.text for each in units] == [
        "We thank the crew of the",
        "Port of Audrey.",
        "It left.",
    ]


def test_wrapped_lines_are_always_joined():
    text = "Pilots\nRefuse Again\n\nIt left."

    units = read_sentences(text, layout=Layout.WRAPPED)

    assert [each.text for each in units] == ["Pilots\nRefuse Again", "It left."]


def test_sentences_that_the_sender_marks_are_taken_as_they_are():
    text = "We thank the crew. We deplore it. They left."

    marked = given_sentences(text, [(0, 18), (19, 33)])

    assert [each.text for each in marked] == ["We thank the crew.", "We deplore it."]


@pytest.mark.parametrize("spans", [[(3, 3)], [(0, 99)], [(4, 8), (7, 9)], [(-1, 4)], [(5, 2)]])
def test_spans_that_are_no_sentences_are_refused(spans: list[tuple[int, int]]):
    with pytest.raises(UnusableSpans, match="span"):
        given_sentences("We thank the crew.", spans)


def test_sentences_can_be_had_one_paragraph_after_another():
    text = "We thank the crew.\n\n" * 1000

    assert next(iter_sentences(text)) == read_sentences(text)[0]
