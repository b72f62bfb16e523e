"""How far the store's annotators agree, as text and as a page: `make agreement ANNOTATIONS=1`."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing
from html import escape
from pathlib import Path

from data.agreement.annotators import (
    AnnotatorAgreement,
    Between,
    Shared,
    measure_annotators,
    shared_sentences,
)
from data.store.location import default_location
from data.store.store import open_store
from model.durable import replace_text
from model.errors import DemarcheError
from model.stance import STANCES

PAGE = Path("var/agreement.html")
_DISPUTED = 20
_LOW = 0.667  # Krippendorff, "Content Analysis", 2004, p. 241: below, no conclusions


def annotators_table(agreement: AnnotatorAgreement) -> str:
    """The figures and the most disputed sentences, as text."""
    lines = [*_figures(agreement), "", *_pairs(agreement), ""]
    lines.append(f"most disputed, of {len(agreement.disputed)} with any disagreement:")
    for each in agreement.disputed[:_DISPUTED]:
        lines += [f"  {each.text}", f"    {_readings(each)}"]
    return "\n".join(lines)


def annotators_page(agreement: AnnotatorAgreement) -> str:
    """The same as one HTML page that needs nothing else."""
    disputed = "".join(
        f"<li>{escape(each.text)}<br><small>{escape(_readings(each))}</small></li>"
        for each in agreement.disputed[: 5 * _DISPUTED]
    )
    return _PAGE.format(
        figures=escape("\n".join(_figures(agreement))),
        matrix="".join(_matrix(agreement)),
        pairs=escape("\n".join(_pairs(agreement))),
        disputed=disputed or "<li>none</li>",
    )


def _figures(agreement: AnnotatorAgreement) -> Iterator[str]:
    yield (
        f"{agreement.sentences:,} sentences labelled by two or more of "
        f"{len(agreement.annotators)} annotators; 95 % bootstrap intervals over documents"
    )
    yield f"  {'':<12}{'alpha':<24}{'same answer':<24}"
    for stance in STANCES:
        alpha = agreement.alpha[stance]
        low = "  below 0.667: the codebook, not the model" if alpha.value < _LOW else ""
        yield f"  {stance:<12}{alpha!s:<24}{agreement.same[stance]!s:<24}{low}".rstrip()
    yield f"  {'label set':<12}{'':<24}{agreement.same_labels}"


def _pairs(agreement: AnnotatorAgreement) -> Iterator[str]:
    width = max(map(len, agreement.annotators)) + 2
    alphas = "".join(f"{'alpha ' + stance:<18}" for stance in STANCES)
    yield f"{'annotators':<{2 * width}}{'sentences':>10}{'same labels':>13}  {alphas}".rstrip()
    for each in agreement.between:
        alpha = "".join(f"{each.alpha[stance]:<18.3f}" for stance in STANCES)
        names = f"{each.first:<{width}}{each.second:<{width}}"
        yield f"{names}{each.sentences:>10}{each.same_labels:>13.1%}  {alpha}".rstrip()


def _matrix(agreement: AnnotatorAgreement) -> Iterator[str]:
    """Annotator by annotator: share with the same label set, and of how many sentences."""
    cells = {frozenset((each.first, each.second)): each for each in agreement.between}
    yield "<tr><th>" + "".join(f"<th>{escape(name)}" for name in agreement.annotators)
    for row in agreement.annotators:
        yield f"<tr><th>{escape(row)}"
        for column in agreement.annotators:
            yield _cell(cells.get(frozenset((row, column))))


def _cell(between: Between | None) -> str:
    if between is None:
        return "<td>"
    shade = f"hsl(210 60% {100 - 45 * between.same_labels:.0f}%)"
    share = f"{between.same_labels:.0%} of {between.sentences}"
    return f'<td style="background:{shade}">{share}'


def _readings(shared: Shared) -> str:
    return "; ".join(
        f"{name}: {', '.join(labels) or 'none'}" for name, labels in shared.readings.items()
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m data.agreement.annotators_report",
        description=__doc__,
        epilog="exit codes: 0 done, 1 the store failed, 7 no sentence was labelled by two",
    )
    place = default_location()
    parser.add_argument("--store", default=place, help="path or postgresql:// URL (%(default)s)")
    parser.add_argument("--page", type=Path, default=PAGE, help="the HTML to write (%(default)s)")
    return parser


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the agreement and write the page; returns the exit code."""
    options = _parser().parse_args(arguments)
    try:
        with closing(open_store(options.store)) as store:
            agreement = measure_annotators(shared_sentences(store.resolved()))
    except DemarcheError as error:
        print(f"error: {error}", file=sys.stderr)
        return error.exit_code
    options.page.parent.mkdir(parents=True, exist_ok=True)
    replace_text(options.page, annotators_page(agreement))
    print(annotators_table(agreement))
    print(f"the same as a page: {options.page}")
    return 0


_PAGE = """\
<!doctype html><html lang="en"><meta charset="utf-8"><title>Demarche: agreement</title>
<meta name="viewport" content="width=device-width">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:62rem;margin:2rem auto;padding:0 1rem;
color:#222}}pre{{overflow-x:auto;font-size:.78rem;background:#f6f6f4;padding:.7rem}}
td,th{{padding:.2rem .6rem;text-align:left;font-size:.85rem}}small{{color:#555}}
li{{margin-bottom:.6rem}}</style>
<h1>Agreement of annotators</h1>
<pre>{figures}</pre>
<h2>Annotator by annotator</h2>
<p>Share of common sentences with the same label set.</p>
<table>{matrix}</table>
<pre>{pairs}</pre>
<h2>Most disputed sentences</h2>
<ol>{disputed}</ol>
</html>
"""


if __name__ == "__main__":
    sys.exit(main())
