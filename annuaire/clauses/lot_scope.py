"""Which lots a clause found is for, in its part and those that follow; folded text."""

import re
from dataclasses import replace

from annuaire.clauses import contract_lots, marks, pairing
from annuaire.clauses.hits import Hit, Scan, Span
from annuaire.clauses.lot_numbers import clean_number
from annuaire.clauses.lots import LotMention

NUMBERED = re.compile(r"\W*(?P<lot>\d{1,2})\s?(?:[-–:.)/]\s?[a-z]|\((?=\d[\d ]*\s?h)|;|\.?\s*$)")
_LIST_ABOVE = 400  # characters before a line of a list where it is announced
_LOTS_ABOVE = re.compile(r"\blots?\b[^.;:\d]{0,40}:[^.:]{0,300}$")
_THIS_LOT = re.compile(
    r"\bce(?:s deux|s trois|s)? (?:derniers? |memes? )?lots?\b|\bce(?:s)? derniers?\b"
    r"|\b(?:devra|devront) y etre\b"
)
# « Le lot 5 est relancé. Il comporte une clause »
_THE_LOT = re.compile(
    r"\W*(?:(?:le|l')\s?(?:titulaire|attributaire|entreprise) du |le |ce )?lots?\b"
)
_IT = re.compile(
    r"\W*(?:il|celui-ci|elle|mais(?: il| elle)?) (?:comporte|inclut|prevoit|contient|integre"
    r"|realis\w+|effectu\w+"
    r"|consacr\w+|reserver\w+|"
    r"(?:est|sera|reste|demeure) (?:soumis|assorti|assujetti|astreint|reserve))"
)
BEHIND = 3  # parts before « ces heures d'insertion » or « ce lot » that may tell them
_NO_HOURS_BEFORE = re.compile(
    r"(?:(?<![\d,.])0 ?h(?:eures?)? ?\($|(?<![\d,.])0 ?h(?:eures?)?|\bnon|\boption|sans objet|neant"
    r"|\bpas d'(?:heure|engagement|obligation|exigence)s?[^.;,\d]{0,30}"
    r"|\baucune? (?:heure|engagement|obligation|effort)s?[^.;,\d]{0,30}) "
    r"(?:sur|pour|au|aux|dans) (?:le |les )?(?:lots? [«\"][^«»\"]{1,60}[»\"] \()?$"
)
_NO_HOURS = re.compile(r"(?<![\d,.])0+ ?h(?:eures?)?\b")
_OTHERS = re.compile(r"\b(?:les|l') ?autres?\b|\bautres lots\b")
_ITS_TITLE = re.compile(r"\s?[-:«\"]?\s?[a-z' -]{0,60}[»\"]?\s?")
_TITLED = re.compile(
    r"\W*lot\s(?:n\s?°\s?)?\d{1,2}\s?[:.-]\s?(?!.*\b(?:pas|sans|aucune?|neant|non|oui)\b)"
    r"(?!.*(?:insertion|clause|heure))[a-z][a-z' -]{2,60}[.\s]*"
)
_DONT = re.compile(r"\bdont (?:les? )?\Z")
_SOON = 20  # characters after the words of a clause where « devront y être » may stand
_CRITERION = re.compile(r"\W*(?:ce|le) (?:dernier |present |meme )?(?:sous-)?critere\b")
_SAME_LIST = re.compile(
    r"[,;\s]*(?:et\s)?\d[\d ]*\s?h(?:eures)?\s(?:pour|sur|dans)?\s?(?:les?\s)?"
    r"|(?:\s[-–]\s)?(?!.*\b(?:est|sont|a|ont|comporte\w*|fait|font)\b)[^:;=.\d/–-]{0,45}"
)
_ITEM_BREAK = re.compile(r"(?<=[\s,;)])[-–](?=\s)|[;/]|,\s*lots?\b")
_RESERVED_NEXT = re.compile(
    r"(?:\s?(?:«[^»]{1,60}»|\([^()]{1,60}\)|\"[^\"]{1,60}\"))?,?\s(?:qui\s(?:est|sont)\s)?reserv"
)


