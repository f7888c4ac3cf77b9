"""Where sentences begin and end in the prose of notices, often glued or broken."""

import re

LONGEST = 2000  # characters of a sentence; beyond, a text has lost its marks

_ABBREVIATION = re.compile(
    r"(?:^|[\W\d_])(?:(?<!\d\s)(?<!\d)[a-z]|art|arts|no|nos|cf|ex|etc|mm|mme|st|ste|al|cl|env|mini?"
    r"|maxi?|tel|resp|ref|"
    r"bd|av|n°|soc|insert|oblig|obligat|nb|fac|prof|trav|pers|attrib|tit|hab|admin|c\.c\.a\.p"
    r"|c\.c\.p|c\.c\.t\.p)$",
    re.IGNORECASE,
)
# Each way begins with the character that is seldom there: it is tried at every place of a text.
# A capital « I » among small letters is a scanner's « l », but for « Il » and « In… ».
_BOUNDARY = re.compile(
    r"(?P<semicolon>;)"
    r"|(?P<line>(?:\r?\n|[ \t](?<![ \t][ \t])[ \t]*+\r?\n)\s*+)"
    r"|(?P<stop>[.!?…](?<![.!?…][.!?…])[.!?…]*+[\s\"»)]*+)(?=[A-ZÀ-Ý*•\-–0-9\"«(\[]|\d+°)"
    r"|(?P<lower>[.!?]\s++)(?=[a-zà-ÿ])"
    r"|(?P<glued>(?=[A-ZÀÉÈÊÎÔ][a-zà-ÿ'’])(?<=[a-zà-ÿ)])(?!I[^ln]))"
    r"|(?P<lot>(?=lots?\s)(?:(?<=heures)(?!lots)|(?<=[a-z]{5})(?=lots?\s+(?:n°\s?)?\d)))"
)
# « Marché réservé ? Non », « Marchés réservés. Sans objet. »: an answer stays with its question.
_ANSWER = re.compile(
    r"\s*(?:(?:réponse|rép\.?|r)\s*:\s*)?(?:\[ ?x? ?\]|[☐☒☑□■]|\( ?x? ?\))?\s*"
    r"(?:non(?!\W+(?:seulement|respect))|néant|sans\s+objet|aucune?\s*(?:[.;\n]|$)|so\s*(?:[.;\n]"
    r"|$)"
    r"|non\s+applicable)\b|\s*oui\b",
    re.IGNORECASE,
)
# Words after which no sentence ends, and parentheses left open: the line only folds it.
_OPEN_END = re.compile(
    r"(?:(?<!\w)(?:le|la|les|l['’]|du|des|de|d['’]|à|au|aux|et|ou|par|pour|sur|dans|en|un|une|est|"
    r"sont|lots?|articles?|art\.|n°|nos?|dont|soit|que|qui|[LR]\.?)|,|=|\s[x×]|\d\s*[-–]"
    r"|\([^()]{0,60})$",
    re.IGNORECASE,
)
_GOES_ON = re.compile(r"[a-zà-ÿ('’,)%€»:;=]|[hH]\b")  # how no sentence begins
# « 06 - SOLS » above « SOUPLES (35 h) »: the name of a lot in capitals, cut by the line
_CAPITALS_CUT = re.compile(r"\d\s?[-–]\s[A-ZÀ-Ý][A-ZÀ-Ý' ]+$")
_CAPITALS = re.compile(r"[A-ZÀ-Ý]{3,}\b")
# « Lot n° 3 » alone on its line, above its title
_LOT_ALONE = re.compile(r"(?:^|\n)\W*lot\s(?:n\s?°\s?)?\d{1,2}$", re.IGNORECASE)
_ELLIPSIS = 3  # dots; more are the leaders of a table
# « 70 h charp. bois »: names of trades cut short, where no capital follows
_SHORT_TRADE = re.compile(
    r"\b(?:charp|couv|elec|élec|menuis|maç|mac|plomb|serr|étanch|etanch|terr|clois|peint|carrel|"
    r"faç|fac|isol|chauf|ventil|démol|demol|plât|plat|rev)$",
    re.IGNORECASE,
)
_HOURS_NEXT = re.compile(r"\d[\d ]{0,6}\s?h(?:eures?)?\b")
_NUMBERED = re.compile(r"(?:^|[;:,\n])\s*\d{1,2}$")  # « 1. le prix ; 2. la qualité »
_NUMBERS_AROUND = re.compile(r";\s?\d{1,5}\s?(?:[;\n]|[-–] ?\D|\.(?!\d)|$)")
# « les lots 1 ; 3 ; 4 », « lots n° 1 - VRD ; n° 3 - peinture »: one list of lots, without figures
_LOTS_BEFORE = re.compile(
    r"\blots\b[^.:;\d]{0,60}:?[^.:;\d]{0,12}\d{1,2}[^\d:.]{0,60}"
    r"(?:;[^\d:.;]{0,12}\d{1,2}[^\d:.;]{0,60})*+$",
    re.IGNORECASE,
)
_LOT_NEXT = re.compile(
    r";\s?(?:et\s)?(?:le\s|n\s?°\s?|no\s?)?\d{1,2}(?!\d|\s?(?:h\b|heures?))"
    r"(?:\s?[-–(]\s?[A-Za-zÀ-ÿ]|\s[a-zà-ÿ]|\s?[;.:]|$)"
)
# « 87,5 heures pour le lot 1 ; 52,5 pour le lot 3 »: figures that share their unit
_FOR_A_LOT = re.compile(
    r";\s?(?:et\s)?\d[\d ,]{0,6}\s(?:pour|sur|au titre du|au)\s(?:le\s|celui du\s)?lots?\b"
)
_HOURS_SAID = re.compile(r"\bheures?\b")
_LISTED = 600  # characters before a semicolon within which « lots » opens their list
_BRACKETED = 90  # characters between a semicolon and the brackets around it
_TAIL = 64  # characters before a line break that may tell that it only folds a sentence
_ITEM = re.compile(r"\s*(?:[-–•*o]\s|l[o0]ts?\b|\d+\s*[°).:/-]|tranche\b|total\b)", re.IGNORECASE)


