"""What buyers really type or paste: each gets an answer that says what it assumed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.matching.details import MAX_READ, details, essence
from annuaire.matching.form import read_form
from annuaire.matching.need import Need, need_from_form
from annuaire.matching.trades import trades

TODAY = date(2026, 5, 4)
PAGES = "Le présent cahier des clauses administratives comporte diverses dispositions.\n" * 3_000
LETTER = (
    "Objet du marché : nettoyage des bureaux de la mairie.\n"
    "Montant estimé : 45 000 € HT. Durée de 2 ans, soit 1 200 m² à entretenir, à Roubaix.\n"
    "Date limite de remise des offres : 12/06/2026."
)


def said(need: Need, words: str) -> bool:
    return any(words in sentence for sentence in need.assumptions)


@pytest.mark.parametrize(
    ("text", "changes", "sentence"),
    [
        pytest.param("nettoyage", {}, "Lieu non précisé", id="no place"),
        pytest.param("nettoyage", {"cpv": "12345678"}, "Code CPV inconnu : « 12345678 »",
                     id="unknown CPV"),
        pytest.param("nettoyage", {"cpv": "90910000-1"}, "Code CPV inconnu", id="wrong CPV key"),
        pytest.param("nettoyage", {"amount_eur": -5.0}, "Montant invraisemblable", id="negative"),
        pytest.param("nettoyage", {"amount_eur": 1e300}, "Montant invraisemblable", id="absurd"),
        pytest.param("nettoyage", {}, "Activité déduite du texte", id="one word"),
        pytest.param("zzyzx", {}, "Aucune activité reconnue", id="one unknown word"),
        pytest.param("", {}, "Besoin non décrit", id="nothing"),
        pytest.param(PAGES + LETTER, {}, "signes : ", id="a hundred pages"),
        pytest.param(PAGES + LETTER, {}, "Activité déduite du texte", id="their object is found"),
        pytest.param("Nettoyage des bureaux / Cleaning of the offices and supply of services "
                     "for the city", {}, "en partie en anglais", id="two languages"),
        pytest.param("Nettoyage des vitres, with window cleaning", {}, "en partie en anglais",
                     id="a few words of another language"),
        pytest.param("Reinigung der Büros und Treppen, nettoyage", {}, "en partie en allemand",
                     id="German"),
        pytest.param("Limpieza de los locales del ayuntamiento", {}, "en partie en espagnol",
                     id="Spanish"),
        pytest.param("Pulizia degli uffici", {}, "en partie en italien", id="Italian"),
        pytest.param("nettoyage", {"amount_eur": 0.01}, "Montant de 0,01\xa0€ HT, très faible",
                     id="a cent"),
        pytest.param("nettoyage", {"amount_eur": 2e9}, "très élevé pour un achat public",
                     id="two thousand million"),
        pytest.param(LETTER, {}, "Montant lu dans le texte : 45", id="amount in the text"),
        pytest.param(LETTER, {}, "Lieu lu dans le texte : Roubaix", id="place in the text"),
        pytest.param("peinture, plomberie et blanchisserie", {}, "Plusieurs métiers lus",
                     id="several trades"),
    ],
)  # fmt: skip
def test_answer_says_what_it_assumed(text: str, changes: dict[str, object], sentence: str) -> None:
    need = need_from_form(text, on=TODAY, **changes)  # type: ignore[arg-type]  # a table of cases
    assert said(need, sentence), need.assumptions


@pytest.mark.parametrize(
    "text",
    ["Office public de l'habitat : nettoyage", "Services et fournitures pour l'office de tourisme",
     "Mise en place d'un fab lab", "Entretien du parc des Landes, route de Los Angeles"],
)  # fmt: skip
def test_a_french_text_is_not_said_to_be_foreign(text: str) -> None:
    assert not said(need_from_form(text, on=TODAY), "seuls les mots français")


@pytest.mark.parametrize(("amount", "likely"), [(99.99, False), (100, True), (1e9, True)])
def test_a_hardly_likely_amount_is_kept_and_doubted(amount: float, likely: bool) -> None:
    need = need_from_form("nettoyage", on=TODAY, amount_eur=amount)
    assert need.amount_eur == amount
    assert said(need, "Il a été pris en compte tel quel") != likely


def test_an_amount_said_of_one_lot_is_not_that_of_the_need() -> None:
    text = "Nettoyage et espaces verts. Montant estimé du lot 1 : 45 000 € HT."
    assert need_from_form(text, on=TODAY).amount_eur is None


def test_pasted_letter_gives_all_that_it_says() -> None:
    need = need_from_form(LETTER, on=TODAY)
    assert (need.amount_eur, need.months, need.quantity) == (45_000.0, 24.0, "1 200 m²")
    assert (need.place_label, need.deadline) == ("Roubaix (59)", date(2026, 6, 12))
    typed = need_from_form(LETTER, on=TODAY, place="Lyon", amount_eur=9_000, months=6)
    assert (typed.amount_eur, typed.months, typed.departements) == (9_000, 6, ("69",))
    assert not said(typed, "lu dans le texte")


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Nettoyage des locaux, entretien des espaces verts et blanchisserie du linge",
         ["nettoyage-locaux", "espaces-verts-entretien", "blanchisserie"]),
        ("nettoyage, espaces verts et linge",
         ["nettoyage-locaux", "espaces-verts-entretien", "blanchisserie"]),
        ("nettoyage des bureaux et du linge", ["nettoyage-locaux", "blanchisserie"]),
        ("linge, espaces verts", ["blanchisserie", "espaces-verts-entretien"]),
        ("ménage + jardinage", ["nettoyage-locaux", "espaces-verts-entretien"]),
        ("peinture et électricité", ["peinture", "electricite"]),
        ("Lots carrelage et plomberie", ["carrelage-sols", "plomberie"]),
        # How many lots there are is said before what they are, or between them.
        ("Marché en 2 lots : nettoyage des bureaux et espaces verts",
         ["nettoyage-locaux", "espaces-verts-entretien"]),
        ("3 lots : espaces verts, nettoyage, traiteur",
         ["espaces-verts-entretien", "nettoyage-locaux", "traiteur"]),
        ("Lot 1 nettoyage des bureaux et lot 2 espaces verts",
         ["nettoyage-locaux", "espaces-verts-entretien"]),
        # One hand keeps a thing and does its trade.
        ("Exploitation et maintenance des installations de chauffage et de ventilation", []),
        ("Vérification périodique et maintenance des extincteurs", []),
        ("Étude et aménagement des espaces verts", []),
        # Where, for whom, with what, and what goes on.
        ("Dépannages en plomberie dans les logements et les parties communes", []),
        ("Fourniture de repas cuisinés et livrés", []),
        ("Vêtements des agents de police et des agents de surveillance", []),
        ("Aménagement d'un terrain avec tribune, vestiaires et éclairage", []),
        ("Nettoyage de la vitrerie et des salles du centre national du livre", []),
        # What is taught or collected.
        ("Formations à la plomberie, à la peinture et à la cuisine", []),
        ("Collecte des emballages et des journaux magazines", []),
        # A title's one lot is what is bought.
        ("Plomberie et peinture de l'école - Lot 2 : plantations", []),
        ("Collecte et traitement des déchets végétaux", []),
        ("Travaux et mise en œuvre d'un dispositif de vidéoprotection", []),
        ("Désamiantage ; peinture ; plomberie", ["demolition", "peinture", "plomberie"]),
        ("Nettoyage des bureaux et des vitres", []),
        ("Collecte et traitement des déchets", []),
        ("Fourniture et pose de signalétique", []),
        ("Entretien des espaces verts", []),
        ("", []),
        ("et, et ; et", []),
    ],
)  # fmt: skip
def test_trades_asked_for_together_are_told_from_the_words_of_one(
    text: str, found: list[str]
) -> None:
    assert [trade.code for trade in trades(text)] == found


@pytest.mark.parametrize(
    ("text", "field", "value"),
    [
        ("pour une durée de trois (3) ans", "months", 36.0),
        ("durée du marché : 18 mois", "months", 18.0),
        ("durée de 900 ans", "months", None),
        ("environ 300 repas par jour", "quantity", "300 repas"),
        ("12 agents", "quantity", "12 agents"),
        ("lot 12 : agents", "quantity", None),
        ("budget de 45 k€", "amount_eur", 45_000.0),
        ("montant 10 000 € ; montant 20 000 €", "amount_eur", None),
        ("45 000 € dépensés", "amount_eur", None),
        ("remise des offres le 31/02/2026", "deadline", None),
        ("au 59000 Lille", "place", "59000 Lille"),
    ],
)
def test_details_are_read_when_they_are_said_once(text: str, field: str, value: object) -> None:
    assert getattr(details(text), field) == value


@given(st.text(max_size=6_000))
def test_any_text_has_details_trades_and_an_essence(text: str) -> None:
    read, _ = essence(text)
    assert len(read) <= max(MAX_READ, len(text) if len(text) <= MAX_READ else 0)
    details(text)
    assert len(trades(text)) != 1


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"quoi": "nettoyage", "duree": "0"}, "duree"),
        ({"quoi": "nettoyage", "duree": "deux"}, "duree"),
        ({"quoi": "nettoyage", "duree": "9" * 400}, "duree"),
        ({"quoi": "nettoyage", "reserve": "tous"}, "reserve"),
        ({"quoi": "nettoyage", "acheteur": "x" * 201}, "acheteur"),
        ({"quoi": "x" * 2_001}, "quoi"),
    ],
)
def test_form_refuses_field_by_field(values: dict[str, str], field: str) -> None:
    asked, errors = read_form(values, TODAY)
    assert asked is None
    assert [error.field for error in errors] == [field]


def test_long_document_is_read_by_its_object_and_lots() -> None:
    how = "Le titulaire des prestations de services transmet chaque mois un compte rendu écrit.\n"
    text = "\n".join(
        [
            "Objet du marché : nettoyage des bureaux et entretien des espaces verts de la ville",
            how * 40,
            "Lot 3 : blanchisserie du linge",
        ]
    )
    need = need_from_form(text, on=TODAY)
    assert [trade.words for trade in need.trades] == [
        "nettoyage des bureaux",
        "entretien des espaces verts de la ville",
        "blanchisserie du linge",
    ]
    assert not said(need, "anglais")


def test_line_that_only_goes_on_is_no_trade_of_its_own() -> None:
    need = need_from_form("Entretien des locaux et des\nespaces verts", on=TODAY)
    assert [trade.words for trade in need.trades] == ["Entretien des locaux", "espaces verts"]


def test_long_words_of_a_trade_are_cut_after_one() -> None:
    long = "Nettoyage des locaux des écoles maternelles et élémentaires de la commune, peinture"
    assert all(len(trade.words) <= 61 for trade in trades(f"{long} ; plomberie"))
    (first, *_) = trades(f"Nettoyage des locaux {'des écoles maternelles ' * 4}; plomberie")
    assert first.words.endswith("maternelles…") or first.words.endswith("écoles…")


def test_pasted_form_takes_a_hundred_pages() -> None:
    asked, errors = read_form({"quoi": PAGES, "reserve": "insertion"}, TODAY, pasted=True)
    assert errors == ()
    assert asked is not None
    assert asked.reserved == ("reserved_siae",)
