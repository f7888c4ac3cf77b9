"""The text of real files in each format, and where it stands."""

import pytest

from annuaire.documents.extracting import extract
from annuaire.documents.limits import Limits
from annuaire.documents.text import DocumentText
from tests.factories import documents as made

CLAUSE = "Le titulaire réserve 120 heures d'insertion à l'exécution du lot n° 1."
TABLE = [["Lot", "Désignation"], ["1", "Nettoyage des écoles"], ["2", "Espaces verts"]]
HTML = (
    "<!DOCTYPE html><html><head><style>p { color: red }</style><script>alert(1)</script></head>"
    f"<body><h1>Règlement</h1><p>{CLAUSE}</p><table><tr><td>1</td><td>Écoles</td></tr></table>"
)


def read(data: bytes, **limits: int) -> DocumentText:
    return extract(data, Limits(**limits))


def place_of(document: DocumentText, words: str) -> str:
    return document.where(document.text.index(words))


FORMATS = {
    "pdf": (made.pdf(["Règlement"], [CLAUSE]), "page 2"),
    "docx": (made.word("Règlement", CLAUSE), "paragraphe 2"),
    "odt": (made.open_text("Règlement", CLAUSE), "paragraphe 2"),
    "rtf": (made.rtf("Règlement", CLAUSE), "paragraphe 2"),
    "html": (HTML.encode(), "paragraphe 2"),
    "txt": (f"Règlement\n\n{CLAUSE}\n".encode(), "ligne 3"),
}


@pytest.mark.parametrize("kind", FORMATS)
def test_text_keeps_its_words_and_place_in_every_format(kind: str) -> None:
    data, place = FORMATS[kind]
    document = read(data)
    assert document.kind == kind
    assert place_of(document, CLAUSE) == place
    assert document.text.startswith("Règlement")
    assert "alert" not in document.text


@pytest.mark.parametrize("data", [made.word(table=TABLE), made.open_text(table=TABLE)])
def test_a_row_of_a_table_is_one_line(data: bytes) -> None:
    assert read(data).text.split("\n") == ["\t".join(row) for row in TABLE]


@pytest.mark.parametrize(
    "encoded",
    [
        "Clé d’été\r\nœuvre".encode("cp1252"),
        "Clé d’été\rœuvre".encode("utf-16"),
        "\ufeffCle\u0301 d’e\u0301te\u0301\u200b\nœuvre".encode(),
        b"Cl\xe9 d\x92\xe9t\xe9\x07\n\x9cuvre",
    ],
)
def test_bare_text_is_read_in_the_encodings_that_people_use(encoded: bytes) -> None:
    assert read(encoded).text == "Clé d’été\nœuvre"


def test_word_processor_text_that_hides_is_read_and_deleted_text_is_not() -> None:
    xml = (
        "<w:sdt><w:sdtContent><w:p><w:r><w:t>DANS UN CHAMP</w:t></w:r></w:p></w:sdtContent></w:sdt>"
        '<w:p><w:ins w:id="1" w:author="a"><w:r><w:t>INSÉRÉ</w:t></w:r></w:ins>'
        '<w:del w:id="2" w:author="a"><w:r><w:delText>SUPPRIMÉ</w:delText></w:r></w:del>'
        "<w:r><w:t> L. 2113</w:t><w:noBreakHyphen/><w:t>12</w:t></w:r></w:p>"
        "<w:p><w:r><w:t>AVANT</w:t><w:lastRenderedPageBreak/><w:t>APRÈS</w:t></w:r></w:p>"
    )
    document = read(made.word("Début", xml=xml))
    assert "DANS UN CHAMP" in document.text
    assert "INSÉRÉ L. 2113-12" in document.text
    assert "SUPPRIMÉ" not in document.text
    assert place_of(document, "INSÉRÉ") == "vers la page 1"
    assert place_of(document, "APRÈS") == "vers la page 2"


def test_open_document_text_that_hides_is_read_and_comments_are_not() -> None:
    xml = (
        '<text:p>Lot<text:s text:c="2"/>1<text:line-break/>suite<office:annotation>'
        "<text:p>COMMENTAIRE</text:p></office:annotation></text:p>"
        "<text:section><text:list><text:list-item><text:p>DANS UNE LISTE</text:p></text:list-item>"
        "</text:list></text:section><text:soft-page-break/><text:p>APRÈS</text:p>"
    )
    document = read(made.open_text("Début", xml=xml))
    assert "Lot  1\nsuite" in document.text
    assert "DANS UNE LISTE" in document.text
    assert "COMMENTAIRE" not in document.text
    assert place_of(document, "APRÈS") == "vers la page 2"


def test_pages_of_images_among_others_are_named() -> None:
    document = read(made.scanned_pdf("", CLAUSE, ""))
    assert document.blind == (1, 3)
    assert place_of(document, CLAUSE) == "page 2"


def test_a_page_that_is_a_picture_under_a_stamp_is_named_and_one_with_its_text_is_read() -> None:
    document = read(made.scanned_pdf("Page 1/2", CLAUSE * 9, whole=True))
    assert document.blind == (1,)
    assert document.text.startswith("Page 1/2")


def test_what_is_typed_in_the_fields_of_a_form_is_read() -> None:
    document = read(made.form_pdf("Intitulé du lot :", CLAUSE))
    assert document.text.split("\n") == ["Intitulé du lot :", CLAUSE]


def test_a_long_document_is_read_whole() -> None:
    pages = [[f"Article {n} du cahier", CLAUSE, "La suite est ici."] for n in range(1, 121)]
    document = read(made.pdf(*pages))
    assert len(document.starts) == 120
    assert place_of(document, "Article 117 du cahier") == "page 117"
