"""What a buyer must beware of in a suggestion, in words; pure."""

from collections.abc import Sequence
from datetime import date

from annuaire.matching.candidates import Candidate, Won
from annuaire.matching.means import means_eur
from annuaire.matching.meeting import Asked, Met
from annuaire.matching.told import told_cautions
from annuaire.wording import date_fr, km, pluriel


def cautions(asked: Asked, met: Met, *, known: bool) -> tuple[str, ...]:
    """What a buyer must beware of, in words; `known` says that the trade is (`trade_known`)."""
    found = [*met.fit.cautions]
    if not met.fit.barred and met.former:
        found.append(_again(met.former, direct=asked.need.without_competition))
    if asked.need.activities and not met.fit.barred and not known:
        found.append("Rien de connu ne dit qu'elle exerce cette activité : demandez-le-lui.")
    if met.candidate.naf and met.candidate.naf.startswith("84"):
        found.append("Portée par une collectivité ou un organisme public : peut ne pas répondre.")
    if size := _size(asked, met.candidate):
        found.append(size)
    if met.distance_km is None:
        if asked.need.lat is not None:
            found.append("Adresse non localisée : vérifiez qu'elle intervient sur place.")
    elif met.distance_km > 100 and not met.reached:
        found.append(f"Éloignée ({km(met.distance_km)}) : vérifiez qu'elle intervient sur place.")
    if met.candidate.told:
        found += told_cautions(met.candidate.told, asked.need, reached=met.reached is not None)
    if status := _status(asked, met.candidate):
        found.append(status)
    return tuple(found)


def _again(former: Sequence[Won], *, direct: bool) -> str:
    """What is said of a structure that this buyer chose before (R2122-8, second paragraph)."""
    if not direct:
        return (
            "Cet acheteur l'a déjà retenue : quand plusieurs structures peuvent répondre, ne "
            "prenez pas toujours la même (R2122-8)."
        )
    last = max(won.on for won in former)
    return (
        f"Vous l'avez déjà retenue ({pluriel(len(former), 'lot')}, le dernier par un avis du "
        f"{date_fr(last)}) : sans mise en concurrence, ne contractez pas toujours avec la même "
        "quand plusieurs peuvent répondre (R2122-8, alinéa 2)."
    )


def _status(asked: Asked, candidate: Candidate) -> str | None:
    """That no kind is held, or which end by their last known day before the need's: they may be
    renewed by then."""
    if not candidate.kinds:
        return "Aucun statut en cours connu : vérifiez son agrément."
    if not candidate.until:
        return None
    wanted = asked.need.on.isoformat()
    ends = [
        f"{kind} jusqu'au {date_fr(date.fromisoformat(day))}"
        for kind, day in candidate.until
        if day < wanted
    ]
    if not ends:
        return None
    return (
        f"Agrément ou convention connus comme {', '.join(ends)}, avant la date du besoin "
        f"({date_fr(asked.need.on)}) : vérifiez leur renouvellement."
    )


def _size(asked: Asked, candidate: Candidate) -> str | None:
    amount = asked.need.amount_eur
    means = means_eur(candidate, asked.need.months)
    if amount is None or means is None or amount <= means:
        return None
    return (
        f"Montant élevé pour son effectif ({candidate.employees_range}) : vérifiez ses moyens, "
        "ou pensez à un groupement."
    )
