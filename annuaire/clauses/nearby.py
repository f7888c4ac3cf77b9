"""Which parts of a text and which lots speak of a clause found; folded text."""

import re
from dataclasses import replace

from annuaire.clauses import ledger, marks, shares
from annuaire.clauses import hours as worked
from annuaire.clauses.findings import ENVIRONMENT
from annuaire.clauses.hits import Hit, Scan, Span
from annuaire.clauses.lots import LotMention, clean_number, mentions

_REACH = 3  # parts after a clause that may still give its lots and hours, lists of lots apart
_LIST_LINE = re.compile(r"\W*(?:(?:lots?|tranche|total|phase|t[fo]\d?)\b|l\d{1,2}\s?[=:])")
_REFERS = re.compile(
    r"\W*(?:et\s|(?:au-dela|en deca|dans ce cas|a defaut),?\s)?"
    r"(?:cette|ces|cet|elles?|ceci|celle-ci|la (?:presente )?clause|les clauses|"
    r"l'action|l'obligation|la condition|sont (?:concernes|vises)|lots? concernes?|concerne)"
)
_NAMES_LOTS = re.compile(
    r"\W*(?:et\s)?(?:(?:pour|sur) (?:le|les|chaque) lots?|lots?\b|tranche|les? lots?\b|"
    r"(?:seuls?|uniquement) les? lots?|"
    r"(?:celles?|celui|ceux) d(?:u|es) (?:macro-)?lots?|t[fo]\d?\b\W+lots?\b|"
    r"phase \d|annee \d|20\d\d\s?[:=])"
)
_COUNTS = re.compile(
    r"\W*(?:(?:l'|le |la |les |un |une |cet? |ces |son |leurs? )?(?:nombre|nbr?e?\b|volume|"
    r"objectif|engagement|effort|part|taux|quota|total|minimum|estimation|plancher|seuil|obligation|"
    r"exigence|duree(?! (?:hebdomadaire|quotidienne))|quantite)|"
    r"soit|a (?:savoir|raison)|respectivement|le titulaire|l'entreprise|s'y ajoute|"
    r"si oui|dans ce cadre|il (?:est|sera)|\d|l'attributaire|les entreprises|au total|"
    r"au moins|a titre indicatif)"
)
_OF_CLAUSE = re.compile(r"insertion|clause|eloign|social|heures?|heurs|condition|action|stage|lot")
_IS_CONCERNED = re.compile(r"\d\s?%|concern|\bvise|soumis|assujetti|clause|insertion")
_ANNOUNCES = re.compile(
    r"lots?(?:\s(?:suivants?|concernes?|vises?|ci-(?:apres|dessous)))*\s*:\s*(?:$|lots?\b)"
)
_ONLY_LOTS = re.compile(r"\W*(?:pour |sur )?(?:les? |aux? )?lots?[\s\d,;/&n°oet()-]*\W*")
_BACK = re.compile(
    r"\W*(?:ces (?:heures|volumes)|ce (?:volume|nombre)|il s'agit d(?:e |es |')heures)\b"
)
_LOTS_HEADING = re.compile(
    r"\W*(?:numeros? de )?lots?(?:\(s\))?(?:\s(?:concernes?|vises?|soumis)(?:\(s\))?)\s?:"
)
_NUMBERED = re.compile(r"\W*(?P<lot>\d{1,2})\s?(?:[-–:.)/]\s?[a-z]|\((?=\d[\d ]*\s?h)|;|\.?\s*$)")
_LIST_ABOVE = 400  # characters before a line of a list where it is announced
_LOTS_ABOVE = re.compile(r"\blots?\b[^.;:\d]{0,40}:[^.:]{0,300}$")
_THIS_LOT = re.compile(
    r"\bce(?:s deux|s trois|s)? (?:derniers? |memes? )?lots?\b|\bce(?:s)? derniers?\b"
)
# « Le lot 5 est relancé. Il comporte une clause »
_THE_LOT = re.compile(r"\W*(?:le |ce )?lots?\b")
_IT = re.compile(
    r"\W*(?:il|celui-ci) (?:comporte|inclut|prevoit|contient|integre|"
    r"(?:est|sera|reste|demeure) (?:soumis|assorti|assujetti|astreint|reserve))"
)
_TRADE_LINE = re.compile(r"\W*(?!delais?\b)[a-z][a-z '/-]{2,40} ?[:=] ?\d[\d ]* ?(?:h\b|heures?)")
_HEADING = "insertion.heading"  # the rule of a heading, under which stand trades and their hours
_BEHIND = 3  # parts before « ces heures d'insertion » or « ce lot » that may tell them
_VOID = re.compile(
    r"neant|[-:=]\s?sans\b|[-:=]\s?0+\s?(?:[.;,)/]|$)|sans (?:objet|clause)|"
    r"\b(?:pas|aucune?) (?:de |d'|clause)|\b0 ?h|"
    r"\bnon (?:concern|soumis)|dispens"
)
_SAME_LIST = re.compile(
    r"[,;\s]*(?:et\s)?\d[\d ]*\s?h(?:eures)?\s(?:pour|sur|dans)?\s?(?:les?\s)?"
    r"|(?!.*\b(?:est|sont|a|ont|comporte\w*|fait|font)\b)[^:;=.\d/–-]{0,45}"
)
_ITEM_BREAK = re.compile(r"(?<=[\s,;)])[-–](?=\s)|[;/]|,\s*lots?\b")
_LEFT_OUT = re.compile(
    r"\b(?:est|a ete) (?:levee|supprimee|abandonnee|retiree)\b"
    r"|\bn(?:e\s|'\s?|\s)(?:(?:en|y)\s)?[\w']+\s(?:pas|plus|point)\b"
)
_RESERVED_NEXT = re.compile(
    r"(?:\s?(?:«[^»]{1,60}»|\([^()]{1,60}\)|\"[^\"]{1,60}\"))?,?\s(?:qui\s(?:est|sont)\s)?reserv"
)


