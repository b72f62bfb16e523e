"""Templates to pages: with the strings of a language, who is looking, and the page's policy."""

import hashlib
import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from fastapi import Request
from fastapi.responses import HTMLResponse
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from model.stance import STANCES
from serve.page.view import LETTERS
from serve.page.visitor import visitor_of
from serve.service import service_of

FOLDER = Path(__file__).parent
STATIC = FOLDER / "static"
POLICY = (
    "default-src 'none'; base-uri 'none'; frame-ancestors 'none'; trusted-types 'none'; "
    "require-trusted-types-for 'script'; "
    "connect-src 'self'; form-action 'self'; img-src 'self'; script-src 'self'; style-src 'self'"
)
PAGE_HEADERS: Mapping[str, str] = {"Content-Security-Policy": POLICY, "Vary": "Accept, Cookie"}


@cache
def templates() -> Environment:
    """The environment of all templates; what they print is escaped."""
    made = Environment(
        loader=FileSystemLoader(FOLDER / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.globals.update(
        t=strings(), stances=STANCES, letters=LETTERS, assets=_digest(), say=_say(strings())
    )
    made.filters["numbers"] = _numbers
    return made


@cache
def strings(language: str = "en") -> Mapping[str, Any]:
    """Everything that the page says, by screen."""
    return tomllib.loads((FOLDER / "strings" / f"{language}.toml").read_text(encoding="utf-8"))


def render(name: str, request: Request, **values: object) -> str:
    """Fill a template in for a visitor."""
    service = service_of(request.app)
    common = {
        "visitor": visitor_of(request),
        "live": live_version(request),
        "now": datetime.now(UTC).isoformat(),
        "limits": service.limits,
        "keeps": service.recorder.keeps,
    }
    return templates().get_template(name).render(**common, **values)


def live_version(request: Request) -> str:
    """The version of the model that answers now; "" if none is loaded."""
    scoring = service_of(request.app).scoring
    return scoring.inference.manifest.version if scoring else ""


def html_page(name: str, request: Request, *, status: int = 200, **values: object) -> HTMLResponse:
    """Answer with a page."""
    return HTMLResponse(render(name, request, **values), status, dict(PAGE_HEADERS))


def _say(table: Mapping[str, Any]) -> str:
    """What the modules say, as one attribute of the page."""
    names = {LETTERS[each]: table["stance"][str(each)]["name"] for each in STANCES}
    own = {"names": names, "stances": {LETTERS[each]: str(each) for each in STANCES}}
    return json.dumps({**table["say"], **own}, ensure_ascii=False)


def _numbers(values: list[int]) -> str:
    """1, 4 and 9."""
    *some, last = map(str, values)
    return f"{', '.join(some)} {strings()['word']['and']} {last}" if some else last


def _digest() -> str:
    """Changes with the files that browsers keep."""
    content = b"".join(path.read_bytes() for path in sorted(STATIC.iterdir()))
    return hashlib.sha256(content).hexdigest()[:12]
