"""The lots that a correction or a cancellation takes away; pure.

A code says so, or a sentence of which the lot is the subject (« le lot 3 est supprimé »,
« annulation des lots 2 et 4 »). What tells of a former procedure (« relance du lot 3 déclaré sans
suite »), of what may happen, or of a part of a lot (« la visite du lot 3 est annulée »), takes
nothing away.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from annuaire.clauses.lots import mentions
from annuaire.contracts.facts import NoticeFacts, plain_number
from annuaire.contracts.outcomes import FORMER
from annuaire.contracts.records import REMOVED, NoticeRecord, TextField
from annuaire.words import fold

TAKING_AWAY: Final = ("correction", "cancellation")
READ: Final = 20_000  # characters of one text
#: Fields that repeat what the call said, where only the plainest words count.
REPEATED: Final = ("title", "lot_title")

#: « retiré de la liste des lots réservés » is not « retiré de la consultation ».
_FROM_ELSEWHERE = r" d[eu]s? (?!la (?:presente )?(?:consultation|procedure)|(?:present )?marche)"
_DONE = (
    r"(?:supprime|annule|retire|abandonne)e?s?\b"
    rf"(?! et (?:(?:est|sont) )?remplac|{_FROM_ELSEWHERE})"
)
_VERB = rf"(?P<end>{_DONE}|sans suite\b|infructueu\w*)"
_PART = (
    r"\b(?:date|heure|visite|article|annexe|dossier|clause|critere|delai|seance|reunion|piece|"
    r"bordereau|cctp|ccap|dpgf|montant|option|variante|tranche|echantillon|prestation)"
)
#: Where the lot is what is spoken of: its name may stand between, no part of it.
_AFTER = re.compile(
    rf"(?:\s?\([^()]{{1,80}}\)|\s?[«\"][^»\"]{{1,80}}[»\"])?\s?[:-]?\s?(?:(?!{_PART}|\blots?\b)"
    rf"[^,;.:\n]){{0,70}}?(?:\s?:\s?)?\b{_VERB}"
)
_OF = re.compile(r"(?:\b(?:pour|dans|sur|concernant|d[ue]s?|aux?)(?: (?:les?|ces?))?|\bd')\s*$")
_BEFORE = re.compile(
    r"\b(?P<end>suppression|annulation|retrait|abandon|(?:declaration|classement) sans suite"
    r"|supprim(?:er|e|ent|ons)|annul(?:er|e|ent|ons)|retir(?:er|e|ent|ons))"
    r"\s*:?\s*(?:d[ue]s?\s|l[ae]s?\s|de l[ae]s?\s|d'|l'|ces?\s)?\s*$"
)
_MAYBE = re.compile(
    r"\b(?:pas|non|peut|peuvent|pourr\w+|seraient|serait|si|possibilite|droit|eventuel\w*|en cas)\b"
)
_OWN = re.compile(rf"(?:^|\b(?:ce|le present) )lot\b(?:(?!{_PART})[^,;.\n]){{0,40}}?\b{_VERB}")
_NAMED = re.compile(rf"(?:[(\[:-]\s*(?:lot )?|^(?:lot )?){_VERB}\s*[)\]]?\s*$")
_ALL = re.compile(
    r"\b(?:consultation|procedure|marche|appel d'offres)s? (?:est |a ete |sont )?"
    r"(?:purement et simplement )?(?:annule|abandonne|supprime|(?:declare|classe)e? sans suite)"
)
_EDGE = re.compile(r"[.;\n](?!\d)")


def removed_by(record: NoticeRecord) -> dict[str, str]:
    """The lots that a notice says it takes away, by number, each with why: "removed", "abandoned"
    (sans suite) or "unsuccessful" (infructueux). Nothing where it ends the whole."""
    if record.nature not in TAKING_AWAY:
        return {}
    found = {plain_number(number): REMOVED for number in record.removed_lots}
    texts = list(_texts(record))
    if record.nature == "cancellation" and any(_ALL.search(text) for _, text in texts):
        return {}
    for field, text in texts:
        for number, why in _told(field, text):
            found.setdefault(plain_number(number), why)
    return found


def _texts(record: NoticeRecord) -> Iterator[tuple[TextField, str]]:
    """The texts that may take a lot away, folded."""
    whole = (TextField("title", record.title), TextField("description", record.description or ""))
    lots = [
        field
        for lot in record.lots
        for field in (
            TextField("lot_title", lot.title, lot.number),
            TextField("lot_description", lot.description or "", lot.number),
            *lot.texts,
        )
    ]
    for field in (*whole, *record.texts, *lots):
        folded = "\n".join(map(fold, field.text[:READ].splitlines()))
        if _WORTH.search(folded):
            yield field, folded


_WORTH = re.compile(r"supprim|suppression|annul|retir|retrait|abandon|sans suite|infructu")


def _told(field: TextField, text: str) -> Iterator[tuple[str, str]]:
    if field.lot_number and not FORMER.search(text):
        own = _NAMED.search(text) if field.field in REPEATED else _OWN.search(text)
        if own and not _MAYBE.search(text[: own.end()]):
            yield field.lot_number, _why(own["end"])
            return
    for mention in mentions(text):
        start, end = mention.start, mention.end
        before = _EDGE.split(text[max(0, start - 90) : start])[-1]
        after = _EDGE.split(text[end : end + 160])[0]
        if mention.excluded or FORMER.search(before + after) or _MAYBE.search(before):
            continue
        match = _BEFORE.search(before)
        if match is None and not _OF.search(before):
            match = _AFTER.match(after)
            if match and _MAYBE.search(match[0]):
                continue
        if match and not (field.field in REPEATED and _why(match["end"]) != REMOVED):
            yield from ((number, _why(match["end"])) for number in mention.numbers)


def _why(word: str) -> str:
    if word.startswith("infructueu"):
        return "unsuccessful"
    return "abandoned" if word.endswith("sans suite") else REMOVED


#: The lots taken away, by number: the notice that did it, and why.
Removals = Mapping[str, tuple[str, str]]


def removals(notices: Sequence[NoticeFacts]) -> Removals:
    """The lots that are taken away at last, of notices from the oldest: one that lists a lot again
    brings it back."""
    gone: dict[str, tuple[str, str]] = {}
    seen: set[str] = set()
    for at, notice in enumerate(notices):
        own = set(notice.keys.own)
        if not own & seen:  # a second publication brings nothing back
            for lot in notice.named_lots:
                gone.pop(lot.number, None)
        seen |= own
        for number, why in taken_by(notices[:at], notice).items():
            gone[number] = (notice.reference, why)
    return gone


def taken_by(before: Sequence[NoticeFacts], notice: NoticeFacts) -> Mapping[str, str]:
    """The lots that a notice takes away: as it says, and, for one that lists all the lots that
    remain (a change notice of eForms is whole), those of the notice that it corrects and that it
    does not list."""
    if not (notice.complete and notice.nature == "correction" and notice.named_lots):
        return notice.removed
    cited = set(notice.keys.cites)
    former = [n for n in before if cited & set(n.keys.own)]
    kept = {lot.number for lot in notice.named_lots}
    missing = {
        lot.number: REMOVED
        for n in former
        for lot in n.named_lots
        if lot.numbered and lot.number not in kept
    }
    return {**missing, **notice.removed}


def whole_cancelled(notices: Sequence[NoticeFacts], notice: NoticeFacts) -> bool:
    """Whether a cancellation ends the contract, and not some of its lots only."""
    if not notice.removed or notice.outcome:
        return True
    known = {lot.number for each in notices for lot in each.named_lots}
    return bool(known) and known <= set(notice.removed)
