"""What a document states: object, lots, clauses with their sentence; any bytes give an answer."""

from dataclasses import asdict
from html import unescape

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.documents.analysing import Analysis, analyse
from annuaire.documents.extracting import extract
from annuaire.documents.limits import Limits
from annuaire.documents.marking import marked
from annuaire.documents.packing import packed, unpacked
from annuaire.documents.passages import WHOLE, passage_of, passages
from annuaire.documents.refusals import REASONS
from annuaire.documents.text import of_parts
from annuaire.documents.worker import answer
from tests.factories import documents as made

RULES = """Règlement de la consultation
Objet de la consultation : entretien des bâtiments communaux. La durée est de deux ans.
Lot n° 1 : Nettoyage des écoles, montant maximum 80 000 € HT
Lot n° 2 : Secteur nord
Le titulaire du lot n° 1 réserve 350 heures d'insertion à des personnes éloignées de l'emploi.
Le lot n° 2 est réservé aux entreprises adaptées (article L. 2113-12).
Le marché ne comporte pas de clause environnementale."""
SAMPLES = {
    "pdf": made.pdf(RULES.split("\n")),
    "docx": made.word(*RULES.split("\n")),
    "odt": made.open_text(*RULES.split("\n")),
    "rtf": made.rtf(*RULES.split("\n")),
    "html": f"<html><p>{RULES.replace(chr(10), '<p>')}".encode(),
    "txt": RULES.encode(),
}
LIMITS = Limits()


def analysis(data: bytes) -> Analysis:
    return analyse(extract(data, LIMITS))


def assert_sound(found: Analysis) -> None:
    """Every piece of evidence is in the text that is shown, at its place."""
    text = found.document.text
    for finding in found.findings:
        assert text[finding.start : finding.end] == finding.evidence
        assert finding.start <= finding.mark_start <= finding.mark_end <= finding.end
    for denied in found.denied:
        assert text[denied.start : denied.end] == denied.evidence


@pytest.mark.parametrize("kind", SAMPLES)
def test_a_document_states_the_same_in_every_format(kind: str) -> None:
    found = analysis(SAMPLES[kind])
    assert_sound(found)
    assert found.subject == "entretien des bâtiments communaux"
    assert [(r.lot.number, r.lot.title) for r in found.lots] == [
        ("1", "Nettoyage des écoles"),
        ("2", "Secteur nord"),
    ]
    assert [r.lot.amount and r.lot.amount.eur for r in found.lots] == [80_000, None]
    assert found.lots[0].activities[0].code == "nettoyage-locaux"
    assert found.lots[1].words == "Secteur nord – entretien des bâtiments communaux"
    told = {(f.type, f.lots, f.hours, f.article) for f in found.findings}
    assert ("execution_insertion", ("1",), 350.0, "L2112-2") in told
    assert ("reserved_handicap", ("2",), None, "L2113-12") in told
    assert [n.type for n in found.denied] == ["environment"]


@pytest.mark.parametrize(
    ("text", "subject"),
    [
        ("\nNettoyage de bureaux à Lille\nLe reste.", "Nettoyage de bureaux à Lille"),
        ("x\n" * 200 + "1. Objet du marché : la tonte des pelouses.\n", "la tonte des pelouses"),
        ("x\n" * 200 + "L'accord-cadre a pour objet la tonte. Durée : un an", "la tonte"),
        ("x\n" * 200, ""),
    ],
)  # fmt: skip
def test_the_object_is_read_where_it_is_told(text: str, subject: str) -> None:
    assert analyse(of_parts("txt", "ligne", text.split("\n"))).subject == subject


def test_what_only_a_title_announces_is_found() -> None:
    text = "Objet : prestations d'insertion et de qualification professionnelle\n" + "x\n" * 200
    found = analyse(of_parts("txt", "ligne", text.split("\n")))
    assert_sound(found)
    assert "insertion_object" in {f.type for f in found.findings}


def test_a_long_document_is_shown_by_extracts_that_hold_every_sentence() -> None:
    pages = [f"Page {n}. " + "Le titulaire remet ses documents. " * 200 for n in range(30)]
    pages[17] += "\nUne clause d'insertion impose 120 heures au titulaire.\n"
    found = analyse(of_parts("pdf", "page", pages))
    assert len(found.document.text) > WHOLE
    spans = [(f.start, f.end) for f in found.findings]
    parts = passages(found.document, spans)
    assert sum(len(part.html) for part in parts) < 3_000
    assert [part.where for part in parts] == ["page 18"]
    assert "<mark>Une clause d" in parts[0].html
    assert passage_of(parts, spans[0][0]) == 1


@given(
    st.text(alphabet="ab<>&m/", max_size=30),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), max_size=4),
)
def test_marks_change_no_letter_and_let_no_tag_through(
    text: str, spans: list[tuple[int, int]]
) -> None:
    within = [(min(a, len(text)), min(b, len(text))) for a, b in spans]
    html = marked(text, within)
    assert unescape(html.replace("<mark>", "").replace("</mark>", "")) == text
    shown = [unescape(piece.split("</mark>")[0]) for piece in html.split("<mark>")[1:]]
    assert sum(map(len, shown)) == len({i for a, b in within for i in range(a, b)})


@given(st.text(max_size=400))
def test_any_text_is_analysed_and_travels_between_processes(text: str) -> None:
    found = analysis_or_none(text.encode(errors="surrogatepass"))
    if found is not None:
        assert_sound(found)
        assert unpacked(orjson.loads(packed(found))) == found


def analysis_or_none(data: bytes) -> Analysis | None:
    told = orjson.loads(answer(data, asdict(LIMITS), None))
    if "refused" in told:
        assert told["refused"] in REASONS
        return None
    return unpacked(told)


@given(st.binary(max_size=600))
def test_any_bytes_give_a_text_or_a_refusal(data: bytes) -> None:
    found = analysis_or_none(data)
    assert found is None or found.document.text


@given(
    kind=st.sampled_from(sorted(SAMPLES)),
    cuts=st.lists(st.tuples(st.floats(0, 1), st.binary(max_size=4)), min_size=1, max_size=4),
)
def test_a_damaged_document_gives_a_text_or_a_refusal(
    kind: str, cuts: list[tuple[float, bytes]]
) -> None:
    data = SAMPLES[kind]
    for share, put in cuts:
        place = int(share * len(data))
        data = data[:place] + put + data[place + len(put) + 1 :]
    found = analysis_or_none(data)
    if found is not None:
        assert_sound(found)
