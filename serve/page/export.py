"""A statement's stances to take along: as the API's JSON, as annotations, a table, a page."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from data.judgements.event import Event, event_row
from model.errors import StoreError
from model.stance import STANCES
from serve.annotating.recorder import document_of
from serve.api.schemas.stances import classify_response
from serve.page import view
from serve.page.errors import PageRoute
from serve.page.own_answers import held_about, own_answers, own_events
from serve.page.paragraphs import Paragraphs
from serve.page.read import checked_form
from serve.page.rendering import STATIC, render
from serve.page.scored import score_whole
from serve.page.statement_form import StatementForm
from serve.scoring.result import ScoringResult
from serve.service import service_of

Form = Literal["json", "jsonl", "csv", "html"]
# cells that spreadsheets would run as a formula
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Exported:
    """A statement with everything that is known of it.

    Attributes:
        answers: the reader's own, as they are held.
    """

    request: Request
    form: StatementForm
    result: ScoringResult
    paragraphs: Paragraphs
    answers: list[Event]


def export_routes() -> APIRouter:
    """The route of exports."""
    pages = APIRouter(route_class=PageRoute, include_in_schema=False)
    pages.add_api_route("/read/export/{form}", export, methods=["POST"])
    return pages


async def export(form: Form, request: Request) -> Response:
    """Score a statement and give it out as a file."""
    sent = await checked_form(request)
    service, doc = service_of(request.app), document_of(sent.text)
    held = await held_about(service, doc) if sent.annotator else []
    if held is None:
        raise StoreError("an export holds the reader's answers, and they cannot be read now")
    result = await score_whole(request, sent.text)
    answers = own_events(held, sent.annotator)
    paragraphs = Paragraphs(sent.text, own_answers(held, sent.annotator))
    write, media_type = _WRITERS[form]
    content = write(Exported(request, sent, result, paragraphs, answers))
    headers = {"Content-Disposition": f'attachment; filename="{doc}.{form}"'}
    return Response(content, media_type=f"{media_type}; charset=utf-8", headers=headers)


def _json(of: Exported) -> str:
    answer = classify_response(of.result, text=of.form.text, left_out=of.form.left_out)
    rows = [event_row(each) for each in of.answers]
    body = {**answer.model_dump(mode="json", exclude_none=True), "annotations": rows}
    return json.dumps(body, ensure_ascii=False, indent=1) + "\n"


def _jsonl(of: Exported) -> str:
    rows = (json.dumps(event_row(each), ensure_ascii=False) for each in of.answers)
    return "".join(f"{row}\n" for row in rows)


def _csv(of: Exported) -> str:
    out = io.StringIO()
    table = csv.writer(out)
    scores = [f"score_{stance}" for stance in STANCES]
    table.writerow(["n", "kind", "text", "model", "unsure", *scores, "answer", "version"])
    version = of.result.manifest.version
    for row, placed in zip(of.result.scored, of.paragraphs.place(of.result.scored), strict=True):
        given = _labels(placed.view.own.labels) if placed.view.own else ""
        table.writerow(
            [
                row.sentence.index,
                row.sentence.kind,
                _cell(row.sentence.text),
                _labels(row.labels),
                " ".join(row.uncertain),
                *(f"{score:.4f}" for score in row.scores),
                given,
                version,
            ]
        )
    return out.getvalue()


def _html(of: Exported) -> str:
    placed = list(of.paragraphs.place(of.result.scored))
    views = of.paragraphs.views
    return render(
        "export.html",
        of.request,
        placed=placed,
        views=views,
        counts=view.counts(views),
        manifest=of.result.manifest,
        style=Markup((STATIC / "page.css").read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )


def _labels(labels: tuple[object, ...] | None) -> str:
    return "skip" if labels is None else " ".join(map(str, labels)) or "none"


def _cell(text: str) -> str:
    return f"'{text}" if text.startswith(_FORMULA) else text


_WRITERS: Mapping[Form, tuple[Callable[[Exported], str], str]] = {
    "json": (_json, "application/json"),
    "jsonl": (_jsonl, "application/x-ndjson"),
    "csv": (_csv, "text/csv"),
    "html": (_html, "text/html"),
}
