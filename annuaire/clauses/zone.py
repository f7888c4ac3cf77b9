"""Which parts of a text speak of a clause found; folded text."""

import re
from bisect import bisect_right
from functools import lru_cache

from annuaire.clauses import figures, ledger, lot_scope, marks, shares
from annuaire.clauses import hours as worked
from annuaire.clauses.findings import ENVIRONMENT
from annuaire.clauses.hits import Hit, Scan, Span

_REACH = 3  # parts after a clause that may still give its lots and hours, lists of lots apart
_LIST_LINE = re.compile(
    r"\W*(?:(?:lots?|tranche|total|phase|annee|periode|an \d|t\.?[fco]\.?\d?)\b|l\d{1,2}\s?[=:]"
    r"|l0\d\b"
    r"|l\d{1,2}\s[a-z][^.;:=\d]{1,30}[=:]\s?\d"
    r"|[a-z][^.;:\d]{2,50}\(\s?lots?\s)"
)
_REFERS = re.compile(
    r"\W*(?:et\s|(?:au-dela|en deca|dans ce cas|a defaut),?\s)?"
    r"(?:cette|ces|cet|elles?|ceci|celle-ci|cel[ai] vaut|la (?:presente )?clause|les clauses|"
    r"l'action|l'obligation|la condition|sont (?:concernes|vises)|lots? concernes?|concerne)"
)
_SUMS_UP = re.compile(r"\W*(?:soit|total)\b")
_PRONOUN = re.compile(r"\W*(?:et\s)?(?:elles?|celles?-ci|ceci)\b")
_NAMES_LOTS = re.compile(
    r"\W*(?:et\s)?(?:(?:pour|sur) (?:le|les|chaque) lots?|lots?\b|tranche|les? lots?\b|"
    r"(?:seuls?|uniquement) les? lots?|"
    r"(?:l'|le |les )(?:attributaire|titulaire|entreprise)s?\b[^.;\d]{0,30}\blots?\b|"
    r"(?:celles?|celui|ceux) d(?:u|es) (?:macro-)?lots?|t[fo]\d?\b\W+lots?\b|"
    r"phase \d|annee \d|20\d\d\s?[:=])"
)
_COUNTS = re.compile(
    r"\W*(?:(?:l'|le |la |les |un |une |cet? |ces |son |leurs? )?(?:nombre|nbr?e?\b|volume|"
    r"objectif|engagement|effort|part|taux|quota|total|minimum|estimation|plancher|seuil"
    r"|obligation|"
    r"exigence|duree(?! (?:hebdomadaire|quotidienne))|quantite)|"
    r"soit|a (?:savoir|raison)|respectivement|le titulaire|l'entreprise|s'y ajoute|"
    r"si oui|dans ce cadre|il (?:est|sera)|\d|l'attributaire|les entreprises|au total|"
    r"au moins|a titre indicatif)"
)
_OF_CLAUSE = re.compile(
    r"\d\s?h\b|insertion|clause|eloign|social|heures?|heurs|condition|action|stage|lot"
)
_IS_CONCERNED = re.compile(
    r"[:=]\s?oui\b|\b(?:uniquement|seulement|exclusivement)\b|\d\s?%|concern|\bvise|soumis"
    r"|assujetti|clause"
    r"|insertion|\bidem\b|de meme\b|\begalement\b"
    r"|\b(?:ces|cette|meme|memes) (?:heures?|obligations?|conditions?|exigences?|volumes?)\b"
)
_ANNOUNCES = re.compile(
    r"lots?(?:\s(?:suivants?|concernes?|vises?|ci-(?:apres|dessous)))*\s*:\s*(?:$|lots?\b)"
)
# « Sont concernés : », above a list of lots
_LISTS = re.compile(
    r"\b(?:concernes?|vises?|soumis(?:es)?|assujettis?|suivants?|apres|dessous)\b[^.;:]{0,30}:\s*$"
)
_LISTED_APART = re.compile(r"\W*(?:les )?(?:autres )?lots? (?:non|pas|sans|exclus|hors)\b[^.;\d]*")
_BELOW = re.compile(r"\b(?:suivante?s?|ci-apres|ci-dessous)\W*$")
_ONLY_HOURS = re.compile(r"\W*\d[\d ]{0,6}\s?(?:h|heures?)\W*")
# What says that the hours told before a clause are its own
_OF_PUBLICS = re.compile(
    r"\b(?:publics?|insertion|eloignees?|volume|beneficiaires|quota|nombre "
    r"(?:minim\w+ )?d'heures|y (?:consacr|affect|dedi|reserv)\w+)\b"
    r"|\bheures? (?:sont|est|seront) (?:exig|impos|requis|du|demand|a realiser|reserv)\w*"
)
_LOT_SHARE = re.compile(r"\blots?\b[^.;%]{0,60}\d ?%")
# What says that a figure in another sentence goes on with the hours of the clause
_STILL = re.compile(
    r"insertion|clause|eloign|publics?\b|social|tranche|phase|\bannees?\b|\bans?\b|reconduct"
    r"|periode|\blots?\b|\bl\d|supplementaires|en sus|en plus|s'ajout|titulaire|attributaire"
    r"|entreprise|cotraitant|site|batiment|secteur|semestre|trimestre|\btotal\b"
    r"|\b(?:il|elle) (?:doit|devra|reserve|consacre|realise)|^\W*\d[\d ]*\s?h(?:eures?)?\W*$"
    r"|^\W*(?:[a-z]|[ivx]+|\d{1,2})\s?[.)-] |^[^.;:\d]{2,60}[:=,]\s?\d"
)
_OF_INSERTION = re.compile(
    r"insertion|clause(?! de (?:formation|stage|apprentissage|tutorat))|eloignees?"
)
_ONLY_LOTS = re.compile(r"\W*(?:pour |sur )?(?:les? |aux? )?lots?[\s\d:,;/&n°oet()-]*\W*")
_BACK = re.compile(
    r"\W*(?:ces (?:heures|volumes)|ce (?:volume|nombre)|il s'agit d(?:e |es |')heures)\b"
)
_LOTS_HEADING = re.compile(
    r"\W*(?:numeros? de )?lots?(?:\(s\))?(?:\s(?:concernes?|vises?|soumis)(?:\(s\))?)\s?:"
)
# « Lots concernés : 1 et 3. », « Sont visés les lots 2 et 4. », wherever it stands
_LOTS_APART = re.compile(
    r"(?:numeros? de )?lots?(?:\(s\))?\s(?:concernes?|vises?|soumis)(?:\(s\))?\s?:"
    r"|(?:y )?sont (?:concernes|vises|soumis)(?: par (?:la|cette|ce) (?:clause|dispositif"
    r"|obligation))?,? (?:uniquement |seulement )?(?:le |les )?lots?\b"
)
_BEGINS = re.compile(r"\W*")
_TRADE_LINE = re.compile(r"\W*(?!delais?\b)[a-z][a-z '/-]{2,40} ?[:=] ?\d[\d ]* ?(?:h\b|heures?)")
_HEADING = "insertion.heading"  # the rule of a heading, under which stand trades and their hours
# An effort told in days: « 12 journées de travail pour le lot 1 »
_DAYS = re.compile(r"\d\s?(?:journees|jours)(?: de travail| d'insertion| travaille\w*)\b")


