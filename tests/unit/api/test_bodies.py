"""Bodies: of a known depth, refused field by field, in French."""

import json
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from marshmallow import Schema

from annuaire.api.bodies import NOT_JSON, NUL, TOO_DEEP, read_body
from annuaire.api.refusals import RefusedError
from annuaire.api.schemas.asked import MAX_CHARACTERS, ClausesSent, NeedSent, NumbersSent
from annuaire.errors import InvalidInputError

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


def dumped(value: object) -> bytes:
    return json.dumps(value).encode()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", NOT_JSON),
        (b"{", NOT_JSON),
        (b"\xff", NOT_JSON),
        (b'{"amount_eur": NaN}', NOT_JSON),
        (b"[" * 10_000 + b"]" * 10_000, NOT_JSON),
        (b"[" * 500 + b"]" * 500, TOO_DEEP),
        (b'{"text": "a\\u0000b"}', NUL),
    ],
)
def test_what_is_no_body_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(InvalidInputError) as refused:
        read_body(body, NeedSent())
    assert refused.value.message == message


CASES: list[tuple[Schema, Any, dict[str, str]]] = [
    (NeedSent(), {}, {"#/text": "Donnez « text », « cpv » ou « contract »."}),
    (NeedSent(), [], {"#": "Un objet JSON est attendu."}),
    (NeedSent(), {"text": None}, {"#/text": "Ce champ ne peut pas être nul : laissez-le absent."}),
    (NeedSent(), {"text": "vitres", "prix": 3}, {"#/prix": "Ce champ n’existe pas."}),
    (
        NeedSent(),
        {"text": "vitres", "amount_eur": "9000", "months": True, "limit": 1.5},
        {
            "#/amount_eur": "Un nombre est attendu.",
            "#/months": "Un nombre est attendu.",
            "#/limit": "Un nombre entier est attendu.",
        },
    ),
    (NeedSent(), {"cpv": "909"}, {"#/cpv": "Un code CPV a 8 chiffres, puis parfois une clé."}),
    (
        NeedSent(),
        {"text": "vitres", "on": "31/05/2026"},
        {"#/on": "Une date est attendue, par exemple 2026-05-31."},
    ),
    (
        NeedSent(),
        {"text": "vitres", "reserved": ["siae"]},
        {"#/reserved/0": "Choisissez parmi : insertion, handicap, ess."},
    ),
    (
        NeedSent(),
        {"text": "vitres", "lot": "1"},
        {"#/contract": "Un lot demande la référence de son marché."},
    ),
    (ClausesSent(), {}, {"#/texts": "Donnez au moins un texte ou un code."}),
    (ClausesSent(), {"texts": [3]}, {"#/texts/0": "Un objet JSON est attendu."}),
    (ClausesSent(), {"texts": [{}]}, {"#/texts/0/text": "Ce champ manque."}),
    (ClausesSent(), {"codes": {}}, {"#/codes": "Une liste est attendue."}),
    (NumbersSent(), {"numbers": []}, {"#/numbers": "De 1 à 500 numéros."}),
    (NumbersSent(), {"numbers": [1]}, {"#/numbers/0": "Un texte est attendu."}),
]


@pytest.mark.parametrize(("schema", "body", "errors"), CASES)
def test_fields_are_refused_one_by_one(schema: Schema, body: Any, errors: dict[str, str]) -> None:
    with pytest.raises(RefusedError) as refused:
        read_body(dumped(body), schema)
    assert {each["pointer"]: each["detail"] for each in refused.value.errors} == errors
    assert refused.value.status == 422


def test_texts_are_counted_together() -> None:
    half = {"text": "a" * (MAX_CHARACTERS // 2 + 1)}
    with pytest.raises(RefusedError):
        read_body(dumped({"texts": [half, half]}), ClausesSent())
    assert len(read_body(dumped({"texts": [half]}), ClausesSent())["texts"]) == 1


@given(JSON)
def test_any_json_is_read_or_refused(sent: object) -> None:
    for schema in (NeedSent(), ClausesSent(), NumbersSent()):
        with suppress(InvalidInputError, RefusedError):
            read_body(dumped(sent), schema)
