"""Where the codes of a notice and its texts disagree: shown, never settled; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from annuaire.clauses import codes as coded
from annuaire.clauses.findings import EXECUTION_TYPES, Code, Negation
from annuaire.clauses.labels import LABELS

Kind = Literal["code_denies", "text_denies", "reserved_otherwise"]
_PRECISE = ("reserved_siae", "reserved_handicap", "reserved_ess")
_SURE = 0.7  # confidence under which a text is too weak to contradict a code
_LONGEST = 160  # characters of a quotation


class Found(Protocol):
    """What is read of a finding, fresh or stored."""

    @property
    def type(self) -> str: ...
    @property
    def source(self) -> str: ...
    @property
    def evidence(self) -> str: ...
    @property
    def lots(self) -> Sequence[str]: ...
    @property
    def confidence(self) -> float: ...
    @property
    def optional(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Contradiction:
    """One disagreement, with the French sentence that tells it. `type` is the clause in question,
    `code` the code's value, `evidence` the words of the text."""

    kind: Kind
    type: str
    code: str
    evidence: str
    sentence: str


def compare(
    findings: Iterable[Found], denials: Iterable[Negation] = (), codes: Iterable[Code] = ()
) -> list[Contradiction]:
    """The disagreements between findings of both sources, what the texts deny and what the codes
    deny. Without `denials` or `codes`, those of that side are not looked for."""
    known = list(findings)
    told = [f for f in known if f.source == "text" and f.confidence >= _SURE and not f.optional]
    declared = [f for f in known if f.source == "code"]
    found = [c for code in codes if (c := _denied_by_code(code, told)) is not None]
    found += _denied_by_text(declared, told, list(denials))
    found += _reserved_otherwise(declared, told)
    return list({(c.kind, c.code, c.evidence): c for c in found}.values())


def family(kind: str) -> str:
    """What a denial speaks of: any reservation, any condition of execution, or the type."""
    if kind.startswith("reserved_"):
        return "reserved"
    return "execution" if kind in EXECUTION_TYPES else kind


def _denied_by_code(code: Code, told: list[Found]) -> Contradiction | None:
    rule = coded.denial(code)
    if rule is None:
        return None
    stated = next((f for f in told if f.type in rule.denies and _same_lot(code, f)), None)
    if stated is None:
        return None
    return Contradiction(
        kind="code_denies",
        type=stated.type,
        code=code.value,
        evidence=stated.evidence,
        sentence=f"Selon le code de l'avis, {rule.says} ; son texte dit pourtant : "
        f"« {_quoted(stated.evidence)} » ({_name(stated.type)}).",
    )


def _same_lot(code: Code, finding: Found) -> bool:
    return not code.lot_number or not finding.lots or code.lot_number in finding.lots


def _denied_by_text(
    declared: list[Found], told: list[Found], denials: list[Negation]
) -> Iterable[Contradiction]:
    """A family that a text only denies, and that a code declares."""
    stated = {family(f.type) for f in told}
    for finding in declared:
        subject = family(finding.type)
        denied = next((d for d in denials if family(d.type) == subject), None)
        if denied is not None and subject not in stated:
            yield Contradiction(
                kind="text_denies",
                type=finding.type,
                code=finding.evidence,
                evidence=denied.evidence,
                sentence=f"Un code de l'avis déclare : {_name(finding.type)} ; son texte dit "
                f"pourtant : « {_quoted(denied.evidence)} ».",
            )


def _reserved_otherwise(declared: list[Found], told: list[Found]) -> Iterable[Contradiction]:
    """Both say to whom the contract is reserved, and not to the same."""
    by_text = [f for f in told if f.type in _PRECISE]
    for finding in declared:
        if finding.type not in _PRECISE or not by_text:
            continue
        if all(f.type != finding.type for f in by_text):
            yield Contradiction(
                kind="reserved_otherwise",
                type=by_text[0].type,
                code=finding.evidence,
                evidence=by_text[0].evidence,
                sentence="Le code de l'avis et son texte ne réservent pas le marché aux mêmes "
                f"structures. Code : {_name(finding.type)}. "
                f"Texte : « {_quoted(by_text[0].evidence)} ».",
            )


def _name(kind: str) -> str:
    name = LABELS[kind].name
    return name[0].lower() + name[1:]


def _quoted(evidence: str) -> str:
    words = " ".join(evidence.split()).rstrip(" .;,")
    return words if len(words) <= _LONGEST else words[:_LONGEST].rsplit(" ", 1)[0] + "…"