def parts_of(folded: str, scan: Scan, hit: Hit) -> list[Span]:
    """The part of the hit and those beside it that still speak of it."""
    if len(scan.parts) == 1:
        return [hit.part]
    index = scan.parts.index(hit.part)
    taken = {h.part for h in [*scan.kept, *scan.denied] if h.type != ENVIRONMENT}
    found = [hit.part, *_following(folded, scan, hit, taken)]
    before = scan.parts[index - 1] if index else (0, 0)
    if _LOTS_HEADING.match(folded, *before) and before not in taken:
        found.append(before)
    found += _same_sentence(folded, scan.parts[:index], hit.part, taken)
    if len(found) == 1:
        found += _table_above(folded, hit.part, scan.parts[:index], taken)
    earlier = [
        part
        for part in scan.parts[max(0, index - lot_scope.BEHIND) : index]
        if part not in taken and part not in found
    ]
    if _BACK.match(folded, *hit.part):
        found += [part for part in earlier if worked.mentions(folded, *part)]
    elif (
        earlier
        and hit.type == "execution_insertion"
        and not any(worked.mentions(folded, *part) for part in found)
    ):
        apart = taken.union(found)
        beyond = (part for part in scan.parts[index + 1 :] if part not in apart)
        told = [part for part in earlier if _gives_hours(folded, part)]
        if told:
            told += [part for part in earlier if part not in told and _is_line(folded, part)]
        found += told or [part for part in beyond if _gives_hours(folded, part)]
    return found + _lots_apart(folded, scan.parts, found, taken)


def _lots_apart(folded: str, parts: list[Span], found: list[Span], taken: set[Span]) -> list[Span]:
    """The parts that say which lots are concerned, when none of those found names any."""
    told = _lots_apart_at(folded)
    if not told or any(lot_scope.own_lots(folded, part) for part in found):
        return []
    holding = (parts[max(0, bisect_right(parts, (at, len(folded))) - 1)] for at, _ in told)
    return [
        part
        for part, (at, end) in zip(holding, told, strict=True)
        if part not in taken
        and part not in found
        and end <= part[1]
        and _BEGINS.fullmatch(folded, part[0], at)
    ]


@lru_cache(maxsize=4)
def _lots_apart_at(folded: str) -> tuple[Span, ...]:
    """Where a text says which lots are concerned, sought once for all its clauses."""
    return tuple(match.span() for match in _LOTS_APART.finditer(folded))


