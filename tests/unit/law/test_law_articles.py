from datetime import date

import pytest

from annuaire.law import articles


@pytest.mark.parametrize(
    ("cited", "among", "today"),
    [
        ("L. 2113-12", (), "L2113-12"),
        ("l 2113–13", (), "L2113-13"),
        ("CMP2006 14", (), "L2112-2"),
        ("CMP2006 15", (), "L2113-12"),
        ("CMP2006 30", (), "R2123-1"),
        ("CMP2006 53", (), "R2152-7"),
        ("ORD2015-899 36", (), "L2113-12"),
        ("ORD2015-899 36", ("L2113-13",), "L2113-13"),
        ("ORD2015-899 36", ("L2113-14",), "L2113-14"),
        ("ORD2015-899 37", (), "L2113-15"),
        ("ORD2015-899 38", (), "L2112-2"),
        ("L9999-1", (), None),
        ("CMP2006 999", (), None),
    ],
)
def test_citation_is_translated_to_todays_article(
    cited: str, among: tuple[str, ...], today: str | None
) -> None:
    assert articles.today(cited, among) == today


def test_article_tells_its_title_summary_and_date() -> None:
    article = articles.get("L.2113-13")
    assert article is not None
    assert article.title == "Réservation à l'insertion"
    assert "insertion" in article.summary
    assert article.valid_from == date(2019, 4, 1)


def test_unknown_article_is_none() -> None:
    assert articles.get("L1-1") is None
