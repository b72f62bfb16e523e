"""Templates of the report page and the model card, filled in by Jinja."""

import base64
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

_TEMPLATES = Path(__file__).parent / "templates"


def render(template: str, **values: object) -> str:
    """Fill in a template of training/report/templates; text is escaped in HTML.

    Raises:
        jinja2.UndefinedError: the template names a value that was not given.
    """
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(["html"]),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["base64"] = lambda png: base64.b64encode(png).decode("ascii")
    return environment.get_template(template).render(**values)
