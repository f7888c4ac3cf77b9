"""Who speaks for a structure, which may have been joined to another since."""

from sqlalchemy.orm import Session

from annuaire.accounts.members import is_member, join, leave, members_of, structures_of
from annuaire.db import writing
from annuaire.structures.models import Structure, StructureAlias
from tests.factories.accounts import NOW, make_user, rows


def test_membership_follows_a_structure_that_is_joined_to_another(base: Session) -> None:
    first, other = make_user(base), make_user(base, "autre@exemple.fr")
    with writing(base):
        for number in (1, 2):
            given = {"origins": {}, "created_at": NOW, "updated_at": NOW}
            base.add(Structure(id=number, key=f"k{number}", name="Essai", **given))
        base.flush()
        for _ in range(2):  # twice is once
            join(base, first, 1)
        join(base, other, 2)
    assert is_member(base, first, 1)
    assert not is_member(base, first, 2)
    with writing(base):
        base.add(StructureAlias(key="k1", structure_id=2))
    assert is_member(base, first, 2)
    assert not is_member(base, first, 1)
    assert [s.id for s in rows(base, structures_of(first))] == [2]
    assert [u.id for u in rows(base, members_of(2))] == [first, other]
    with writing(base):
        assert leave(base, first, 2)
        assert not leave(base, first, 2)
    assert rows(base, structures_of(first)) == []
