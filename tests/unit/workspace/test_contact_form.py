"""How a facilitator says to be named: nothing without agreement, nothing that misleads."""

import pytest

from annuaire.workspace.contact_form import Contact, read_contact

GIVEN = {
    "fonction": "Chargée des clauses sociales",
    "courriel": " Clauses@Maison-Emploi.fr ",
    "telephone": "03 20 00 00 00",
    "accord": "oui",
}


def test_what_is_typed_is_made_plain() -> None:
    shown = Contact("Chargée des clauses sociales", "clauses@maison-emploi.fr", "+33320000000")
    assert read_contact(GIVEN) == (shown, [])
    alone = read_contact(GIVEN | {"courriel": "", "telephone": "0590 00 00 00"})[0]
    assert alone == Contact("Chargée des clauses sociales", None, "+590590000000")


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("accord", ""), ("accord", "on"), ("accord", "OUI"),
        ("fonction", ""), ("fonction", "   "), ("fonction", "x" * 101),
        ("fonction", "Écrivez sur mal.example/ici"), ("fonction", "a\u202eb"), ("fonction", "12"),
        ("courriel", "clauses"), ("courriel", "a@b@c.fr"), ("courriel", "a?cc=b@maison-emploi.fr"),
        ("courriel", "a@maison-emploi.fr\nBcc: b@c.fr"), ("courriel", "x" * 300 + "@c.fr"),
        ("courriel", "<script>@maison-emploi.fr"), ("courriel", "%61@maison-emploi.fr"),
        ("telephone", "12"), ("telephone", "+1 202 555 0100"), ("telephone", "javascript:alert(1)"),
        ("telephone", "0" * 70), ("telephone", "03 20 00 00 0x"),
    ],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused_at_its_field(field: str, typed: str) -> None:
    contact, errors = read_contact(GIVEN | {field: typed})
    assert contact is None
    assert [error.field for error in errors] == [field]