def _following(folded: str, scan: Scan, hit: Hit, taken: set[Span]) -> list[Span]:
    """The parts after that of the hit that give its lots, hours or share, lines of a list that
    it announces included."""
    apart = {other.part for other in scan.kept if other.type == ENVIRONMENT}
    denied = {other.part for other in scan.denied} - {other.part for other in scan.kept}
    found: list[Span] = []
    listing = any(
        words.search(folded, *hit.part) for words in (ledger.ANNOUNCED, _ANNOUNCES, _LISTS, _BELOW)
    )
    index = scan.parts.index(hit.part)
    listing = listing or folded[hit.part[1] - 1].isalpha()  # a heading, which no mark ends
    answered = figures.owed(folded, *hit.part)
    for distance, part in enumerate(scan.parts[index + 1 :], start=1):
        is_line = _LIST_LINE.match(folded, *part) is not None
        follows = is_line or lot_scope.NUMBERED.match(folded, *part) is not None
        follows = follows or _ONLY_HOURS.fullmatch(folded, *part) is not None
        if part in denied:
            continue
        if part in taken or (distance > _REACH and not follows):
            break
        if part in apart and not worked.mentions(folded, *part):
            continue
        if _LISTED_APART.fullmatch(folded, *part):
            break
        if _LISTS.search(folded, *part):
            listing = not marks.within("without", folded, *part)
            if not listing:
                break  # « Ne sont pas concernés : »
            continue
        announces = ledger.ANNOUNCED.search(folded, *part) is not None
        told = ledger.listed(folded, *part) if announces or listing else []
        listed = bool(told) and (announces or len(told) > 1)
        numbered = lot_scope.numbered(folded, part) is not None
        traded = hit.rule.id == _HEADING and _TRADE_LINE.match(folded, *part) is not None
        goes_on = listed or (is_line and listing) or numbered or traded
        before = scan.parts[index + distance - 1]
        if before != (found[-1] if found else hit.part) and _stands_for_another(folded, part):
            continue
        if goes_on or _speaks_of_clause(folded, part, answered=answered):
            found.append(part)
            answered = answered or figures.owed(folded, *part)
        listing = listing or (announces and part in found)
    return found


def _is_line(folded: str, part: Span) -> bool:
    """Whether a part is the line of a list that gives hours."""
    return _LIST_LINE.match(folded, *part) is not None and figures.owed(folded, *part)


def _same_sentence(folded: str, above: list[Span], own: Span, taken: set[Span]) -> list[Span]:
    """The parts before that semicolons join to the one of the clause, and that give hours: « lot
    1 : 300 heures ; lot 2 : 100 heures, tel est l'engagement d'insertion »."""
    found: list[Span] = []
    if not above or not _has_figure(folded, own):
        return found
    for part in reversed(above):
        joined = folded[part[1] - 1] == ";"
        if not joined or part in taken or not _has_figure(folded, part):
            break
        if marks.within("other_topic", folded, *part):
            break
        found.insert(0, part)
    return found


def _has_figure(folded: str, part: Span) -> bool:
    """Whether a part gives hours, or the share of a lot."""
    return figures.owed(folded, *part) or _LOT_SHARE.search(folded, *part) is not None


def _gives_hours(folded: str, part: Span) -> bool:
    """Whether the hours of a part may be those of a clause told beside it."""
    return (
        _OF_PUBLICS.search(folded, *part) is not None
        and figures.owed(folded, *part)
        and not marks.within("other_topic", folded, *part)
    )


def _table_above(folded: str, own: Span, above: list[Span], taken: set[Span]) -> list[Span]:
    """The lines of lots and hours that stand just before the heading that explains them, or
    before the last of them (« lot 1 : 70 h ; lot 2 : 35 h (clause d'insertion) »)."""
    is_last = _LIST_LINE.match(folded, *own) is not None
    sums_up = _SUMS_UP.match(folded, *own) is not None
    if not is_last and not sums_up and worked.mentions(folded, *own):
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


def _stands_for_another(folded: str, part: Span) -> bool:
    """Whether a part that follows one of something else begins with « elle », which is that thing
    then, and names no clause."""
    return _PRONOUN.match(folded, *part) is not None and _OF_INSERTION.search(folded, *part) is None


def _speaks_of_clause(folded: str, part: Span, *, answered: bool) -> bool:
    """Whether a part that follows a clause still gives its lots, hours or share; `answered` when
    the clause itself gives hours."""
    if _REFERS.match(folded, *part):
        return _OF_CLAUSE.search(folded, *part) is not None
    if _ONLY_LOTS.fullmatch(folded, *part):
        return True
    told_hours = worked.mentions(folded, *part)
    has_hours = any(not mention.other for mention in told_hours)
    if told_hours and not has_hours:
        return _OF_INSERTION.search(folded, *part) is not None
    if has_hours and marks.within("other_topic", folded, *part):
        return _OF_INSERTION.search(folded, *part) is not None
    told = has_hours or _DAYS.search(folded, *part) is not None
    if worked.has_echo(folded, *part):
        return True
    if _NAMES_LOTS.match(folded, *part):
        if marks.within("without", folded, *part):
            return False
        return told or _IS_CONCERNED.search(folded, *part) is not None
    if figures.owed(folded, *part):
        return not answered or _STILL.search(folded[slice(*part)]) is not None
    has_figure = told or shares.share(folded, *part) is not None
    return has_figure and _COUNTS.match(folded, *part) is not None
