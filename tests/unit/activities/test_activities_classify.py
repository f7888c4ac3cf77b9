"""What a title, a code or a name says of the activities, as a buyer would read it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from annuaire.activities.classify import classify, from_cpv, from_naf, from_name

TITLES = [
    ("Nettoyage des locaux et de la vitrerie de la mairie", "nettoyage-locaux"),
    ("NETTOYAGE DES VEHICULES DE SERVICE", "nettoyage-vehicules"),
    ("Balayage mécanique des voies communales", "nettoyage-urbain"),
    ("Entretien des espaces verts et tonte des pelouses", "espaces-verts-entretien"),
    ("Élagage et abattage d'arbres d'alignement", "elagage-bucheronnage"),
    ("Restauration de la ripisylve et entretien des cours d'eau", "espaces-naturels"),
    ("Fourniture de repas en liaison froide pour les écoles", "restauration-collective"),
    ("Prestations de traiteur : cocktails et buffets", "traiteur"),
    ("Denrées alimentaires - lot 3 : fruits et légumes frais", "denrees"),
    ("Location et entretien de vêtements de travail", "blanchisserie"),
    ("Fourniture de vêtements de travail et d'EPI", "vetements-textiles"),
    ("Impression du magazine municipal", "impression"),
    ("Collecte des encombrants en porte à porte", "encombrants"),
    ("Traitement des déchets dangereux des déchèteries", "dechets-dangereux"),
    ("Collecte et compostage des biodéchets", "biodechets"),
    ("Mise sous pli de la propagande électorale", "secretariat-mailing"),
    ("Numérisation des registres d'état civil", "numerisation-ged"),
    ("Gardiennage et surveillance des sites", "gardiennage"),
    ("Maintenance des extincteurs", "securite-equipements"),
    ("Transport scolaire d'élèves en situation de handicap", "transport-personnes"),
    ("Déménagement des services administratifs", "demenagement"),
    ("Réfection de la toiture de l'école", "couverture-etancheite"),
    ("Travaux de peinture et de ravalement", "peinture"),
    ("Mise à disposition de personnel intérimaire", "ressources-humaines"),
    ("Fourniture de pièces détachées pour véhicules", "garage-mecanique"),
    ("Acquisition d'ordinateurs portables", "parc-informatique"),
    ("Création du site internet de la commune", "sites-internet"),
    ("Formation des agents aux premiers secours", "formation"),
]
ACTS = [  # what is done decides, not what it is done to
    ("Maîtrise d'œuvre pour la rénovation de la crèche", "maitrise-oeuvre"),
    ("Assistance à maîtrise d'ouvrage pour la restauration scolaire", "amo"),
    ("Étude géotechnique pour la construction d'un gymnase", "etudes-techniques"),
    ("Construction d'une médiathèque et de son restaurant", "travaux-chantiers"),
    ("Étude de la restauration de la continuité écologique", "etudes-techniques"),
    ("Création d'un pôle petite enfance dans un bâtiment existant", "travaux-chantiers"),
    ("Réfection d'un laboratoire de l'institut", "travaux-chantiers"),
    ("Maintenance des microscopes du laboratoire", "entretien-machines"),
    ("Entretien des installations de chauffage et d'eau chaude", "entretien-machines"),
    ("Transport d'instruments de musique par camions", "transport-marchandises"),
    ("Acquisition d'un poids lourd d'occasion", "vehicules-occasion"),
    ("Lavage des conteneurs enterrés de la commune", "dechets-menagers"),
    ("Maintenance des colonnes enterrées", "entretien-machines"),
    ("Rénovation de la déchèterie de la vallée", "travaux-chantiers"),
]
HEADS = [  # what opens a title, or its lot, names the purchase
    (
        "Construction de vestiaires et d'une salle de formation - Lot 13 : électricité",
        "electricite",
    ),
    ("Aménagement de la promenade, lot n° 4 : plantations", "espaces-verts-creation"),
    ("Dératisation des réseaux d'assainissement", "nuisibles"),
    ("20s0116 - 2021ABC02 - Blanchissage du linge plat", "blanchisserie"),
    ("Impression de brochures (nettoyage des presses et formation compris)", "impression"),
]
MISLEADING = [  # words that often stand for something else
    ("Mise en conformité des ERP de la commune", "travaux-chantiers"),
    ("Fourniture de papier photocopieur et de ramettes", "papeterie"),
    ("Fourniture d'un portail de ressources numériques", "sites-internet"),
    ("Étude du volet paysager de la zone", "etudes-techniques"),
    ("Aménagement de l'entrée du bourg et du cours d'eau", "travaux-chantiers"),
    ("Restauration de l'église et de son clocher", "travaux-chantiers"),
    ("Contrôles et vérifications périodiques des bâtiments", "etudes-techniques"),
    ("Conception et réalisation d'un court-métrage documentaire", "audiovisuel"),
    ("Remplacement d'un écran acoustique le long de la rocade", "travaux-chantiers"),
    ("Évolution de l'architecture des serveurs du centre", "parc-informatique"),
    ("Abonnements aux revues et journaux de la bibliothèque", "livres"),
]
OUTSIDE = [
    "Assurance des véhicules de la commune",
    "Fourniture et acheminement de gaz naturel",
    "Acquisition de véhicules utilitaires neufs",
    "Fourniture de réactifs de laboratoire",
    "Services de téléphonie mobile",
    "Fourniture de titres restaurant",
    "Analyses d'eau potable",
    "Dispositifs médicaux stériles",
    "Fourniture et livraison de bacs roulants à déchets",
    "Acquisition de colonnes aériennes destinées à la collecte du verre",
    "Équipements d'observation des cellules, livraison, installation et formation",
    "Location de salles de concours",
    "Acquisition d'une mini-pelle avec reprise d'un tracteur d'occasion",
    "Services de communications mobiles",
    "Couverture des frais de santé des agents",
    "Fourniture d'un centre d'usinage à commande numérique",
    "Audit d'hygiène et analyses microbiologiques des cuisines",
    "Location de places de stationnement pour les agents de la cité administrative",
    "Location de bureaux pour les services de l'agence",
    "Collecte et transformation de cadavres d'animaux",
    "Gestion des cartes achats de l'établissement",
    "Fourniture et maintenance de microscopes",
    "Achat d'un véhicule de collecte des déchets",
    "Fourniture et acheminement d'électricité pour l'éclairage public",
    "Convention de participation pour la prévoyance des agents",
    "Acquisition d'un système billettique",
    "2021-S-004",
    "",
    # One vague word among many says little; the same word alone is a need of a few words.
    "Acquisition d'un plan simplifié de la rue à l'échelle du territoire départemental",
]


@pytest.mark.parametrize(("title", "leaf"), TITLES + ACTS + HEADS + MISLEADING)
def test_title_gives_its_activity(title: str, leaf: str) -> None:
    assert classify(title)[0].code == leaf


@pytest.mark.parametrize("title", OUTSIDE)
def test_title_outside_every_activity_gives_none(title: str) -> None:
    assert classify(title) == []


@pytest.mark.parametrize(
    ("title", "absent"),
    [
        ("Entretien des espaces verts hors élagage", "elagage-bucheronnage"),
        ("Entretien du site, à l'exclusion du nettoyage", "nettoyage-locaux"),
        ("Services au Conseil départemental", "conseil-strategie"),
        ("Travaux du centre d'incendie et de secours", "securite-equipements"),
    ],
)
def test_words_that_buy_nothing_give_nothing(title: str, absent: str) -> None:
    assert absent not in [guess.code for guess in classify(title)]


@pytest.mark.parametrize(
    ("title", "same"),
    [
        ("Nettoyage de locaux", "NETTOYAGE DE LOCAUX"),
        ("Élagage d'arbres", "ELAGAGE D’ARBRES"),
        ("Maîtrise d'œuvre", "maîtrise d??uvre"),
    ],
)
def test_case_accents_and_lost_signs_change_nothing(title: str, same: str) -> None:
    assert [g.code for g in classify(title)] == [g.code for g in classify(same)]


def test_evidence_is_the_words_read() -> None:
    guess = classify("Prestations de blanchisserie pour l'hôpital")[0]
    assert (guess.origin, guess.evidence) == ("text", "blanchisserie")


def test_subjects_of_the_notice_help_a_bare_lot() -> None:
    assert classify("Lot n°2 - secteur nord", context="Nettoyage de locaux")[0].code == (
        "nettoyage-locaux"
    )


def test_title_of_the_notice_helps_a_bare_lot() -> None:
    found = classify(
        "Secteur nord", context="Entretien des espaces verts de la ville | Maintenance"
    )
    assert found[0].code == "espaces-verts-entretien"


@pytest.mark.parametrize(
    ("title", "subjects", "leaf"),
    [
        ("Travaux de remplacement de cabines", "Plomberie (travaux)", "plomberie"),
        (
            "Réaménagement du self",
            "Carrelage | Cloison, faux plafond | Menuiserie | Plomberie (travaux)",
            "travaux-chantiers",
        ),
        (
            "Menuiserie bois",
            "Carrelage | Menuiserie | Plâtrerie | Plomberie (travaux)",
            "menuiserie",
        ),
    ],
)
def test_subjects_weigh_by_how_clear_the_title_is(title: str, subjects: str, leaf: str) -> None:
    assert classify(title, context=subjects)[0].code == leaf


def test_notice_that_repeats_the_lot_proves_nothing_more() -> None:
    title = "Marché de nettoyage des vitres de l'école du bourg"
    assert classify(title, context=f" {title.upper()} ") == classify(title)


@pytest.mark.parametrize(
    ("title", "subject"),
    [
        ("Délégation de service public : gestion du port", "Installation portuaire"),
        ("Fourniture d'azote pour l'institut", "Laboratoire (matériel)"),
    ],
)
def test_subject_of_a_place_that_is_run_or_supplied_means_no_works(
    title: str, subject: str
) -> None:
    assert classify(title, context=subject) == []


def test_port_is_no_door() -> None:
    assert classify("Dragage du port de la baie") != []
    assert "menuiserie" not in {g.code for g in classify("Remplacement des bollards du port")}


def test_lot_weighs_more_than_its_notice() -> None:
    found = classify(
        "Plomberie sanitaire", context="Construction d'une école | Gros oeuvre | Peinture"
    )
    assert found[0].code == "plomberie"


def test_code_and_text_add_up() -> None:
    alone = classify("Nettoyage de locaux")[0]
    both = classify("Nettoyage de locaux", cpv="90910000-9")[0]
    assert both.code == alone.code == "nettoyage-locaux"
    assert both.score > alone.score


def test_code_alone_is_said_as_origin() -> None:
    guess = classify("Marché 2021-12", cpv="77310000-6")[0]
    assert (guess.code, guess.origin, guess.evidence) == (
        "espaces-verts-entretien",
        "cpv",
        "77310000-6",
    )


def test_unknown_codes_are_ignored() -> None:
    assert classify("Nettoyage de locaux", cpv="99999999", naf="0000X") == classify(
        "Nettoyage de locaux"
    )


def test_limit_is_kept() -> None:
    assert len(classify("Nettoyage, gardiennage, traiteur, peinture", limit=2)) == 2


@pytest.mark.parametrize(
    ("code", "leaf"),
    [
        ("90911200-8", "nettoyage-locaux"),
        ("77310000", "espaces-verts-entretien"),
        ("45000000-7", "travaux-chantiers"),
        ("98310000-9", "blanchisserie"),
        ("30213000-5", "parc-informatique"),
        ("90900000-6", "nettoyage-locaux"),
        ("50100000-6", "garage-mecanique"),
        ("45454000-4", "travaux-chantiers"),
        ("45111291-4", "travaux-chantiers"),
        ("79600000-0", "ressources-humaines"),
        ("98321000-9", "services-personne-autres"),
        ("90511400-6", "dechets-papiers"),
    ],
)
def test_cpv_gives_its_activity(code: str, leaf: str) -> None:
    assert from_cpv(code)[0].code == leaf


@pytest.mark.parametrize("code", ["66510000-8", "09310000-5", "34110000-1", "not a code", "", None])
def test_cpv_outside_or_unknown_gives_none(code: str | None) -> None:
    assert from_cpv(code) == []


@pytest.mark.parametrize(
    ("code", "leaf"),
    [
        ("8121Z", "nettoyage-locaux"),
        ("81.30Z", "espaces-verts-entretien"),
        ("9601A", "blanchisserie"),
        ("7820Z", "ressources-humaines"),
    ],
)
def test_naf_gives_its_activity(code: str, leaf: str) -> None:
    assert from_naf(code)[0].code == leaf


@pytest.mark.parametrize("code", ["8810C", "9499Z", "8899B9", "", None])
def test_naf_that_says_no_trade_gives_none(code: str | None) -> None:
    assert from_naf(code) == []


@pytest.mark.parametrize(
    ("name", "leaf"),
    [
        ("LES JARDINS DU VALLON", "maraichage"),
        ("RESSOURCERIE DES DEUX RIVES", "recyclage-mobilier"),
        ("BLANCHISSERIE DU PORT", "blanchisserie"),
        ("ATELIER ESPACES VERTS DU LAC", "espaces-verts-entretien"),
        ("EXEMPLE INTERIM", "ressources-humaines"),
        ("MENAGE SERVICES DU VAL", "nettoyage-locaux"),
        ("MULTI-SERVICES DES DEUX CANTONS", "petits-travaux-batiment"),
        ("RESTAURANT LE PASSAGE", "restaurants"),
    ],
)
def test_name_gives_its_activity_with_a_low_score(name: str, leaf: str) -> None:
    guess = from_name(name)[0]
    assert guess.code == leaf
    assert guess.score < from_naf("8121Z")[0].score


@pytest.mark.parametrize(
    "name",
    [
        "JARDINS D'ENFANTS LES LUTINS",
        "ASSOCIATION FORMATION ET INSERTION",
        "TREMPLIN",
        "ACME",
        "FONDATION DES PINS",
        "BAC EMPLOI",
        "ASSOCIATION APS",
    ],
)
def test_name_that_says_no_trade_gives_none(name: str) -> None:
    assert from_name(name) == []


@given(st.text(max_size=300), st.text(max_size=100))
def test_any_text_gives_sound_guesses(text: str, context: str) -> None:
    found = classify(text, context=context)
    assert len(found) <= 3
    assert all(0 < guess.score <= 1 and guess.evidence for guess in found)
    assert [g.score for g in found] == sorted((g.score for g in found), reverse=True)
