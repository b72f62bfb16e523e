"""What each answer of each tool becomes, and what is refused because it could be two things."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from data.exchange.formats.fields.options import ReadOptions, parse_names
from data.exchange.importing import Source, read_source
from data.judgements.rows_to_events import Intake
from model.errors import FormatUnknown, InvalidData

NOW = datetime(2026, 11, 26, tzinfo=UTC)
RIVER = "The lower states must open the sluices."
FERRY = "We thank the ferrymen for their patience."


def read(path: Path, content: object, **said: Any) -> Intake:
    if isinstance(content, bytes):
        path.write_bytes(content)
    else:
        text = content if isinstance(content, str) else json.dumps(content)
        path.write_bytes(text.encode())
    own = {name: said.pop(name) for name in ("format_name", "annotator") if name in said}
    if "names" in said:
        said["names"] = parse_names(str(said["names"]))
    return read_source(Source(path, options=ReadOptions(**said), **own), now=NOW)


def lines(*rows: object) -> str:
    return "\n".join(map(json.dumps, rows)) + "\n"


def answers(intake: Intake) -> list[tuple[str, object]]:
    said = [(e.annotator, str(e.act), list(map(str, e.labels))) for e in intake.events]
    return [(who, labels if act == "label" else act) for who, act, labels in said]


def choices(*labels: str, name: str = "stance", **value: object) -> dict:
    value = {"choices": list(labels), **value}
    return {"from_name": name, "to_name": "text", "type": "choices", "value": value}


def note(text: str) -> dict:
    value = {"text": [text]}
    return {"from_name": "note", "to_name": "text", "type": "textarea", "value": value}


def task(*annotations: dict, **beside: Any) -> dict:
    data = {"text": RIVER, **beside.pop("data", {})}
    return {"id": 4, "data": data, "annotations": list(annotations), **beside}


def by(person: object, *result: dict, **fields: object) -> dict:
    return {"completed_by": person, "result": list(result), **fields}


def record(responses: object, **fields: object) -> dict:
    return {"id": "r", "fields": {"text": RIVER}, "responses": responses, **fields}


DEMAND: list[str]
NONE: list[str]
DEMAND, NONE, SKIP = ["demand"], [], "skip"
READ: dict[str, tuple[str, Any, dict[str, Any], Any]] = {
    # the product's own rows as one array keep their acts
    "own rows in an array": (
        "a.json",
        [
            {"text": RIVER, "act": "skip", "annotator": "ida", "at": "2026-01-02T00:00:00Z"},
            {"text": FERRY, "labels": ["demand"], "act": "adjudicate", "annotator": "chair"},
            {"text": "Gone.", "act": "retract", "annotator": "ida"},
        ],
        {},
        [("ida", SKIP), ("chair", "adjudicate"), ("ida", "retract")],
    ),
    "own rows in an array, labels alone": (
        "a.json",
        [{"text": RIVER, "labels": [], "annotator": "ida"}],
        {},
        [("ida", NONE)],
    ),
    "one object over several lines": (
        "a.json",
        json.dumps({"text": RIVER, "labels": ["demand"]}, indent=2),
        {},
        [("unnamed", DEMAND)],
    ),
    "lines in a .json": ("a.json", lines({"text": RIVER, "labels": []}), {}, [("unnamed", NONE)]),
    "a byte order mark and a blank last line": (
        "a.jsonl",
        "\ufeff" + lines({"text": RIVER, "labels": ["demand"]}) + "\n\n",
        {},
        [("unnamed", DEMAND)],
    ),
    "labels as people write them": (
        "a.jsonl",
        lines(
            {"text": RIVER, "labels": "Demand", "annotator": 3},
            {"text": FERRY, "labels": ["NONE"]},
            {"text": "Hm.", "labels": {"agreement": 0, "criticism": 1, "demand": False}},
            {"text": "So.", "agreement": 1, "criticism": 0, "demand": 0},
        ),
        {},
        [
            ("3", DEMAND),
            ("unnamed", NONE),
            ("unnamed", ["criticism"]),
            ("unnamed", ["agreement"]),
        ],
    ),
    "other names of fields and labels": (
        "a.jsonl",
        lines(
            {"sentence": RIVER, "verdict": "Insists", "labels": ["demand"], "file": 12},
            {"sentence": FERRY, "verdict": ["Nothing"], "text": "kept"},
            {"sentence": "Hm.", "verdict": "Unclear"},
            {"sentence": "To do.", "verdict": "Later"},
        ),
        {
            "text": "sentence",
            "labels": "verdict",
            "doc": "file",
            "names": "Insists=demand; nothing = none; Unclear=skip; Later=unanswered",
        },
        [("unnamed", DEMAND), ("unnamed", NONE), ("unnamed", SKIP)],
    ),
    "one place a class": (
        "a.jsonl",
        lines(
            {"text": RIVER, "labels": [0, 0, 1]},
            {"text": FERRY, "labels": [0.0, 0.0, 0.0]},
            {"text": "Hm.", "labels": [1, 1, 0]},
        ),
        {"classes": ("agreement", "criticism", "demand")},
        [("unnamed", DEMAND), ("unnamed", NONE), ("unnamed", ["agreement", "criticism"])],
    ),
    "numbers of classes": (
        "a.jsonl",
        lines({"text": RIVER, "labels": [2]}, {"text": FERRY, "labels": 3}),
        {"classes": ("agreement", "criticism", "demand", "none")},
        [("unnamed", DEMAND), ("unnamed", NONE)],
    ),
    "numbers by the map": (
        "a.jsonl",
        lines({"text": RIVER, "labels": [7]}),
        {"names": "7=demand"},
        [("unnamed", DEMAND)],
    ),
    "Label Studio before 1.0": (
        "a.json",
        [
            {"data": {"text": RIVER}, "completions": [{"result": [choices("Demand")], "id": 1}]},
            {"data": {"text": FERRY}, "completions": [{"result": [], "skipped": True}]},
            {"data": {"text": "Hm."}, "completions": [{"result": [], "created_at": 1600000000}]},
        ],
        {},
        [("unnamed", DEMAND), ("unnamed", SKIP), ("unnamed", NONE)],
    ),
    "Label Studio reviews": (
        "a.json",
        [
            task(
                by(1, choices("demand"), reviews=[{"accepted": False}]),
                by(2, choices("demand"), reviews=[{"accepted": True}]),
                by(
                    3,
                    reviews=[
                        {"accepted": True, "created_at": "2026-02-01T00:00:00Z"},
                        {"accepted": False, "created_at": "2026-01-01T00:00:00Z"},
                    ],
                ),
                by(4, choices("demand"), last_action="rejected"),
            )
        ],
        {},
        [("2", DEMAND), ("3", NONE)],
    ),
    "Label Studio's number and e-mail in one file": (
        "a.json",
        [
            task(by({"id": 7, "email": "ida@river.example"}, choices("demand"))),
            {"data": {"text": FERRY}, "annotations": [by(7)]},
        ],
        {},
        [("ida@river.example", DEMAND), ("ida@river.example", NONE)],
    ),
    "Label Studio with a second control, told apart by name": (
        "a.json",
        [task(by(1, choices("demand"), choices("none", name="tone"), note("why")))],
        {"labels": "stance"},
        [("1", DEMAND)],
    ),
    "Label Studio, a yes or no a label": (
        "a.json",
        [
            task(
                by(
                    1,
                    choices("No", name="agreement"),
                    choices("no", name="criticism"),
                    choices("Yes", name="demand"),
                )
            )
        ],
        {},
        [("1", DEMAND)],
    ),
    "Label Studio, a note and no choice, told what it means": (
        "a.json",
        [task(by(1, note("why")), by(2, choices("demand")))],
        {"names": "=skip"},
        [("1", SKIP), ("2", DEMAND)],
    ),
    "Label Studio taxonomy": (
        "a.json",
        [
            task(
                by(
                    1,
                    {
                        "from_name": "kind",
                        "type": "taxonomy",
                        "value": {"taxonomy": [["Stance", "Asks"]]},
                    },
                )
            )
        ],
        {"names": "Stance > Asks=demand"},
        [("1", DEMAND)],
    ),
    "one annotation of Label Studio's storage, and a webhook": (
        "a.jsonl",
        lines(
            {"id": 9, "task": {"data": {"text": RIVER}}, **by(1, choices("demand"))},
            {
                "action": "ANNOTATION_UPDATED",
                "task": {"data": {"text": FERRY}},
                "annotation": by(2, was_cancelled=True),
            },
        ),
        {},
        [("1", DEMAND), ("2", SKIP)],
    ),
    "JSON_MIN of a task that nobody has done": (
        "a.json",
        [
            {"id": 1, "text": RIVER, "stance": "demand", "annotator": 1, "annotation_id": 5},
            {"id": 2, "text": FERRY, "annotator": "", "annotation_id": None, "lead_time": None},
            {"id": 3, "text": "Hm.", "annotator": 1, "annotation_id": 6},
        ],
        {},
        [("1", DEMAND), ("1", NONE)],
    ),
    "JSON_MIN with the model's label beside it, told apart": (
        "a.json",
        [
            {"id": 1, "text": RIVER, "forecast": "demand", "annotator": 1, "annotation_id": 5},
            {
                "id": 2,
                "text": FERRY,
                "forecast": "demand",
                "view": {"choices": ["none"]},
                "annotator": 1,
                "annotation_id": 6,
            },
        ],
        {"labels": "view", "names": "=none"},
        [("1", NONE), ("1", NONE)],
    ),
    "Label Studio's CSV: cancelled, none as an empty cell, not done": (
        "a.csv",
        "annotation_id,annotator,id,lead_time,stance,text,was_cancelled\n"
        f"1,4,1,2.0,Demand,{RIVER},False\n"
        f"2,4,2,2.0,Demand,{FERRY},True\n"
        "3,4,3,2.0,,Nothing here.,False\n"
        ",,4,,,Not done.,\n",
        {},
        [("4", DEMAND), ("4", SKIP), ("4", NONE)],
    ),
    "Argilla 1.x": (
        "a.jsonl",
        lines(
            {
                "text": RIVER,
                "annotation": ["demand"],
                "annotation_agent": "ida",
                "status": "Discarded",
                "prediction": [{"label": "demand", "score": 0.9}],
            },
            {
                "inputs": {"text": FERRY},
                "annotation": [],
                "annotation_agent": "ida",
                "status": "Validated",
            },
            {"text": "Hm.", "annotation": None, "status": "Default"},
            {"text": "So.", "annotation": "Demand", "annotation_agent": "bo"},
        ),
        {},
        [("ida", SKIP), ("ida", NONE), ("bo", DEMAND)],
    ),
    "Argilla with several questions, told which": (
        "a.json",
        [
            record(
                [
                    {
                        "user_id": "u1",
                        "status": "submitted",
                        "values": {"quality": {"value": "none"}, "stance": {"value": ["demand"]}},
                    },
                    {"user_id": "u2", "values": {"quality": {"value": "none"}}},
                    {"user_id": "u3", "status": "discarded", "values": None},
                ]
            )
        ],
        {"labels": "stance"},
        [("u1", DEMAND), ("u3", SKIP)],
    ),
    "Argilla's flat records": (
        "a.json",
        [
            {
                "id": "1",
                "text": RIVER,
                "labels.responses": [["demand"], ["none"], None],
                "labels.responses.users": ["u1", "u2", "u3"],
                "labels.responses.status": ["submitted", "submitted", "draft"],
                "labels.suggestion": ["criticism"],
            }
        ],
        {},
        [("u1", DEMAND), ("u2", NONE)],
    ),
    "Prodigy's options by their text": (
        "a.jsonl",
        lines(
            {
                "text": RIVER,
                "options": [{"id": 0, "text": "Agreement"}, {"id": 1, "text": "Demand"}],
                "accept": [1],
                "answer": "accept",
                "_session_id": "2026-01-05_09-12-33",
            },
            {"text": FERRY, "options": [], "accept": [], "answer": "reject"},
        ),
        {},
        [("unnamed", DEMAND), ("unnamed", SKIP)],
    ),
    "Prodigy's categories": (
        "a.jsonl",
        lines(
            {
                "text": RIVER,
                "cats": {"AGREEMENT": 0.0, "CRITICISM": 0.0, "DEMAND": 1.0},
                "answer": "accept",
                "_annotator_id": "bo",
            }
        ),
        {},
        [("bo", DEMAND)],
    ),
    "Prodigy's review decides": (
        "a.jsonl",
        lines(
            {
                "text": RIVER,
                "accept": ["demand"],
                "answer": "accept",
                "versions": [{"accept": []}, {"accept": ["demand"]}],
                "_view_id": "review",
                "_annotator_id": "chair",
            }
        ),
        {},
        [("chair", "adjudicate")],
    ),
    "Prodigy's data sets taken off the names": (
        "a.jsonl",
        lines(
            {"text": RIVER, "accept": [], "answer": "accept", "_annotator_id": "first-ida"},
            {"text": FERRY, "accept": [], "answer": "accept", "_annotator_id": "second-ida"},
        ),
        {"people": {"first-*": "*", "second-ida": "ida"}},
        [("ida", NONE), ("ida", NONE)],
    ),
    "spaCy's categories, and pairs of them": (
        "a.json",
        [
            [RIVER, {"cats": {"agreement": False, "criticism": False, "demand": True}}],
            [FERRY, {"cats": {"agreement": 0, "criticism": 0, "demand": 0}}],
        ],
        {},
        [("unnamed", DEMAND), ("unnamed", NONE)],
    ),
    "doccano": (
        "a.jsonl",
        lines(
            {"id": 1, "text": RIVER, "label": ["demand"], "Comments": []},
            {"id": 2, "data": FERRY, "label": ["Agreement", "demand"], "user": 3},
            {"id": 3, "text": "Hm.", "label": []},
        ),
        {"names": "=none"},
        [("unnamed", DEMAND), ("3", ["agreement", "demand"]), ("unnamed", NONE)],
    ),
    "doccano's CSV": (
        "a.csv",
        f"id,data,label\n1,{RIVER},demand#criticism\n",
        {},
        [("unnamed", ["criticism", "demand"])],
    ),
    "lists as pandas and numpy print them, and separators": (
        "a.csv",
        "text,labels\nOne.,\"['demand', 'criticism']\"\nTwo.,['demand' 'criticism']\n"
        "Three.,criticism/demand\nFour.,criticism + demand\nFive.,[]\n",
        {},
        [("unnamed", ["criticism", "demand"])] * 4 + [("unnamed", NONE)],
    ),
    "a table with tabs and a line that says so": (
        "a.csv",
        f"sep=;\ntext;labels\n{RIVER};demand\n\n",
        {},
        [("unnamed", DEMAND)],
    ),
    "tabs in a .csv": ("a.csv", f"text\tlabels\n{RIVER}\tnone\n", {}, [("unnamed", NONE)]),
    "semicolons and a comma in the header": (
        "a.csv",
        f'text;labels;"remark, free"\n{RIVER};demand;x\n',
        {},
        [("unnamed", DEMAND)],
    ),
    "quotes that are text": (
        "a.tsv",
        'text\tlabels\n"They turned back, she said.\tdemand\nIt snowed.\tnone\n'
        'He called it "a ruse" again.\tcriticism\n',
        {},
        [("unnamed", DEMAND), ("unnamed", NONE), ("unnamed", ["criticism"])],
    ),
    "nothing as pandas prints it": (
        "a.csv",
        f"text,labels,annotator,doc\n{RIVER},demand,nan,NaN\n{FERRY},none,None,d1\n",
        {},
        [("unnamed", DEMAND), ("unnamed", NONE)],
    ),
    "a column for none": (
        "a.csv",
        "text,agreement,criticism,demand,none\nOne.,0,0,1,0\nTwo.,0,0,0,1\nThree.,0,0,0,0\n",
        {},
        [("unnamed", DEMAND), ("unnamed", NONE)],
    ),
    "an encoding that was told": (
        "a.csv",
        "text,labels\nDie Brücke must stay open.,demand\n".encode("cp1252"),
        {"encoding": "cp1252"},
        [("unnamed", DEMAND)],
    ),
    "UTF-16 with its mark": (
        "a.csv",
        f"text,labels\n{RIVER},demand\n".encode("utf-16"),
        {},
        [("unnamed", DEMAND)],
    ),
    "a statement with names of labels": (
        "a.jsonl",
        lines({"text": RIVER, "sentences": [{"start": 0, "end": len(RIVER), "labels": ["Asks"]}]}),
        {"names": "Asks=demand"},
        [("unnamed", DEMAND)],
    ),
}


@pytest.mark.parametrize("case", READ)
def test_an_answer_keeps_its_meaning(tmp_path: Path, case: str):
    name, content, said, expected = READ[case]

    intake = read(tmp_path / name, content, **said)

    assert intake.faults == []
    assert answers(intake) == expected


TWO = f"text,labels,label\n{RIVER},none,demand\n"
REFUSED = {
    # file, content, what was said about it, what the message has to say
    "a stray quote in a CSV": (
        "a.csv",
        'text,labels\n"They turned back, she said.,demand\nIt snowed.,none\n'
        'He called it "a ruse" again.,criticism\nThe inn was shut.,none\n',
        {},
        "a.csv:2: row: quotes",
    ),
    "rows that quotes glue together": (
        "a.csv",
        'text,labels\n"They turned back,demand\nIt snowed.,none\nShe said ""no"".",criticism\n',
        {},
        "a row within a cell",
    ),
    "a quote that never ends": ("a.csv", f'text,labels\n"{RIVER},demand\n', {}, "a.csv:2: row"),
    "a model's column beside no answer": (
        "a.json",
        [{"text": RIVER, "forecast": "demand", "annotator": 1, "annotation_id": 7}],
        {},
        "'forecast'; say which field holds people's answers: LABELS=name",
    ),
    "a gold column that can be read, and an answer that cannot": (
        "a.json",
        [{"text": RIVER, "gold": "none", "stance": "Insists", "annotator": 1, "annotation_id": 7}],
        {},
        "LABELS=name",
    ),
    "an array without answers": ("a.json", [{"text": RIVER, "id": 1}], {}, "LABELS=name"),
    "a name that is no field": (
        "a.json",
        [{"text": RIVER, "view": "demand", "annotator": 1, "annotation_id": 7}],
        {"labels": "veiw"},
        "the fields 'view'",
    ),
    "questions of Argilla, the first with a value that fits": (
        "a.json",
        [
            record(
                [
                    {
                        "status": "submitted",
                        "values": {
                            "clarity": {"value": "none"},
                            "author": {"value": ["demand"]},
                        },
                    }
                ]
            )
        ],
        {},
        "the questions 'author', 'clarity'; say which question",
    ),
    "questions of Argilla that differ by record": (
        "a.json",
        [
            record([{"values": {"clarity": {"value": "none"}}}]),
            record([{"values": {"author": {"value": ["demand"]}}}]),
        ],
        {},
        "LABELS=name",
    ),
    "two controls of Label Studio": (
        "a.json",
        [task(by(1, choices("demand", name="hers"), choices("none", name="his")))],
        {},
        "the controls 'hers', 'his'",
    ),
    "spans alone": (
        "a.json",
        [task(by(1, {"from_name": "span", "type": "labels", "value": {"labels": ["demand"]}}))],
        {},
        r"span \(labels\).*statements",
    ),
    "a choice for a span": (
        "a.json",
        [task(by(1, choices("demand", start=0, end=3)))],
        {},
        "for the whole sentence",
    ),
    "a note and no choice": (
        "a.json",
        [task(by(1, note("why")), by(2, choices("demand")))],
        {},
        'MAP="=none"',
    ),
    "annotations that were left out of the export": (
        "a.json",
        [task(total_annotations=2)],
        {},
        "an export with the annotations",
    ),
    "both old and new annotations": (
        "a.json",
        [{**task(by(1)), "completions": [{"result": []}]}],
        {},
        "completions: unexpected",
    ),
    "an unknown name of a label": (
        "a.json",
        [task(by(1, choices("Insists")))],
        {},
        'MAP="Insists=criticism"',
    ),
    "none together with a label": (
        "a.json",
        [task(by(1, choices("none", "demand")))],
        {},
        "none alone, or labels",
    ),
    "labels and one column a label": (
        "a.csv",
        f"text,labels,agreement,criticism,demand\n{RIVER},demand,1,1,0\n",
        {},
        "LABELS=name",
    ),
    "labels and some columns of one label": (
        "a.csv",
        f"text,labels,agreement\n{RIVER},demand,1\n",
        {},
        "LABELS=name",
    ),
    "two names of one thing": ("a.csv", TWO, {}, "'label', 'labels'"),
    "two columns of one name": (
        "a.csv",
        f"text,labels,annotator,annotator\n{RIVER},demand,ida,bo\n",
        {},
        "annotator: duplicate",
    ),
    "two choices": ("a.csv", f"text,choice,stance\n{RIVER},none,demand\n", {}, "'choice'"),
    "a usual name, and a column that can be read as an answer": (
        "a.csv",
        f"text,label,forecast\n{RIVER},none,demand\n",
        {},
        "'forecast', 'label'",
    ),
    "labels and label in one row": (
        "a.jsonl",
        lines({"text": RIVER, "labels": ["demand"], "label": "none"}),
        {},
        r"labels: duplicate.*LABELS=name",
    ),
    "labels and one yes or no a label in one row": (
        "a.jsonl",
        lines({"text": RIVER, "labels": ["demand"], "agreement": 1}),
        {},
        "labels: duplicate",
    ),
    "a key that stands twice": (
        "a.jsonl",
        f'{{"text": "{RIVER}", "labels": ["demand"], "labels": []}}\n',
        {},
        "the key 'labels' stands twice",
    ),
    "none and a label": (
        "a.csv",
        f"text,agreement,criticism,demand,none\n{RIVER},0,0,1,1\n",
        {},
        "none: contradiction",
    ),
    "Argilla 1.x, an annotation that nobody validated": (
        "a.json",
        [{"text": RIVER, "annotation": ["demand"], "status": "Default", "prediction_agent": "m"}],
        {},
        "status: value",
    ),
    "a binary task that was rejected": (
        "a.jsonl",
        lines({"text": RIVER, "label": "DEMAND", "answer": "reject", "_view_id": "classification"}),
        {},
        "leaves the others open",
    ),
    "a binary task that was ignored": (
        "a.jsonl",
        lines({"text": RIVER, "label": "DEMAND", "answer": "ignore"}),
        {},
        "leaves the others open",
    ),
    "an option whose id and text differ": (
        "a.jsonl",
        lines(
            {
                "text": RIVER,
                "options": [{"id": "demand", "text": "Criticism"}],
                "accept": ["demand"],
                "answer": "accept",
            }
        ),
        {},
        "accept: contradiction",
    ),
    "spans of Prodigy": (
        "a.jsonl",
        lines({"text": RIVER, "spans": [], "answer": "accept"}),
        {},
        "accept: missing",
    ),
    "one person in two data sets": (
        "a.jsonl",
        lines(
            {"text": RIVER, "accept": ["demand"], "answer": "accept", "_annotator_id": "one-ida"},
            {"text": RIVER, "accept": [], "answer": "accept", "_annotator_id": "two-ida"},
        ),
        {},
        "ANNOTATORS=map.csv with lines such as one-ida,ida",
    ),
    "categories that leave one open": (
        "a.jsonl",
        lines({"text": RIVER, "cats": {"demand": 1, "criticism": 0}}),
        {},
        "1 or 0 for each of",
    ),
    "categories that a model scored": (
        "a.jsonl",
        lines({"text": RIVER, "cats": {"demand": 0.8, "criticism": 0.1, "agreement": 0}}),
        {},
        "1 or 0",
    ),
    "doccano's empty list": (
        "a.jsonl",
        lines({"text": RIVER, "label": []}),
        {},
        'MAP="=unanswered"',
    ),
    "doccano's spans": (
        "a.jsonl",
        lines({"text": RIVER, "label": [[0, 4, "demand"]]}),
        {},
        "spans",
    ),
    "numbers without names": (
        "a.jsonl",
        lines({"text": RIVER, "labels": [0, 0, 1]}),
        {},
        "CLASSES=agreement,criticism,demand",
    ),
    "an empty cell": ("a.csv", f"text,labels\n{RIVER},\n", {}, 'MAP="=none"'),
    "nothing, as pandas prints it": ("a.csv", f"text,labels\n{RIVER},nan\n", {}, "labels: blank"),
    "another field for the sentence": (
        "a.jsonl",
        lines({"sentence": RIVER, "labels": []}),
        {},
        r"'sentence'.*TEXT=name",
    ),
    "another field for the sentence in Label Studio": (
        "a.json",
        [{"data": {"utterance": RIVER}, "annotations": [by(1)]}],
        {},
        r"'utterance'.*TEXT=name",
    ),
    "another column for the sentence": (
        "a.csv",
        f"sentence,labels\n{RIVER},none\n",
        {},
        r"'sentence'.*TEXT=name",
    ),
    "another column for the answer": (
        "a.csv",
        f"text,verdict\n{RIVER},none\n",
        {},
        r"'verdict'.*LABELS=name",
    ),
    "another encoding": (
        "a.csv",
        "text,labels\nGood.,none\nDie Brücke must stay open.,demand\n".encode("latin-1"),
        {},
        r"a.csv:3: file: encoding.*ENCODING=cp1252 would read.*Brücke",
    ),
    "UTF-16 without a mark": (
        "a.csv",
        f"text,labels\n{RIVER} ü,demand\n".encode("utf-16-le"),
        {},
        "ENCODING=utf-16-le",
    ),
    "an encoding that is none": ("a.csv", TWO, {"encoding": "utf-9"}, "'utf-9'"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_could_be_two_things_is_refused_with_the_way_out(tmp_path: Path, case: str):
    name, content, said, message = REFUSED[case]

    with pytest.raises(InvalidData, match=f"(?s){message}"):
        read(tmp_path / name, content, **said).taken(accept_valid=False)


@pytest.mark.parametrize(
    ("name", "content", "seen"),
    [
        ("a.txt", "The mill stands still.\n", "begins with 'The mill stands still.'"),
        ("a.ann", "T1\tDemand 0 4\tThey\n", "begins with"),
        ("a.json", "", "is empty"),
        ("a.bin", b"\x00\x01", "FORMAT="),
    ],
)
def test_a_file_of_no_known_form_is_told_what_was_seen(
    tmp_path: Path, name: str, content: object, seen: str
):
    with pytest.raises(FormatUnknown, match=seen):
        read(tmp_path / name, content)


def test_the_answers_beside_a_contradiction_are_kept(tmp_path: Path):
    one = by(None, choices("demand"))
    tasks = [task(by(None), one, by("ida", choices("demand")))]
    statement = {
        "text": f"{RIVER} {FERRY}",
        "sentences": [
            {"start": 0, "end": len(RIVER), "labels": []},
            {"start": 0, "end": len(RIVER), "labels": ["demand"]},
            {"start": len(RIVER) + 1, "end": len(RIVER) + 1 + len(FERRY), "labels": []},
        ],
    }

    studio = read(tmp_path / "a.json", tasks)
    whole = read(tmp_path / "a.jsonl", lines(statement))

    assert answers(studio) == [("ida", DEMAND)]
    assert [each.text for each in whole.events] == [FERRY]
    assert [each.code for each in (*studio.faults, *whole.faults)] == ["contradiction"] * 4
    assert "['demand']" in studio.faults[0].valid


def test_fields_of_tools_ride_along_and_places_get_their_types(tmp_path: Path):
    data = {"document": "d9", "speaker": "Ida", "n": "3", "year": "1987", "labels": ["x"]}

    tasks = [task(by(1, note("so"), choices("demand")), data=data)]

    (event,) = read(tmp_path / "a.json", tasks, labels="stance", doc="document").events

    assert (event.doc, event.n) == ("d9", 3)
    assert event.details["speaker"] == "Ida"
    assert event.details["year"] == 1987
    assert event.details["data"] == {"labels": ["x"]}
    assert event.details["result"] == {"note": [{"text": ["so"]}]}


def test_what_an_event_has_no_place_for_is_counted(tmp_path: Path):
    rejected = by(1, choices("demand"), reviews=[{"accepted": False}])
    tasks = [task(rejected, predictions=[{}]), task(predictions=[{}], drafts=[{}])]

    intake = read(tmp_path / "a.json", tasks)

    assert intake.unkept == {
        "predictions of tasks": 2,
        "drafts of tasks": 1,
        "annotations that a reviewer rejected": 1,
    }
    assert intake.unanswered == 1
