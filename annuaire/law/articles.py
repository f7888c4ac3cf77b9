"""Articles of the public procurement code and what they were called before it."""

import re
import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files


@dataclass(frozen=True, slots=True)
class Article:
    """An article of today's code. `predecessors` are written "CMP2006 14" (code of 2006),
    "ORD2015-899 36" (ordinance of 2015) or "DEC2016-360 13" (its decree). `title` and
    `summary` are French; `status` says whether the summary was read or inferred."""

    code: str
    title: str
    summary: str
    valid_from: date
    predecessors: tuple[str, ...]
    status: str


@cache
def all_articles() -> dict[str, Article]:
    """Every article we know, by its code (« L2113-12 »)."""
    text = files(__package__).joinpath("data/articles.toml").read_text(encoding="utf-8")
    return {
        row["code"]: Article(
            code=row["code"],
            title=row["title"],
            summary=row["summary"],
            valid_from=row["valid_from"],
            predecessors=tuple(row["predecessors"]),
            status=row["status"],
        )
        for row in tomllib.loads(text)["article"]
    }


def normalise(cited: str) -> str:
    """« L. 2113-12 », « l 2113–12 » → « L2113-12 »; older names are returned as they are."""
    compact = re.sub(r"[\s.]", "", cited.upper()).replace("–", "-").replace("—", "-")
    return compact if re.fullmatch(r"[LRD]\d{4}-\d+(?:-\d+)*", compact) else cited.strip()


def get(code: str) -> Article | None:
    """The article of today's code so named, or None."""
    return all_articles().get(normalise(code))


def translations(cited: str) -> tuple[Article, ...]:
    """Today's articles for a citation: itself, or those that an older article became."""
    name = normalise(cited)
    article = all_articles().get(name)
    if article is not None:
        return (article,)
    return tuple(a for a in all_articles().values() if name in a.predecessors)


def today(cited: str, among: tuple[str, ...] = ()) -> str | None:
    """The code of today's article for a citation, or None when we do not know it.

    An old article may have become several: `among` gives the codes that suit what the text
    says (a reservation to insertion structures under article 36 is L2113-13).
    """
    found = translations(cited)
    chosen = next((a for a in found if a.code in among), found[0] if found else None)
    return chosen.code if chosen else None