def _is_soft_line(text: str, start: int, end: int) -> bool:
    """Whether a line break only folds a sentence."""
    before, after = text[:start].rstrip(), text[end : end + 60]
    if not before or not after or text.count("\n", start, end) > 1:
        return False
    if _OPEN_END.search(before[-_TAIL:]) or (before[-1] in ":?]☒☑☐□" and _ANSWER.match(after)):
        return True
    if _LOT_ALONE.search(before[-_TAIL:]) and after[0].isalpha():
        return True
    if _ITEM.match(after) or before[-1] in ".;!?":
        return False
    if _CAPITALS_CUT.search(before[-_TAIL:]) and _CAPITALS.match(after):
        return True
    if _GOES_ON.match(after) or (
        after[0].isdigit() and (before[-1] == ":" or before[-1].isdigit())
    ):
        return True
    if before[-1] == ":":
        return False
    line = before[-60:].splitlines()[-1]
    return line.isupper() and after.splitlines()[0].isupper()


def _is_stop(text: str, match: re.Match[str]) -> bool:
    start = match.start()
    if _is_answered(text, match) or match.group().count(".") > _ELLIPSIS:
        return False
    before = text[max(0, start - 12) : start]
    if match.group("lower") and _NUMBERED.search(before):
        return False
    if match.group("lower") and _SHORT_TRADE.search(before):
        return False
    if before.endswith(" ") and _HOURS_NEXT.match(text, match.end()):
        return False  # « Lot 9 Cloisons . 175 h »: the last of its leaders
    if _ABBREVIATION.search(before) or before.endswith((". ", "… ")):
        return False
    after = text[match.end() : match.end() + 1]
    if match.group("stop") and match.end() == start + 1:
        # No space: « CCAP.Début » is an end, « 1.5.2 », « L.2113 », « C.C.A.P. » are not.
        nxt = text[match.end() + 1 : match.end() + 2]
        if re.match(r"\d{1,2}\s?°", text[match.end() : match.end() + 4]):
            return True  # « normales.2°) Aux entreprises »
        return after.isupper() and (nxt.islower() or nxt in "'’") and len(before.strip()) > 1
    return True


def _is_answered(text: str, match: re.Match[str]) -> bool:
    """Whether a mark only parts a question or a heading from « oui », « non », « sans objet »."""
    mark = match.group().strip()
    if mark.startswith("?"):
        return _ANSWER.match(text, match.end()) is not None
    answer = _ANSWER.match(text, match.end())
    return answer is not None and text[answer.end() : answer.end() + 1] in {
        "",
        ".",
        ";",
        "\n",
        "\r",
    }


def spans(text: str) -> list[tuple[int, int]]:
    """Offsets of the sentences of a clean text, without outer spaces; no sentence is empty."""
    found: list[tuple[int, int]] = []
    begin = 0
    for match in _BOUNDARY.finditer(text):
        kind = match.lastgroup
        if kind == "line":
            if _is_soft_line(text, match.start(), match.end()):
                continue
        elif kind in {"stop", "lower"}:
            if not _is_stop(text, match):
                continue
        elif kind == "semicolon" and _is_joined(text, begin, match.start()):
            continue
        _add(found, text, begin, match.end())
        begin = match.end()
    _add(found, text, begin, len(text))
    return found


def _is_joined(text: str, begin: int, at: int) -> bool:
    """Whether a semicolon stands in a list of bare numbers (« lots : 1 ; 2 ; 7 »), of lots, or of
    figures for lots, or in a short pair of brackets (« (2 : 140 h ; 4 : 70 h) »)."""
    if _NUMBERS_AROUND.match(text, at) and text[max(0, at - 2) : at].strip()[-1:].isdigit():
        return True
    if _FOR_A_LOT.match(text, at) and _HOURS_SAID.search(text, begin, at):
        return True
    if _LOT_NEXT.match(text, at) and _LOTS_BEFORE.search(text, max(begin, at - _LISTED), at):
        return True
    opened = text.rfind("(", max(begin, at - _BRACKETED), at)
    if opened < 0 or text.find(")", opened, at) >= 0:
        return False
    closed = text.find(")", at, at + _BRACKETED)
    return closed >= 0 and text.find("(", at, closed) < 0


def _add(found: list[tuple[int, int]], text: str, start: int, end: int) -> None:
    """Add a sentence without its outer spaces; an endless one is cut at a space."""
    while end - start > LONGEST:
        cut = text.rfind(" ", start + LONGEST // 2, start + LONGEST)
        cut = start + LONGEST if cut < 0 else cut
        _add(found, text, start, cut)
        start = cut
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end -= len(piece) - len(piece.rstrip())
    if start < end:
        found.append((start, end))
