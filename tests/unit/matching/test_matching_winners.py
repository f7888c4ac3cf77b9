"""Which structure a published winner is: names as notices write them, and the traps."""

import pytest

from annuaire.matching.winners import Named, Register, name_key, name_keys


@pytest.mark.parametrize(
    ("published", "listed"),
    [
        ("Association LES TILLEULS", "ASSOC LES TILLEULS"),
        ("Les Tilleuls (association)", "LES TILLEULS"),
        ("SARL Tilleuls", "TILLEULS SARL"),
        ("T.I.L. Services", "TIL SERVICES"),
        ("T I L Services", "TIL SERVICES"),
        ("L'Étape d'Œuvre", "L ETAPE D OEUVRE"),
        ("Régie de Quartier des Tilleuls", "ASSOC REGIE QUARTIER TILLEULS"),
        ("Régies de quartiers Tilleuls", "RQ TILLEULS"),
        ("SCOP Tilleuls - Entreprise d'insertion", "EI TILLEULS"),
        ("St Tilleul Propreté", "SAINT-TILLEUL PROPRETE"),
    ],
)
def test_name_key_is_one_for_the_same_company(published: str, listed: str) -> None:
    assert name_key(published) == name_key(listed) != ""


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Tilleuls Propreté", "Tilleuls Espaces Verts"),
        ("Tilleuls 12", "Tilleuls 13"),
        ("Régie de quartier Nord", "Quartier Nord"),
        ("Les Tilleuls Sud", "Les Tilleuls"),
    ],
)
def test_name_key_differs_for_two_companies(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


@pytest.mark.parametrize("nothing", ["", "SARL", "association", "   ", "()", "de la"])
def test_name_without_a_name_has_no_keys(nothing: str) -> None:
    assert name_keys(nothing) == ()


def test_members_of_a_group_each_have_their_key() -> None:
    keys = name_keys("Groupement TILLEULS PROPRETE (mandataire) / SARL LES ORMES")
    assert "tilleuls proprete" in keys
    assert "ormes" in keys


def _register(*structures: tuple[str, str, str, str]) -> Register:
    return Register(Named(key, (name,), dep, siret) for key, name, dep, siret in structures)


TILLEULS_LYON = ("lyon", "ASSOC TILLEULS PROPRETE", "69", "11111111100001")
TILLEULS_LYON_BIS = ("lyon-2", "TILLEULS PROPRETE", "69", "11111111100002")
TILLEULS_LILLE = ("lille", "TILLEULS PROPRETE", "59", "22222222200001")
OTHER_LYON = ("autre", "Tilleuls Propreté", "69", "33333333300001")


@pytest.mark.parametrize(
    ("why", "structures", "departements", "found"),
    [
        ("same département", [TILLEULS_LYON, TILLEULS_LILLE], ["69"], ["lyon"]),
        ("same région", [TILLEULS_LYON, TILLEULS_LILLE], ["38"], ["lyon"]),
        ("too far", [TILLEULS_LYON], ["59"], []),
        ("establishments of one company", [TILLEULS_LYON, TILLEULS_LYON_BIS], ["69"],
         ["lyon", "lyon-2"]),
        ("two companies of one name: a doubt links nobody", [TILLEULS_LYON, OTHER_LYON], ["69"],
         []),
        ("no département known", [TILLEULS_LYON], [], []),
    ],
)  # fmt: skip
def test_winner_is_followed_within_its_area_only(
    why: str, structures: list[tuple[str, str, str, str]], departements: list[str], found: list[str]
) -> None:
    named = _register(*structures).find("Tilleuls Propreté SAS", departements)
    assert [n.id for n in named] == found, why


def test_name_of_common_words_stays_in_its_departement() -> None:
    register = _register(("a", "INSERTION SERVICES", "69", "11111111100001"))
    assert [n.id for n in register.find("Insertion Services", ["69"])] == ["a"]
    assert register.find("Insertion Services", ["38"]) == ()


def test_close_spelling_is_no_equality() -> None:
    register = _register(TILLEULS_LYON)
    assert register.find("Tilleul Propreté", ["69"]) == ()
    assert register.find("Tilleuls Propreté Plus", ["69"]) == ()


FORMER = "11111111100009"
MOVED = Named("moved", ("TILLEULS",), "69", "11111111100001", (FORMER,))
SISTER = Named("sister", ("TILLEULS",), "69", "11111111100002")
COMPANY = Named("company", ("ORMES",), "59", "222222222")  # listed by its SIREN alone
WITHOUT = Named("without", ("SAULES",), "59", None)


@pytest.mark.parametrize(
    ("why", "structures", "siret", "found"),
    [
        ("its SIRET", [MOVED, SISTER], "11111111100002", ("sister", "SIRET publié : ")),
        ("a former one", [MOVED, SISTER], FORMER, ("moved", "SIRET publié : ")),
        ("another of its company", [MOVED], "11111111100007",
         ("moved", "SIREN du SIRET publié : ")),
        ("a company listed alone", [COMPANY], "22222222200001",
         ("company", "SIREN du SIRET publié : ")),
        ("two of the company: a doubt", [MOVED, SISTER], "11111111100007", None),
        ("another company", [MOVED, WITHOUT], "33333333300001", None),
    ],
)  # fmt: skip
def test_published_siret_is_followed_before_any_name(
    why: str, structures: list[Named], siret: str, found: tuple[str, str] | None
) -> None:
    structure, evidence = Register(structures).numbered(siret)
    if found is None:
        assert (structure, evidence) == (None, ""), why
    else:
        assert structure
        assert (structure.id, evidence) == (found[0], found[1] + siret), why


def test_name_does_not_lead_to_another_company_than_the_siret() -> None:
    kept = Register([]).same_company([MOVED, COMPANY, WITHOUT], "11111111100007")
    assert [structure.id for structure in kept] == ["moved", "without"]
