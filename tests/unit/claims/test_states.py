"""The life of a claim, every state by every event; and what proves it."""

import re

import pytest

from annuaire.claims.codes import ALPHABET, code_hash, new_code, same
from annuaire.claims.known import domain_of, host_of, masked, own_domains
from annuaire.claims.letters import TO_CLAIMANT, named
from annuaire.claims.models import _OPEN
from annuaire.claims.states import (
    AT_END,
    CLOSED,
    FIRST,
    HOLDING,
    LASTS,
    METHODS,
    OPEN,
    QUEUED,
    STATES,
    TABLE,
    UNDOABLE,
    after,
    undone,
)  # fmt: skip
from annuaire.errors import InvalidInputError

#: state: what each event makes of it; what is not named is refused.
WHOLE = {
    "mailed": "prove>held prove_beside>asked prove_shared>moderated deny>refused expire>expired "
    "abandon>abandoned",
    "letter_wanted": "print>letter_sent accept>held refuse>refused abandon>abandoned",
    "letter_sent": "print>letter_sent prove>held prove_beside>asked exhaust>expired "
    "expire>expired abandon>abandoned",
    "asked": "admit>held dismiss>refused silence>moderated abandon>abandoned",
    "moderated": "accept>held refuse>refused abandon>abandoned",
    "held": "revoke>revoked contest>contested expire>expired renew>held leave>left",
    "contested": "accept>held refuse>revoked leave>left",
    "refused": "contest>moderated",
    "expired": "",
    "abandoned": "",
    "left": "",
    "revoked": "",
}


@pytest.mark.parametrize("state", STATES)
def test_every_event_leads_where_the_table_says_or_is_refused(state: str) -> None:
    told = dict(pair.split(">") for pair in WHOLE[state].split())
    for event in TABLE:
        if event in told:
            assert after(state, event) == told[event]
        else:
            with pytest.raises(InvalidInputError, match=re.escape(STATES[state])):
                after(state, event)


def test_every_state_is_reached_and_every_wait_ends() -> None:
    reached = {to for moves in TABLE.values() for to in moves.values()} | set(FIRST.values())
    assert reached == set(STATES)
    assert set(FIRST) == set(METHODS)
    assert set(LASTS) == set(AT_END)
    assert all(AT_END[state] in TABLE and state in TABLE[AT_END[state]] for state in AT_END)
    # What neither ends by itself nor waits for a moderator would wait for ever.
    assert OPEN - set(LASTS) <= QUEUED


def test_open_states_are_those_of_the_index_and_every_step_has_its_letter() -> None:
    assert set(re.findall(r"'(\w+)'", str(_OPEN))) == OPEN
    assert HOLDING <= OPEN
    assert not CLOSED & OPEN
    assert set(TABLE) <= set(TO_CLAIMANT)
    assert set(FIRST.values()) - HOLDING <= set(TO_CLAIMANT)


@pytest.mark.parametrize("event", TABLE)
def test_a_decision_of_moderators_alone_is_undone(event: str) -> None:
    for before, state in TABLE[event].items():
        if event in UNDOABLE:
            assert undone(state, event, before) == before
        else:
            with pytest.raises(InvalidInputError, match="ne s’annule pas"):
                undone(state, event, before)


@pytest.mark.parametrize(
    ("website", "host"),
    [
        ("https://www.Exemple.fr/contact", "exemple.fr"),
        ("exemple.fr", "exemple.fr"),
        ("http://lille.exemple.fr", "lille.exemple.fr"),
        ("javascript:alert(1)", None),
        ("néant", None),
        (None, None),
    ],
)
def test_host_of_a_site(website: str | None, host: str | None) -> None:
    assert host_of(website) == host


def test_domains_of_everybody_prove_nothing() -> None:
    emails = ["contact@exemple.fr", "essai@gmail.com", "a@wanadoo.fr"]
    sites = ["https://www.exemple.fr", "https://www.facebook.com/essai", "http://atelier.fr", None]
    assert own_domains(emails, sites) == ("exemple.fr", "atelier.fr")
    assert domain_of("A@Exemple.FR") == "exemple.fr"
    assert masked("contact@exemple.fr") == "c•••@exemple.fr"


def test_code_is_typed_as_one_likes_and_serves_one_claim_of_one_site() -> None:
    code = new_code()
    assert re.fullmatch(f"[{ALPHABET}]{{4}}-[{ALPHABET}]{{4}}", code)
    kept = code_hash("secret", 1, code)
    assert same(kept, code_hash("secret", 1, f" {code.lower().replace('-', ' ')} "))
    assert code not in kept
    for other in (("secret", 2), ("autre", 1)):
        assert not same(kept, code_hash(*other, code))


@pytest.mark.parametrize("name", ["Gagnez sur www.exemple.fr", "https://exemple.fr", "a@b.fr"])
def test_letters_hold_no_link_of_who_claims(name: str) -> None:
    assert named(name, "a@exemple.fr") == "a@exemple.fr"
    assert named("Jeanne d’Essai-Durand", "j@exemple.fr").startswith("Jeanne d’Essai-Durand (j@")