def numbered(folded: str, part: Span) -> LotMention | None:
    """« 4 - Maçonnerie », a line of the list that « les lots suivants : » announces."""
    line = NUMBERED.match(folded, *part)
    before = folded[max(0, part[0] - _LIST_ABOVE) : part[0]]
    if line is None or _LOTS_ABOVE.search(before) is None:
        return None
    number = clean_number(line["lot"])
    return None if number is None else LotMention((number,), part[0], line.end("lot"))


def own_lots(folded: str, part: Span) -> list[LotMention]:
    """The lots of a part that follows a clause; « elle ne s'applique pas au lot 9 » sets them
    apart."""
    if (line := numbered(folded, part)) is not None:
        return not_void(folded, part, [line])
    named = not_void(folded, part, contract_lots.mentioned(folded, *part))
    denial = marks.where("without", folded, *part)
    if denial is None or not named or named[0].start < denial:
        return named
    return [replace(mention, excluded=True) for mention in named]


def lots_of(folded: str, scan: Scan, hit: Hit) -> list[LotMention]:
    """The lots that the part names for this hit rather than for its neighbours."""
    decisive = folded.find("reserv", *hit.match)
    if decisive > hit.match[0]:  # « Lot 1 : voirie / lot 2 : vitres (réservé … »
        hit = replace(hit, match=(decisive, max(hit.match[1], decisive + 1)))
    named = [_own(folded, mention, hit) for mention in contract_lots.mentioned(folded, *hit.part)]
    before = _before(scan, hit)
    is_it = _THE_LOT.match(folded, *before) and (
        folded[before[1] - 1] == ";" or _IT.match(folded, *hit.part)
    )
    named = _in_brackets(folded, named, hit) or _among(folded, named, hit) or named
    named = named or _heading(folded, scan, hit)
    if not named and (is_it or _THIS_LOT.search(folded, hit.part[0], hit.match[1] + _SOON)):
        named = _named_before(folded, scan, hit)
    if len(named) < 2:
        follows = bool(named) and named[0].start > hit.match[1]
        if follows or _NO_HOURS.search(folded, hit.match[0], hit.part[1]):
            return not_void(folded, hit.part, named)
        return named
    rivals = [
        h for h in scan.kept if h.part == hit.part and h.type != hit.type and not _is_general(h)
    ]
    concerned = [mention for mention in named if not mention.excluded]
    if not rivals and folded.find("respectivement", *hit.part) >= 0:
        return named
    if pairing.alternate(folded, hit.part, concerned):
        return not_void(folded, hit.part, named)
    named = not_void(folded, hit.part, named) or named
    if rivals:
        return [m for m in named if all(_gap(m, hit.match) <= _gap(m, r.match) for r in rivals)]
    return named if pairing.alternate(folded, hit.part, named) else _beside(folded, named, hit)


def _beside(folded: str, named: list[LotMention], hit: Hit) -> list[LotMention]:
    """Among several lists of lots in a part, the one before the clause, unless the text goes on
    with it after."""
    groups = _groups(folded, [mention for mention in named if not mention.excluded])
    before = [group for group in groups if group[-1].end <= hit.match[0]]
    after = [group for group in groups if group[0].start >= hit.match[1]]
    if not before or len(groups) == 1:
        return named
    if after and not _ITEM_BREAK.search(folded, hit.match[1], after[0][0].start):
        return named
    return before[-1] + [mention for mention in named if mention.excluded]


def _heading(folded: str, scan: Scan, hit: Hit) -> list[LotMention]:
    """« Lot n° 10 : Peinture. Clause d'insertion : 100 heures. »: the one lot whose title stands
    above the clause."""
    index = scan.parts.index(hit.part)
    above = [
        part for part in scan.parts[max(0, index - 2) : index] if _TITLED.fullmatch(folded, *part)
    ]
    if len(above) != 1 or above[0] != scan.parts[index - 1]:
        return []
    return contract_lots.mentioned(folded, *above[0])


