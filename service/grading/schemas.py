"""Wire shapes of methods and verdicts. Other floors use the verdict's shapes for what they stored."""

from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, Field, StringConstraints

from service.codes.rules.documents import plain
from service.codes.schemas import CodeText
from service.grading.rules.methods import Axis, DirectMethod, Fact, Method, Minimum, ScoringMethod
from service.grading.rules.verdicts import Verdict

GradeWord = Literal["major", "large", "general", "low"]

MethodId = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,63}$")]
MethodVersion = Annotated[str, StringConstraints(pattern=r"^[0-9A-Za-z][0-9A-Za-z._-]{0,31}$")]
# No axis has a longer code, no value a longer text; a form has at most as many as a method may have axes or facts.
InputName = Annotated[str, StringConstraints(min_length=1, max_length=32)]
InputValue = Annotated[str, StringConstraints(max_length=64)]


class MethodName(BaseModel):
    """Which method and version gave a verdict."""

    id: str
    version: str
    title: CodeText


class ChosenValue(BaseModel):
    """One answered axis or fact."""

    axis: str
    title: CodeText
    value: str
    text: CodeText


class InputsReason(BaseModel):
    """What was put in."""

    rule: Literal["inputs"]
    axes: list[ChosenValue]


class CombineReason(BaseModel):
    """How the inputs became a score."""

    rule: Literal["combine"]
    expression: str
    score: str


class BandReason(BaseModel):
    """In which band the score fell."""

    rule: Literal["band"]
    grade: GradeWord
    low: str | None
    low_closed: bool
    high: str | None
    high_closed: bool
    text: str


class DirectReason(BaseModel):
    """Which rule decided by itself."""

    rule: Literal["direct"]
    code: str
    text: CodeText
    clause: str


class Override(BaseModel):
    """Who set another grade than the method's, and why."""

    from_: GradeWord = Field(alias="from")
    to: GradeWord
    reason: str
    person: str


class OverrideReason(Override):
    """The same change as one of the reasons."""

    rule: Literal["override"]


Reason = Annotated[
    InputsReason | CombineReason | BandReason | DirectReason | OverrideReason, Field(discriminator="rule")
]


class VerdictBody(BaseModel):
    """A grade with its reasons. A calculation for a form has no basis, no assessor and no dates yet."""

    basis: Literal["inherent", "assessed"] | None = None
    grade: GradeWord
    method: MethodName
    score: str | None
    reasons: list[Reason]
    assessor: str | None = None
    assessed_on: date | None = None
    next_review: date | None = None
    override: Override | None

    @classmethod
    def of(cls, verdict: Verdict) -> Self:
        """The wire shape of a verdict just made."""
        return cls.model_validate(verdict.to_wire())


class MethodRow(BaseModel):
    """One published version in the list of methods."""

    id: str
    version: str
    kind: Literal["product", "table", "direct"]
    title: CodeText
    valid_from: date
    valid_to: date | None
    in_force: bool


class MethodList(BaseModel):
    """Every published version, by id and day of beginning."""

    items: list[MethodRow]


class AllowedValue(BaseModel):
    """One value an axis may take."""

    value: str
    text: CodeText


class Question(BaseModel):
    """An axis, or a fact of a direct rule: answered from `values`, or counted against `minimum`."""

    code: str
    title: CodeText
    values: list[AllowedValue]
    minimum: str | None
    unit: CodeText | None

    @classmethod
    def of(cls, fact: Fact) -> Self:
        """The wire shape of an axis or a fact."""
        values = fact.values if isinstance(fact, Axis) else ()
        counted = fact if isinstance(fact, Minimum) else None
        return cls(
            code=fact.code,
            title=CodeText(zh=fact.title.zh, en=fact.title.en),
            values=[AllowedValue(value=v.value, text=CodeText(zh=v.text.zh, en=v.text.en)) for v in values],
            minimum=plain(counted.minimum) if counted else None,
            unit=CodeText(zh=counted.unit.zh, en=counted.unit.en) if counted else None,
        )


class BandShape(BaseModel):
    """One interval of scores; `text` is how people write it."""

    grade: GradeWord
    low: str | None
    low_closed: bool
    high: str | None
    high_closed: bool
    text: str


class SourceShape(BaseModel):
    """Where a method or a rule comes from, and how well that is known."""

    text: str
    evidence: Literal["primary", "implemented", "secondary", "memory"]


class DirectRuleShape(BaseModel):
    """A rule that decides by itself when its facts hold."""

    code: str
    grade: GradeWord
    text: CodeText
    clause: str
    source: SourceShape
    facts: list[Question]


class MethodBody(BaseModel):
    """A published version whole: what a form asks and how the answers become a grade."""

    id: str
    version: str
    kind: Literal["product", "table", "direct"]
    title: CodeText
    valid_from: date
    valid_to: date | None
    sources: list[SourceShape]
    symbol: str | None
    axes: list[Question]
    bands: list[BandShape]
    rules: list[DirectRuleShape]

    @classmethod
    def of(cls, method: Method) -> Self:
        """The wire shape of a method of either kind; what the kind does not have is empty."""
        scoring = method if isinstance(method, ScoringMethod) else None
        direct = method if isinstance(method, DirectMethod) else None
        return cls.model_validate(
            {
                "id": method.id,
                "version": method.version,
                "kind": method.kind.value,
                "title": method.title.to_wire(),
                "valid_from": method.valid_from,
                "valid_to": method.valid_to,
                "sources": [source.to_wire() for source in method.sources],
                "symbol": scoring.symbol if scoring else None,
                "axes": [Question.of(axis) for axis in scoring.axes] if scoring else [],
                "bands": [band.to_wire(scoring.symbol) for band in scoring.bands] if scoring else [],
                "rules": [
                    {
                        "code": rule.code,
                        "grade": rule.grade.word,
                        "text": rule.text.to_wire(),
                        "clause": rule.clause,
                        "source": rule.source.to_wire(),
                        "facts": [Question.of(fact) for fact in rule.facts],
                    }
                    for rule in (direct.rules if direct else ())
                ],
            }
        )


class AssessRequest(BaseModel):
    """A form to be graded: one value per axis; or, with `rule`, the facts of a direct rule."""

    method: MethodId
    version: MethodVersion
    rule: Annotated[str, StringConstraints(max_length=64)] | None = None
    inputs: dict[InputName, InputValue] = Field(max_length=16)