def zone(folded: str, scan: Scan, hit: Hit) -> list[Span]:
    """The part of the hit and those after it that still speak of it."""
    index = scan.parts.index(hit.part)
    taken = {h.part for h in [*scan.kept, *scan.denied] if h.type != ENVIRONMENT}
    apart = {other.part for other in scan.kept if other.type == ENVIRONMENT}
    zone = [hit.part]
    announced = ledger.ANNOUNCED.search(folded, *hit.part) is not None
    listing = announced or _ANNOUNCES.search(folded, *hit.part) is not None
    for distance, part in enumerate(scan.parts[index + 1 :], start=1):
        is_line = _LIST_LINE.match(folded, *part) is not None
        follows = is_line or _NUMBERED.match(folded, *part) is not None
        if part in taken or (distance > _REACH and not follows):
            break
        if part in apart and not worked.mentions(folded, *part):
            continue
        announces = ledger.ANNOUNCED.search(folded, *part) is not None
        listed = announces and bool(ledger.listed(folded, *part))
        numbered = _numbered_lot(folded, part) is not None
        traded = hit.rule.id == _HEADING and _TRADE_LINE.match(folded, *part) is not None
        if listed or (is_line and listing) or numbered or traded or _speaks_of_clause(folded, part):
            zone.append(part)
        listing = listing or (announces and part in zone)
    if index and _LOTS_HEADING.match(folded, *(before := scan.parts[index - 1])):
        zone += [before] if before not in taken else []
    if len(zone) == 1:
        zone += _table_above(folded, hit.part, scan.parts[:index], taken)
    if _BACK.match(folded, *hit.part):
        earlier = scan.parts[max(0, index - _BEHIND) : index]
        left = [part for part in earlier if part not in taken and part not in zone]
        zone += [part for part in left if worked.mentions(folded, *part)]
    return zone


def _table_above(folded: str, own: Span, above: list[Span], taken: set[Span]) -> list[Span]:
    """The lines of lots and hours that stand just before the heading that explains them, or
    before the last of them (« lot 1 : 70 h ; lot 2 : 35 h (clause d'insertion) »)."""
    is_last = _LIST_LINE.match(folded, *own) is not None
    if not is_last and worked.mentions(folded, *own):
        return []
    lines: list[Span] = []
    for part in reversed(above):
        if part in taken or _LIST_LINE.match(folded, *part) is None:
            break
        if is_last and folded[part[1] - 1] != ";":
            break
        if worked.mentions(folded, *part):
            lines.insert(0, part)
    return lines if is_last or len(lines) > 1 else []


def _numbered_lot(folded: str, part: Span) -> LotMention | None:
    """« 4 - Maçonnerie », a line of the list that « les lots suivants : » announces."""
    line = _NUMBERED.match(folded, *part)
    before = folded[max(0, part[0] - _LIST_ABOVE) : part[0]]
    if line is None or _LOTS_ABOVE.search(before) is None:
        return None
    number = clean_number(line["lot"])
    return None if number is None else LotMention((number,), part[0], line.end("lot"))


