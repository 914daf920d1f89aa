"""What must be asked of the boundaries before a row can be judged: where a position is, how far from the stated place."""

from dataclasses import dataclass

from service.imports.rules.cells import ERASED
from service.imports.rules.enterprise_outcomes import EnterpriseRegister
from service.imports.rules.enterprise_rows import EnterpriseDraft
from service.imports.rules.placements import Atlas
from service.imports.rules.positions import GivenPosition
from service.imports.rules.risk_point_register import RiskPointRegister
from service.imports.rules.risk_point_rows import RiskPointDraft
from service.imports.rules.settling import Placed
from service.territories.rules.tree import Node


@dataclass(frozen=True, slots=True)
class Question:
    """A position (hexadecimal EWKB) to be located, and the territory it is said to be in."""

    geom: str
    stated: Node | None


def ask_of_enterprise(draft: EnterpriseDraft, register: EnterpriseRegister, atlas: Atlas) -> Question | None:
    """What a row of an enterprise register asks; None where nothing about its place changes."""
    known = register.site_of(draft)
    return _ask(draft, None if known is None else known.record, atlas, again=False)


def ask_of_risk_point(draft: RiskPointDraft, register: RiskPointRegister, atlas: Atlas) -> Question | None:
    """What a row of a register of risk points asks; None where nothing about its place changes."""
    known = register.point_of(draft)
    # Who manages a point by its position is asked again when a person's word for it is erased.
    return _ask(draft, None if known is None else known.record, atlas, again=draft.managed_by is ERASED)


def _ask(
    draft: EnterpriseDraft | RiskPointDraft, old: Placed | None, atlas: Atlas, *, again: bool
) -> Question | None:
    given = draft.position.geom if isinstance(draft.position, GivenPosition) else None
    stands = None if old is None or draft.position is ERASED else old.geom
    geom = given or stands
    if geom is None or (geom == stands and draft.territory is None and not again):
        return None
    found = atlas.find(draft.territory) if draft.territory else ()
    if draft.territory is None and old is not None and old.located_stated:
        return Question(geom, atlas.nodes.get(old.located_in_id))
    return Question(geom, found[0] if len(found) == 1 else None)


# What a row can say about the datum of its file: its position, the territory it states, the site it belongs to.
Testimony = tuple[object, Node | None, str | None]


def testify_of_enterprise(draft: EnterpriseDraft, register: EnterpriseRegister, atlas: Atlas) -> Testimony:
    """An enterprise's row beside its site as it is registered."""
    known = register.site_of(draft)
    return draft.position, _stated(draft.territory, atlas), None if known is None else known.record.geom


def testify_of_risk_point(draft: RiskPointDraft, register: RiskPointRegister, atlas: Atlas) -> Testimony:
    """A risk point's row beside the only site of its firm; of several nobody knows which is meant."""
    firms = register.firms_of(draft)
    sites = register.sites.get(firms[0].id or 0, ()) if len(firms) == 1 else ()
    return draft.position, _stated(draft.territory, atlas), sites[0].geom if len(sites) == 1 else None


def _stated(text: str | None, atlas: Atlas) -> Node | None:
    found = atlas.find(text) if text else ()
    return found[0] if len(found) == 1 else None