def _in_brackets(folded: str, named: list[LotMention], hit: Hit) -> list[LotMention]:
    """« lot 1 vitrerie (réservé aux ESAT) et lot 2 »: the lot before what reserves it."""
    opened = folded.rfind("(", hit.part[0], hit.match[0])
    if not hit.type.startswith("reserved") or opened < 0:
        return []
    if folded.find(")", opened, hit.match[0]) >= 0:
        return []
    before = [mention for mention in named if mention.end <= opened]
    if not before or not _ITS_TITLE.fullmatch(folded, before[-1].end, opened):
        return []
    return before[-1:]


def _among(folded: str, named: list[LotMention], hit: Hit) -> list[LotMention]:
    """« lots 1 à 12, dont le lot 12 réservé »: the lots that « dont » sets among the others."""
    return [
        mention
        for mention in named
        if mention.end <= hit.match[0] and _DONT.search(folded, hit.part[0], mention.start)
    ]


def of_criterion(folded: str, scan: Scan, hit: Hit) -> list[LotMention]:
    """The lots of « ce critère ne vaut que pour les lots 1 et 2 », after a criterion."""
    index = scan.parts.index(hit.part) + 1
    if hit.type != "award_criterion" or index == len(scan.parts):
        return []
    part = scan.parts[index]
    return own_lots(folded, part) if _CRITERION.match(folded, *part) else []


def _before(scan: Scan, hit: Hit) -> Span:
    """The part before that of a hit; an empty one for the first."""
    index = scan.parts.index(hit.part)
    return scan.parts[index - 1] if index else (0, 0)


def _named_before(folded: str, scan: Scan, hit: Hit) -> list[LotMention]:
    """The lots that « ce lot » stands for: those of the nearest part before that names some."""
    index = scan.parts.index(hit.part)
    earlier = reversed(scan.parts[max(0, index - BEHIND) : index])
    return next(
        (found for part in earlier if (found := contract_lots.mentioned(folded, *part))), []
    )


def _is_general(hit: Hit) -> bool:
    """« clause sociale » gives way to what says more: it takes no lots from it."""
    return hit.rule.generic and hit.type == "execution_social_other"


def _own(folded: str, mention: LotMention, hit: Hit) -> LotMention:
    """« sauf le lot 3, réservé aux ESAT »: set apart from the rest, and the very lot reserved."""
    if not mention.excluded or mention.end > hit.match[1]:
        return mention
    return replace(mention, excluded=_RESERVED_NEXT.match(folded, mention.end) is None)


def _groups(folded: str, named: list[LotMention]) -> list[list[LotMention]]:
    """Mentions that make one list are put together: « le lot 1 "VRD" et le lot 4 »."""
    groups: list[list[LotMention]] = []
    for mention in named:
        if groups and _SAME_LIST.fullmatch(folded, groups[-1][-1].end, mention.start):
            groups[-1].append(mention)
        else:
            groups.append([mention])
    return groups


def _gap(mention: LotMention, match: Span) -> int:
    return max(mention.start - match[1], match[0] - mention.end, 0)


def not_void(folded: str, part: Span, named: list[LotMention]) -> list[LotMention]:
    """The lots of a list but those without hours: « lot 4 : 0 h », « lot 5 : néant »."""
    others = _OTHERS.search(folded, *part)
    last = part[1] if others is None else others.start()
    ends = [mention.start for mention in named][1:] + [last][: len(named)]
    return [
        mention
        for mention, end in zip(named, ends, strict=True)
        if mention.excluded
        or (
            not marks.within("void", folded, mention.end, max(end, mention.end))
            and not _NO_HOURS_BEFORE.search(folded, part[0], mention.start)
        )
    ]
