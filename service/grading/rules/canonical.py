"""From a method back to its document, in one canonical form.

Equal methods give equal documents, however their files were laid out; so a digest of the form says whether a
version is being published again or something else is being published under its name.
"""

from service.codes.rules.documents import plain
from service.grading.rules.methods import (
    Band,
    DirectMethod,
    DirectRule,
    Fact,
    Kind,
    Method,
    Minimum,
    ScoringMethod,
)
from service.grading.rules.reasons import Wire


def to_document(method: Method) -> Wire:
    """The canonical document; `parse_method` turns it into an equal method again.

    `valid_to` is left out: it is the one thing about a published version that may still be set.
    """
    document: Wire = {
        "id": method.id,
        "version": method.version,
        "kind": method.kind.value,
        "title": method.title.to_wire(),
        "sources": [source.to_wire() for source in method.sources],
        "valid_from": method.valid_from.isoformat(),
    }
    if method.words:
        document["words"] = list(method.words)
    if isinstance(method, DirectMethod):
        document["rules"] = [_rule_to_document(rule) for rule in method.rules]
    if isinstance(method, ScoringMethod):
        document["symbol"] = method.symbol
        document["axes"] = [_fact_to_document(axis) for axis in method.axes]
        document["bands"] = [_band_to_document(band) for band in method.bands]
        if method.kind is Kind.TABLE:
            document["table"] = [[*cell, plain(score)] for cell, score in method.table.items()]
    return document


def _fact_to_document(fact: Fact) -> Wire:
    document: Wire = {"code": fact.code, "title": fact.title.to_wire()}
    if isinstance(fact, Minimum):
        return document | {"minimum": plain(fact.minimum), "unit": fact.unit.to_wire()}
    return document | {"values": [{"value": v.value, "text": v.text.to_wire()} for v in fact.values]}


def _band_to_document(band: Band) -> Wire:
    document: Wire = {"grade": band.grade.word}
    if band.low is not None:
        document["from" if band.low_closed else "above"] = plain(band.low)
    if band.high is not None:
        document["to" if band.high_closed else "below"] = plain(band.high)
    return document


def _rule_to_document(rule: DirectRule) -> Wire:
    return {
        "code": rule.code,
        "grade": rule.grade.word,
        "text": rule.text.to_wire(),
        "clause": rule.clause,
        "source": rule.source.to_wire(),
        "facts": [_fact_to_document(fact) for fact in rule.facts],
    }
