"""The answers of a check, in words for a page and in cells for a file."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from annuaire.takeaway.checking import SHOWN, Checked, StatusSeen, family_words
from annuaire.takeaway.tables import Column, Row
from annuaire.takeaway.verdicts import COMPANY, ESUS, INVALID, VERDICTS
from annuaire.wording import date_fr, siret_fr

#: Said of a SIREN: it names no establishment, so none can be wrong.
COMPANY_ASKED = (
    "Ce numéro est celui d’une entreprise, qui a au moins un établissement inclusif aujourd’hui : "
    "le statut est celui de l’établissement, vérifiez son SIRET."
)


@dataclass(frozen=True, slots=True)
class AnswerLine:
    """One answer, as a page shows it."""

    line: int
    given: str
    number: str
    verdict: str
    label: str
    sentence: str
    name: str
    city: str
    url: str | None
    statuses: list[str]
    past: list[str]
    siblings: list[tuple[str, str]]  # name, address of its page
    more_siblings: int
    note: str
    esus: bool
    moved_to: str | None  # the present number, when a former one was asked for


def answer_line(checked: Checked, titles: Mapping[str, str]) -> AnswerLine:
    """An answer in words; `titles` names the sources."""
    number, own = checked.asked.number, checked.establishment
    return AnswerLine(
        line=checked.asked.line,
        given=number.given,
        number=number.digits,
        verdict=checked.verdict,
        label=VERDICTS[checked.verdict].label,
        sentence=sentence(checked),
        name=own.name if own else "",
        city=(own.city or "") if own else "",
        url=f"/structures/{own.key}" if own else None,
        statuses=[status_words(s, titles) for s in checked.held],
        past=[status_words(s, titles) for s in checked.past],
        siblings=[
            (f"{e.name} ({e.city})" if e.city else e.name, f"/structures/{e.key}")
            for e in checked.siblings[:SHOWN]
        ],
        more_siblings=max(0, len(checked.siblings) - SHOWN),
        note=number.note,
        esus=checked.esus and checked.verdict != ESUS,
        moved_to=checked.moved_to,
    )


def sentence(checked: Checked) -> str:
    """The verdict in a sentence, with what makes it precise."""
    if checked.verdict == INVALID:
        wrong = checked.asked.number.wrong
        return f"{wrong[:1].upper()}{wrong[1:]}."
    said = VERDICTS[checked.verdict].meaning
    if checked.verdict == COMPANY and not checked.asked.number.is_siret:
        said = COMPANY_ASKED
    if checked.moved_to:
        said = f"{_moved(checked.asked.number.digits, checked.moved_to)} {said}"
    if checked.until:
        said += f" Ce numéro avait un statut jusqu’au {date_fr(checked.until)}."
    return said


def _moved(former: str, present: str) -> str:
    """Where a former number leads: a person may have joined it to that of another company."""
    number = siret_fr(present)
    if former[:9] == present[:9]:
        return f"L’établissement a changé de SIRET : il porte aujourd’hui le {number}."
    return f"La fiche de ce SIRET est réunie à celle du {number}, dont voici le statut."


def status_words(status: StatusSeen, titles: Mapping[str, str]) -> str:
    """« Entreprise adaptée (EA), fin non précisée ; source lue le 3 mars 2026 »."""
    if status.held:
        last = f"jusqu’au {date_fr(status.valid_to)}" if status.valid_to else "fin non précisée"
    else:
        last = f"terminé le {date_fr(status.until)}"
    read = f", lue le {date_fr(status.read_on)}" if status.read_on else ""
    return f"{status.label}, {last} ; source : {titles.get(status.source, status.source)}{read}"


COLUMNS = (
    Column("ligne", "Ligne", 8),
    Column("donne", "Ce qui a été donné", 20),
    Column("numero", "Numéro", 16),
    Column("resultat", "Résultat", 24),
    Column("explication", "Explication", 50),
    Column("nom", "Nom", 32),
    Column("commune", "Commune", 20),
    Column("familles", "Familles en cours", 30),
    Column("statuts", "Statuts en cours, validité, source", 60),
    Column("jusquau", "Jusqu’au", 12),
    Column("statuts_passes", "Statuts passés", 40),
    Column("esus", "ESUS (entreprise)", 10),
    Column("autres", "Autres établissements inclusifs de l’entreprise", 50),
    Column("remarque", "Remarque", 30),
    Column("fiche", "Adresse de la fiche", 40),
)


def answer_rows(
    found: Iterable[Checked], titles: Mapping[str, str], public_url: str
) -> Iterator[Row]:
    """The answers as rows of a file, one a line of the list."""
    for checked in found:
        line = answer_line(checked, titles)
        siblings = [f"{siret_fr(e.siret)} {e.name}" for e in checked.siblings]
        yield Row(
            (
                line.line,
                line.given,
                line.number,
                line.label,
                line.sentence,
                line.name,
                line.city,
                " ; ".join(family_words(checked.held)),
                " | ".join(line.statuses),
                checked.until,
                " | ".join(line.past),
                "oui" if checked.esus else "",
                " ; ".join(siblings),
                line.note,
                f"{public_url}{line.url}" if line.url else None,
            )
        )
