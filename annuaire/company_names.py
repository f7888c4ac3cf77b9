"""Names of companies and associations made comparable: without legal form, status or accents."""

import re
from typing import Final

from annuaire.words import fold

MAX_NAME: Final = 300

#: Legal forms and words that only say « a company » or « an association »; any may be added.
_FORMS: Final = """
association asso assoc ass associations sarl sas sasu sa eurl scop scic sca snc sci gie geie
cooperative cooperatif cooperation ste societe entreprise ets etablissement etablissements groupe
anonyme responsabilite limitee actions simplifiee unipersonnelle loi 1901 a s l la le les de du des
d et en pour au aux
"""
#: Statuses, apart for « EI Untel » to meet « Untel ».
_STATUSES: Final = "aci ai ei etti eiti esat ea eatt geiq siae esus"

_LEGAL_FORMS = frozenset(_FORMS.split())
_KINDS = frozenset(_STATUSES.split())
_PHRASES: Final = (
    (re.compile(r"\bentreprises? d insertion\b"), " "),
    (re.compile(r"\bassociation intermediaire\b"), " "),
    (re.compile(r"\batelier(?:s)? (?:et )?chantiers? d insertion\b"), " "),
    (re.compile(r"\b(?:regies?|r) (?:inter )?(?:de )?quartiers?\b"), " regie quartier "),
    (re.compile(r"\brq\b"), " regie quartier "),
    (re.compile(r"\bst\b"), "saint"),
    (re.compile(r"\bste (?=[a-z]+e\b)"), "sainte "),
)
_BRACKETS = re.compile(r"\(([^)]*)\)?")
_INITIALS = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?\b|\b[a-z](?: [a-z]){1,}\b")
_NOT_WORD = re.compile(r"[^a-z0-9]+")


def name_key(name: str) -> str:
    """A company's name without legal form, accents, punctuation or dots between initials.

    « Association LES JARDINS (ACI) » and « Les Jardins » give one key; "" when nothing is left.
    """
    folded = fold(name[:MAX_NAME])
    folded = _BRACKETS.sub(" ", folded) if _BRACKETS.sub(" ", folded).strip() else folded
    folded = _INITIALS.sub(lambda m: re.sub(r"[. ]", "", m[0]) + " ", folded.replace("'", " '"))
    key = _NOT_WORD.sub(" ", folded).strip()
    for pattern, instead in _PHRASES:
        key = pattern.sub(instead, key)
    kept = [word for word in key.split() if word not in _LEGAL_FORMS]
    bare = [word for word in kept if word not in _KINDS]
    return " ".join(bare or kept)
