"""Show how far the store's annotators agree, as text and as a page."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from data.agreement.annotators import AnnotatorAgreement, Between, Shared
from data.agreement.verdict import Basis, verdict
from data.judgements.resolve import Resolved
from model.stance import STANCES

_TEMPLATE = "annotators.html.jinja"
_DISPUTED = 20


def annotators_table(agreement: AnnotatorAgreement, contested: Sequence[Resolved] = ()) -> str:
    """Write the figures and the most disputed sentences as text.

    `contested` are adjudicated sentences that somebody has since labelled otherwise.
    """
    lines = [*_figures(agreement), "", *_pairs(agreement), ""]
    lines.append(f"most disputed, of {len(agreement.disputed)} with any disagreement:")
    for each in agreement.disputed[:_DISPUTED]:
        lines += [f"  {each.text}", f"    {_readings(each)}"]
    if contested:
        lines += ["", f"adjudicated, and labelled otherwise since ({len(contested)}):"]
        lines += [f"  {each.origin.text}\n    {_objection(each)}" for each in contested[:_DISPUTED]]
    return "\n".join(lines)


def annotators_page(agreement: AnnotatorAgreement, contested: Sequence[Resolved] = ()) -> str:
    """Write the same as one HTML page that needs nothing else."""
    loader = FileSystemLoader(Path(__file__).parent)
    pages = Environment(loader=loader, autoescape=True, undefined=StrictUndefined)
    shown = 5 * _DISPUTED
    return pages.get_template(_TEMPLATE).render(
        figures="\n".join(_figures(agreement)),
        names=list(agreement.annotators),
        cells={
            names: _cell(each)
            for each in agreement.between
            for names in ((each.first, each.second), (each.second, each.first))
        },
        pairs="\n".join(_pairs(agreement)),
        disputed=[(each.text, _readings(each)) for each in agreement.disputed[:shown]],
        contested=[(each.origin.text, _objection(each)) for each in contested[:shown]],
    )


def _figures(agreement: AnnotatorAgreement) -> Iterator[str]:
    yield (
        f"{agreement.sentences:,} sentences labelled by two or more of "
        f"{len(agreement.annotators)} annotators; 95 % bootstrap intervals over "
        f"{agreement.documents:,} documents"
    )
    yield f"  {'':<12}{'alpha':<24}{'AC1':<24}{'same answer':<24}{'answers yes':<12}"
    for stance in STANCES:
        alpha, ac1 = agreement.alpha[stance], agreement.ac1[stance]
        share = agreement.prevalence[stance]
        basis = Basis(agreement.sentences, agreement.documents, agreement.answers[stance])
        figures = f"{alpha!s:<24}{ac1!s:<24}{agreement.same[stance]!s:<24}{share:<12.1%}"
        yield f"  {stance:<12}{figures}{verdict(alpha, ac1, share, basis)}"
    yield f"  {'label set':<12}{'':<48}{agreement.same_labels}"


def _pairs(agreement: AnnotatorAgreement) -> Iterator[str]:
    width = max(map(len, agreement.annotators)) + 2
    alphas = "".join(f"{'alpha ' + stance:<18}" for stance in STANCES)
    yield f"{'annotators':<{2 * width}}{'sentences':>10}{'same labels':>13}  {alphas}".rstrip()
    undefined = False
    for each in agreement.between:
        values = [each.alpha[stance] for stance in STANCES]
        undefined |= any(map(math.isnan, values))
        alpha = "".join(f"{'-' if math.isnan(v) else format(v, '.3f'):<18}" for v in values)
        names = f"{each.first:<{width}}{each.second:<{width}}"
        yield f"{names}{each.sentences:>10}{each.same_labels:>13.1%}  {alpha}".rstrip()
    if undefined:
        yield "- : the two gave the label to all of these sentences or to none; alpha needs both"


def _cell(between: Between) -> tuple[int, str]:
    """How light the cell is, in per cent, and what it says."""
    share = f"{between.same_labels:.0%} of {between.sentences}"
    return round(100 - 45 * between.same_labels), share


def _readings(shared: Shared) -> str:
    return "; ".join(
        f"{name}: {', '.join(labels) or 'none'}" for name, labels in shared.readings.items()
    )


def _objection(resolved: Resolved) -> str:
    decided = ", ".join(resolved.labels) or "none"
    later = (f"{e.annotator}: {', '.join(e.labels) or 'none'}" for e in resolved.contrary)
    return f"decided: {decided}; later {'; '.join(later)}"
