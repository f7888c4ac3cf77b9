"""Every usual way of naming lots, in every usual way of imposing a clause; every usual way of
giving each lot its hours; every way of writing a number of hours beside other figures of hours.

The texts are put together here, so that a way which works beside one is known to work beside all.
"""

from itertools import cycle

import pytest

from annuaire.clauses.detect import detect
from annuaire.clauses.findings import PlainText, all_lots, total_hours

LOTS = (2, 3, 7, 8)
TITLES = dict(zip(LOTS, ("VRD", "peinture", "sols souples", "gros œuvre"), strict=True))
LETTERS = dict(zip(LOTS, "BCGH", strict=True))


def listed(items: list[str], last: str = " et ", between: str = ", ") -> str:
    return between.join(items[:-1]) + last + items[-1]


def each(pattern: str) -> list[str]:
    return [pattern.format(n=lot, t=TITLES[lot], a=LETTERS[lot]) for lot in LOTS]


NAMES = {
    "numbers": "lots " + listed(each("{n}")),
    "sign once": "lots n° " + listed(each("{n}")),
    "sign each": "lots " + listed(each("n°{n}")),
    "no for n°": "lots " + listed(each("no{n}")),
    "zeros": "lots " + listed(each("0{n}")),
    "commas": "lots " + ", ".join(each("{n}")),
    "dashes": "lots " + "-".join(each("{n}")),
    "spaced dashes": "lots " + " - ".join(each("{n}")),
    "slashes": "lots " + "/".join(each("{n}")),
    "plus": "lots " + " + ".join(each("{n}")),
    "ampersand": "lots " + listed(each("{n}"), " & "),
    "ainsi que": "lots " + listed(each("{n}"), " ainsi que "),
    "titles in brackets": "lots " + listed(each("{n} ({t})")),
    "signs and titles in brackets": "lots " + listed(each("n° {n} ({t})")),
    "titles": "lots " + listed(each("{n} {t}")),
    "signs and titles": "lots " + listed(each("n°{n} {t}")),
    "quoted titles": "lots " + listed(each("n° {n} « {t} »")),
    "colons and titles": "lots " + listed(each("{n} : {t}")),
    "dashes and titles": "lots " + listed(each("{n} - {t}")),
    "semicolons and titles": "lots " + " ; ".join(each("n° {n} - {t}")),
    "letters": "lots " + listed(each("{a}")),
    "capitals": "LOTS N°" + ",".join(each("{n}")[:-1]) + " ET 8",
    "numéros": "lots numéros " + listed(each("{n}")),
    "words": "lots deux, trois, sept et huit",
    "(s)": "lot(s) " + ", ".join(each("{n}")),
    "suivants": "lots suivants : " + listed(each("{n}")),
    "portant les numéros": "lots portant les numéros " + listed(each("{n}")),
}
CLAUSES = (
    "La clause d'insertion s'applique aux {}.",
    "Les {} comportent une clause d'insertion.",
    "Clause d'insertion : {}.",
    "Clause d'insertion ({}).",
    "Une action d'insertion est imposée aux titulaires des {}.",
    "Sont concernés par la clause sociale d'insertion les {}.",
    "Sont soumis à l'obligation d'insertion : les {}.",
    "Les {} sont assortis d'une clause sociale d'insertion ; les autres lots en sont exempts.",
    "L'exécution des {} comporte une clause obligatoire d'insertion.",
    "La clause sociale d'insertion concerne les {} exclusivement.",
    "Seuls les {} font l'objet d'une clause d'insertion.",
    "Il est prévu, pour les {}, une clause d'insertion par l'activité économique.",
    "Le marché comporte une clause d'insertion. Elle porte sur les {}.",
    "La clause d'insertion ne s'applique qu'aux {}.",
    "Pour les {}, le titulaire doit mener une action d'insertion.",
    "Les {} sont réservés à des structures d'insertion par l'activité économique.",
)


@pytest.mark.parametrize("way", NAMES)
def test_lots_named_in_any_usual_way_are_those_of_the_clause(way: str) -> None:
    wanted = tuple(LETTERS.values()) if way == "letters" else tuple(map(str, LOTS))
    texts = [clause.format(NAMES[way]) for clause in CLAUSES]
    assert {text: lots_and_hours(text)[0] for text in texts} == dict.fromkeys(texts, wanted)


def lots_and_hours(text: str) -> tuple[tuple[str, ...], float | None]:
    findings = detect([PlainText("execution", text)])
    return all_lots(findings), total_hours(findings)


