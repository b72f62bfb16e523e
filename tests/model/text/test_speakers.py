"""Who speaks: labels of briefings, records and interviews, and lines that only look like them."""

import pytest

from model.text.sentences import read_sentences


def turns(text: str) -> list[tuple[str | None, str]]:
    """Speaker and words of everything that is said."""
    return [(each.speaker, each.text) for each in read_sentences(text) if each.kind == "sentence"]


@pytest.mark.parametrize(
    ("label", "speaker"),
    [
        ("ADMIRAL VOSS:", "ADMIRAL VOSS"),
        ("DEPUTY HARBOUR SECRETARY VOSS:", "DEPUTY HARBOUR SECRETARY VOSS"),
        ("SENIOR PORT OFFICIAL ONE:", "SENIOR PORT OFFICIAL ONE"),
        ("MINISTER OF RIVERS:", "MINISTER OF RIVERS"),
        ("Foreign Secretary Tessa Voss:", "Foreign Secretary Tessa Voss"),
        (
            "The Minister of State for Rivers (Mr. Voss):",
            "The Minister of State for Rivers (Mr. Voss)",
        ),
        ("Mr Tom van der Voss:", "Mr Tom van der Voss"),
        ("Hon. (Dr.) Voss:", "Hon. (Dr.) Voss"),
        ("Tessa Voss (Lower Tarn) (Ind):", "Tessa Voss (Lower Tarn) (Ind)"),
        ("Some hon. Members:", "Some hon. Members"),
        ("An Hon. MEMBER:", "An Hon. MEMBER"),
        ("STAFF:", "STAFF"),
        ("PARTICIPANT:", "PARTICIPANT"),
        ("Correspondent:", "Correspondent"),
        ("Q2:", "Q2"),
        ("Tessa Voss (Greens). –", "Tessa Voss (Greens)"),
        (
            "Tessa Voss, on behalf of the River Group. –",
            "Tessa Voss, on behalf of the River Group.",
        ),
        ("[00:12:40] ADMIRAL VOSS:", "ADMIRAL VOSS"),
        ("[Voss]:", "Voss"),
        ("MS. VOSS: (Through an interpreter.)", "MS. VOSS"),
    ],
)
def test_titles_offices_and_roles_are_labels_wherever_they_stand(label: str, speaker: str):
    text = f"MR. PELL: We deplore the raid.\n\n{label} The pilots must be paid. They know it."

    assert [words for _, words in turns(text)][1:] == ["The pilots must be paid.", "They know it."]
    names = {who for who, _ in turns(text)[1:]}
    assert len(names) == 1
    assert "MR. PELL" not in names
    assert names == {speaker}


@pytest.mark.parametrize(
    "question",
    ["Q    Why is it shut?", "Q\tWhy is it shut?", "Q Why is it shut?", "Q. Why is it shut?"],
)
def test_a_question_needs_no_colon(question: str):
    text = f"{question}\n\nMR. PELL:  It is not.\n\n{question}"

    assert turns(text) == [
        ("Q", "Why is it shut?"),
        ("MR. PELL", "It is not."),
        ("Q", "Why is it shut?"),
    ]


def test_questions_and_answers_on_one_line():
    assert turns("Q. Is it shut? A. No. We opened it. Q. When?") == [
        ("Q", "Is it shut?"),
        ("A", "No."),
        ("A", "We opened it."),
        ("Q", "When?"),
    ]


def test_labels_on_lines_of_their_own():
    text = "THE CHAIR\n\nWe open.\n\nQ\n\nIs it shut?\n\nTHE CHAIR\n\nNo."

    assert turns(text) == [("THE CHAIR", "We open."), ("Q", "Is it shut?"), ("THE CHAIR", "No.")]


@pytest.mark.parametrize(
    "text",
    [
        "Tessa Voss: The lock is shut.\n\nOmar Pell: Why?\n\nTessa Voss: It leaks.",
        "TESSA VOSS: The lock is shut.\nOMAR PELL: Why?\nTESSA VOSS: It leaks.",
        "Tess Voss, HPU: The lock is shut.\nOmar Pell, HNA: Why?\nTess Voss, HPU: It leaks.",
        ">> VOSS: The lock is shut.\n>> PELL: Why?\n>> VOSS: It leaks.",
        "[00:01:02] Voss: The lock is shut.\n[00:01:09] Pell: Why?\n[00:01:12] Voss: It leaks.",
        "Voss: The lock is shut.\nHarbour News: Why?\nVoss: It leaks.\nPell: When?\nVoss: Now.",
        "Mr. VOSS. The lock is shut. Ms. PELL. Why? Mr. VOSS. It leaks.",
        "Sen. Voss. The lock is shut.\n Mr. Pell. Why?\n Sen. Voss. It leaks.\n  Mr. Pell. No.",
    ],
)
def test_a_name_is_a_label_where_the_text_has_labels(text: str):
    said = turns(text)

    assert [words for _, words in said][:3] == ["The lock is shut.", "Why?", "It leaks."]
    first, other, again = (who for who, _ in said[:3])
    assert None not in (first, other)
    assert first == again != other


def test_somebody_who_is_interrupted_does_not_say_the_rest():
    text = "MS. PELL: We have told the pilots of the –\nQ: When?\nMS. PELL: In May."

    assert [who for who, _ in turns(text)] == ["MS. PELL", "Q", "MS. PELL"]


@pytest.mark.parametrize(
    "text",
    [
        "The pilot added: We refuse.",
        "Note: The lock is shut.",
        "Update: They must leave.",
        "Tarn Valley: The lock is shut.\n\nLower Tarn: The weir is open.",
        "General Assembly: The debate is open.\n\nRiver Council: It is not.",
        "Quays must be paid for.\n\nQuiet is needed.",
        "A pilot came. A lock was shut.",
        "In the words of\nMr. Voss, the lock is shut.",
        "We call on all: Open the lock.",
        "The choice is this: Peace or war.",
        "Question marks abound. They will go.",
    ],
)
def test_what_only_looks_like_a_label_is_said(text: str):
    units = read_sentences(text)

    assert {each.kind for each in units} <= {"sentence", "heading"}
    assert {each.speaker for each in units} == {None}
    assert "".join("".join(each.text.split()) for each in units) == "".join(text.split())
