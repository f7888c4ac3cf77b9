"""The letters of alerts: to confirm one, to find one's own, digests, one that serves no more."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from annuaire.alerts.asking import CONTRACTS, OPPORTUNITIES, PAGES, STRUCTURE
from annuaire.alerts.links import CONFIRM, LEAVE, MINE, REFUSE, Site
from annuaire.alerts.models import AlertSubscription
from annuaire.alerts.rhythm import in_words
from annuaire.mail.letters import Letter
from annuaire.mail.rendering import render
from annuaire.wording import pluriel

PURPOSE: Final = "alert"
#: What a digest counts, by kind of subscription: one, several.
COUNTED: Final = {
    CONTRACTS: ("nouveau marché", "nouveaux marchés"),
    OPPORTUNITIES: ("nouveau marché pour vous", "nouveaux marchés pour vous"),
    STRUCTURE: ("changement", "changements"),
    "structures": ("nouvelle structure", "nouvelles structures"),
}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a digest tells. `html` and `text` are what everybody is told of it; `lots` and
    `changes` what this subscription is. `refuse` is the link of « pas pour nous »."""

    kind: str
    html: str
    text: str
    lots: Sequence[dict[str, Any]] = ()
    changes: Sequence[str] = ()
    refuse: str | None = None


def confirm_letter(site: Site, subscription: AlertSubscription) -> Letter:
    """Asks an address whether it wants an alert."""
    return render(
        "alert_confirm",
        to=subscription.email,
        once=f"alert-confirm/{subscription.id}",
        purpose="confirm",
        title_said=subscription.title,
        rhythm=in_words(subscription.rhythm, subscription.hour, subscription.weekday),
        link=site.link(CONFIRM, subscription.id),
        public_url=site.url,
    )


def mine_letter(site: Site, email: str, address: str, once: str) -> Letter:
    """The link to one's own alerts."""
    return render(
        "alert_mine",
        to=email,
        once=once,
        purpose="confirm",
        link=site.link(MINE, address),
        public_url=site.url,
    )


def trouble_letter(site: Site, subscription: AlertSubscription) -> Letter:
    """Says that an alert can find nothing any more, and why."""
    return render(
        "alert_trouble",
        to=subscription.email,
        once=f"alert-trouble/{subscription.id}/{subscription.indexed_on}",
        purpose=PURPOSE,
        unsubscribe=site.link(LEAVE, subscription.id),
        title_said=subscription.title,
        trouble=subscription.trouble,
        mine=site.link(MINE, subscription.address),
        public_url=site.url,
    )


def digest_letter(
    site: Site, subscription: Any, items: Sequence[Item], more: int, once: str
) -> Letter:
    """A digest; `more` things are found that it does not hold."""
    return render(
        "alert_digest",
        to=subscription.email,
        once=once,
        purpose=PURPOSE,
        unsubscribe=site.link(LEAVE, subscription.id),
        subject_line=f"{counted(subscription.kind, items, more)} : {subscription.title}",
        items=items,
        more=more,
        more_url=f"{site.url}{page_of(subscription)}",
        title_said=subscription.title,
        kind=subscription.kind,
        rhythm=in_words(subscription.rhythm, subscription.hour, subscription.weekday),
        mine=site.link(MINE, subscription.address),
        public_url=site.url,
    )


def counted(kind: str, items: Sequence[Item], more: int) -> str:
    """« 3 nouveaux marchés, 1 rappel »."""
    one, several = COUNTED[kind]
    numbers = [
        (sum(item.kind == "new" for item in items) + more, one, several),
        (
            sum(item.kind == "update" for item in items),
            one if kind == STRUCTURE else "marché modifié",
            several if kind == STRUCTURE else "marchés modifiés",
        ),
        (sum(item.kind == "reminder" for item in items), "rappel", "rappels"),
    ]
    return ", ".join(pluriel(count, *words) for count, *words in numbers if count)


def page_of(subscription: Any) -> str:
    """The page of the site that shows what a subscription awaits."""
    if subscription.kind in PAGES:
        return f"{PAGES[subscription.kind]}?{subscription.query}".rstrip("?")
    own = f"/structures/{subscription.structure_key}"
    return f"{own}/marches" if subscription.kind == OPPORTUNITIES else own


def refusal_link(site: Site, subscription: Any) -> str | None:
    """The start of the links of « pas pour nous », for what can be taught."""
    taught = subscription.kind in (CONTRACTS, OPPORTUNITIES)
    return site.link(REFUSE, subscription.id) if taught else None
