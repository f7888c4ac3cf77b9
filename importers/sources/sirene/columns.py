"""The columns of StockEtablissement, of the older releases and of the newer ones, and its codes."""

from typing import Final

SUFFIX: Final = "Etablissement"

REQUIRED: Final = ("siren", "siret", "etatAdministratifEtablissement")

_ADDRESS: Final = (
    "complementAdresse", "numeroVoie", "indiceRepetition", "typeVoie", "libelleVoie",
    "codePostal", "libelleCommune", "libelleCommuneEtranger", "distributionSpeciale",
    "codeCommune", "codeCedex", "libelleCedex", "codePaysEtranger", "libellePaysEtranger",
)  # fmt: skip
#: Listed so that only a true novelty is reported; those not read hold what we have no use for.
OPTIONAL: Final = (
    "nic", "dateDebut",
    *(f"{name}{number}{SUFFIX}" for number in ("", "2") for name in _ADDRESS),
    *(
        f"{name}{SUFFIX}"
        for name in (
            "statutDiffusion", "dateCreation", "trancheEffectifs", "anneeEffectifs",
            "activitePrincipaleRegistreMetiers", "dateDernierTraitement", "nombrePeriodes",
            "enseigne1", "enseigne2", "enseigne3", "denominationUsuelle", "activitePrincipale",
            "nomenclatureActivitePrincipale", "caractereEmployeur",
            # since 2024, then December 2025
            "dernierNumeroVoie", "indiceRepetitionDernierNumeroVoie", "identifiantAdresse",
            "coordonneeLambertAbscisse", "coordonneeLambertOrdonnee", "activitePrincipaleNAF25",
        )
    ),
    "etablissementSiege",
)  # fmt: skip

#: The register hides what a person asked it to; the search service writes it otherwise.
HIDDEN: Final = frozenset({"[ND]", "[NON-DIFFUSIBLE]"})

#: INSEE's ranges of employees. NN is « no employee, or unknown »: nothing to show.
EMPLOYEES: Final = {
    "00": "0 salarié",
    "01": "1 ou 2 salariés",
    "02": "3 à 5 salariés",
    "03": "6 à 9 salariés",
    "11": "10 à 19 salariés",
    "12": "20 à 49 salariés",
    "21": "50 à 99 salariés",
    "22": "100 à 199 salariés",
    "31": "200 à 249 salariés",
    "32": "250 à 499 salariés",
    "41": "500 à 999 salariés",
    "42": "1\u202f000 à 1\u202f999 salariés",
    "51": "2\u202f000 à 4\u202f999 salariés",
    "52": "5\u202f000 à 9\u202f999 salariés",
    "53": "10\u202f000 salariés et plus",
}