HOURS = dict(zip(LOTS, ("70", "70", "140", "1 120"), strict=True))
WORDS = dict(
    zip(LOTS, ("soixante-dix", "soixante-dix", "cent quarante", "mille cent vingt"), strict=True)
)
EACH_ITS_HOURS = {
    "colons": " ; ".join(f"lot {n} : {h} heures" for n, h in HOURS.items()),
    "commas": ", ".join(f"lot {n} : {h} h" for n, h in HOURS.items()),
    "brackets": listed([f"lot {n} ({h} heures)" for n, h in HOURS.items()]),
    "equals": ", ".join(f"lot {n} = {h} h" for n, h in HOURS.items()),
    "slashes": " / ".join(f"lot n° {n} {TITLES[n]} : {h} heures" for n, h in HOURS.items()),
    "pour": listed([f"{h} heures pour le lot {n}" for n, h in HOURS.items()]),
    "sur": listed([f"{h} h sur le lot {n}" for n, h in HOURS.items()]),
    "au titre": listed([f"{h} heures au titre du lot {n}" for n, h in HOURS.items()]),
    "hours, then lots": " ; ".join(f"{h} heures (lot n° {n})" for n, h in HOURS.items()),
    "lines": "\n" + "\n".join(f"- Lot {n} : {h} heures" for n, h in HOURS.items()),
    "titled lines": "\n" + "\n".join(f"Lot {n} - {TITLES[n]} : {h} h" for n, h in HOURS.items()),
    "one after the other": " ".join(f"lot {n} {TITLES[n]} {h} heures" for n, h in HOURS.items()),
    "L for lot": ", ".join(f"L{n} : {h} h" for n, h in HOURS.items()),
    "arrows": ", ".join(f"lot {n} → {h} heures" for n, h in HOURS.items()),
    "one list": "lots " + listed([f"{n} ({h} heures)" for n, h in HOURS.items()]),
    "one titled list": "lots "
    + listed([f"{n} {TITLES[n]} ({h} heures)" for n, h in HOURS.items()]),
    "title, then number": listed([f"lot {TITLES[n]} (n° {n}) : {h} h" for n, h in HOURS.items()]),
    "words": " ; ".join(f"lot {n} : {h} heures" for n, h in WORDS.items()),
    "respectivement": "respectivement "
    + listed([f"{h} heures" for h in HOURS.values()])
    + " pour les lots "
    + listed(list(map(str, HOURS))),
    "minimum": ", ".join(f"lot {n} : {h} heures minimum" for n, h in HOURS.items()),
    "capitals": " ; ".join(f"LOT {n} : {h} HEURES" for n, h in HOURS.items()),
    "table": "\nLot | Intitulé | Heures\n"
    + "\n".join(f"{n} | {TITLES[n]} | {h}" for n, h in HOURS.items()),
    "table without titles": "\nLot | Heures\n" + "\n".join(f"{n} | {h}" for n, h in HOURS.items()),
    "table of tabs": "\nLot\tIntitulé\tHeures\tMontant\n"
    + "\n".join(f"{n}\t{TITLES[n]}\t{h}\t4{n} 000" for n, h in HOURS.items()),
    "flat table": "\nLot Désignation Heures "
    + " ".join(f"{n} {TITLES[n]} {h}" for n, h in HOURS.items()),
}
ANNOUNCED = (
    "Clause d'insertion : {}.",
    "Nombre d'heures d'insertion par lot : {}.",
    "Le volume d'heures d'insertion est le suivant : {}.",
    "Le marché comporte une obligation d'insertion ainsi répartie : {}.",
    "Le présent marché comporte 8 lots. Clause d'insertion obligatoire : {}. Visite obligatoire.",
)


@pytest.mark.parametrize("way", EACH_ITS_HOURS)
def test_hours_given_lot_by_lot_are_those_of_each_and_their_sum(way: str) -> None:
    texts = [sentence.format(EACH_ITS_HOURS[way]) for sentence in ANNOUNCED]
    found = {text: lots_and_hours(text) for text in texts}
    assert found == dict.fromkeys(texts, (tuple(map(str, LOTS)), 1400.0))


NUMBERS = {
    "300 heures": 300,
    "1 250 heures": 1250,
    "1.250 heures": 1250,
    "1'250 h": 1250,
    "420h": 420,
    "trois cents heures": 300,
    "trois cents (300) heures": 300,
    "cent cinq (105) heures": 105,
    "35 heures": 35,
    "70 hrs": 70,
}
DUTIES = (
    "Le titulaire réservera {} de travail à l'insertion.",
    "Clause d'insertion : {}.",
    "L'entreprise attributaire s'engage à réaliser {} d'insertion.",
    "Le nombre d'heures d'insertion est fixé à {}.",
    "Une clause d'insertion de {} est imposée.",
    "Le marché comporte une clause d'insertion ({}).",
    "Au titre de la clause d'insertion, {} seront réalisées par des demandeurs d'emploi.",
    "Le marché est soumis à une clause d'insertion. Le titulaire devra effectuer au minimum {}.",
    "{} d'insertion devront être réalisées pendant la durée du marché.",
    "Le titulaire devra confier {} à des demandeurs d'emploi de longue durée.",
    "L'objectif d'insertion s'élève à {}.",
    "5 % des heures travaillées sont réservées à l'insertion, soit {}.",
    "Une action d'insertion est obligatoire. Elle porte sur {}.",
    "Clause d'insertion obligatoire\nVolume : {}\nPublics : demandeurs d'emploi.",
)
OTHER_HOURS = (
    "Les offres sont remises avant 12 heures.",
    "La visite dure environ 2 heures.",
    "Le site est ouvert de 8 h à 18 h.",
    "Délai d'intervention : 4 heures.",
    "Une pénalité de 60 euros par heure non réalisée est appliquée.",
    "Astreinte 24 heures sur 24.",
    "Les prestations représentent environ 5 000 heures de nettoyage par an.",
    "Une formation de 14 heures est dispensée aux agents.",
    "Un ETP correspond à 1 607 heures.",
    "Le précédent marché avait permis de réaliser 900 heures d'insertion.",
    "Le groupe électrogène dispose d'une autonomie de 72 heures.",
)


@pytest.mark.parametrize("duty", DUTIES)
def test_hours_owed_are_told_from_any_other_beside_them(duty: str) -> None:
    others = cycle(OTHER_HOURS)
    texts = {}
    for number, hours in NUMBERS.items():
        told = duty.format(number)
        told = told[0].upper() + told[1:]
        texts[told] = hours
        texts[f"{next(others)} {told}"] = hours
        texts[f"{told} {next(others)}"] = hours
    assert {text: lots_and_hours(text) for text in texts} == {
        text: ((), float(hours)) for text, hours in texts.items()
    }
