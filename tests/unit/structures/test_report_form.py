"""Any text at all in the form gives a report or errors, never a crash."""

from hypothesis import given
from hypothesis import strategies as st

from annuaire.structures.report_form import KINDS, MAX_TEXT, read_report

ANY = st.text(st.characters(codec=None), max_size=300)


@given(st.dictionaries(st.sampled_from(["motif", "texte", "courriel", "site", "x"]), ANY))
def test_any_values_give_a_report_or_errors(values: dict[str, str]) -> None:
    reported, errors = read_report(values)
    assert (reported is None) == bool(errors)
    assert all(error.field in {"motif", "texte", "courriel"} for error in errors)


@given(st.sampled_from(sorted(KINDS)), ANY)
def test_a_kept_text_can_be_stored_and_read(kind: str, text: str) -> None:
    reported, _ = read_report({"motif": kind, "texte": text})
    if reported:
        assert 0 < len(reported.text) <= MAX_TEXT
        assert "\x00" not in reported.text
        reported.text.encode("utf-8")