def own_lots(folded: str, part: Span) -> list[LotMention]:
    """The lots of a part that follows a clause; « elle ne s'applique pas au lot 9 » sets them
    apart."""
    if (numbered := _numbered_lot(folded, part)) is not None:
        return not_void(folded, part, [numbered])
    named = not_void(folded, part, mentions(folded, *part))
    denial = _LEFT_OUT.search(folded, *part)
    if denial is None or not named or named[0].start < denial.start():
        return named
    return [replace(mention, excluded=True) for mention in named]


def _speaks_of_clause(folded: str, part: Span) -> bool:
    """Whether a part that follows a clause still gives its lots, hours or share."""
    if _REFERS.match(folded, *part):
        return _OF_CLAUSE.search(folded, *part) is not None
    if _ONLY_LOTS.fullmatch(folded, *part):
        return True
    has_hours = bool(worked.mentions(folded, *part))
    if _NAMES_LOTS.match(folded, *part):
        if _LEFT_OUT.search(folded, *part):
            return False
        return has_hours or _IS_CONCERNED.search(folded, *part) is not None
    if worked.owed(folded, *part) and not marks.within("other_topic", folded, *part):
        return True
    has_figure = has_hours or shares.share(folded, *part) is not None
    return has_figure and _COUNTS.match(folded, *part) is not None


def lots_of(folded: str, scan: Scan, hit: Hit) -> list[LotMention]:
    """The lots that the part names for this hit rather than for its neighbours."""
    decisive = folded.find("reserv", *hit.match)
    if decisive > hit.match[0]:  # « Lot 1 : voirie / lot 2 : vitres (réservé … »
        hit = replace(hit, match=(decisive, max(hit.match[1], decisive + 1)))
    named = [_own(folded, mention, hit) for mention in mentions(folded, *hit.part)]
    is_it = _IT.match(folded, *hit.part) and _THE_LOT.match(folded, *_before(scan, hit))
    if not named and (is_it or _THIS_LOT.search(folded, hit.part[0], hit.match[1])):
        named = _named_before(folded, scan, hit)
    if len(named) < 2:
        follows = bool(named) and named[0].start > hit.match[1]
        return not_void(folded, hit.part, named) if follows else named
    rivals = [
        h for h in scan.kept if h.part == hit.part and h.type != hit.type and not _is_general(h)
    ]
    if _alternate(named, worked.mentions(folded, *hit.part)):
        return not_void(folded, hit.part, named)
    if rivals:
        return [m for m in named if all(_gap(m, hit.match) <= _gap(m, r.match) for r in rivals)]
    named = not_void(folded, hit.part, named) or named
    groups = _groups(folded, [mention for mention in named if not mention.excluded])
    before = [group for group in groups if group[-1].end <= hit.match[0]]
    after = [group for group in groups if group[0].start >= hit.match[1]]
    if not before or len(groups) == 1:
        return named
    if after and not _ITEM_BREAK.search(folded, hit.match[1], after[0][0].start):
        return named
    return before[-1] + [mention for mention in named if mention.excluded]


def _before(scan: Scan, hit: Hit) -> Span:
    """The part before that of a hit; an empty one for the first."""
    index = scan.parts.index(hit.part)
    return scan.parts[index - 1] if index else (0, 0)


def _named_before(folded: str, scan: Scan, hit: Hit) -> list[LotMention]:
    """The lots that « ce lot » stands for: those of the nearest part before that names some."""
    index = scan.parts.index(hit.part)
    earlier = reversed(scan.parts[max(0, index - _BEHIND) : index])
    return next((found for part in earlier if (found := mentions(folded, *part))), [])


def _alternate(named: list[LotMention], hours: list[worked.HoursMention]) -> bool:
    """« lot 1 VRD 350 h lot 2 peinture 70 h »: hours after each lot make one list of them."""
    ends = [mention.start for mention in named[1:]] + [hours[-1].end if hours else 0]
    return len(hours) == len(named) and all(
        lot.end <= mention.start < end for lot, mention, end in zip(named, hours, ends, strict=True)
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
    ends = [mention.start for mention in named][1:] + [part[1]][: len(named)]
    return [
        mention
        for mention, end in zip(named, ends, strict=True)
        if not _VOID.search(folded, mention.end, end)
    ]
