"""The deadline of a contract as an event for a diary (iCalendar, RFC 5545)."""

from datetime import date, datetime, timedelta
from typing import Final

from icalendar import Alarm, Calendar, Event

from annuaire.contracts.models import Contract
from annuaire.contracts.reading import closing_day
from annuaire.errors import NotFoundError
from annuaire.geo.zones import PARIS

PRODUCER: Final = "-//annuaire//marches//FR"
BEFORE: Final = timedelta(days=7)


def deadline_file(contract: Contract, public_url: str) -> bytes:
    """One event at the deadline, with an alarm a week before; its UID stays, so that a corrected
    deadline moves the event. Raises NotFoundError when no deadline is known."""
    when = _when(contract)
    page = f"{public_url}/marches/{contract.reference}"
    event = Event()
    event.add("uid", f"echeance-{contract.reference}@annuaire")
    event.add("dtstamp", contract.updated_at)
    event.add("last-modified", contract.updated_at)
    event.add("dtstart", when)
    event.add("summary", f"Date limite : {contract.title}")
    said = f"Acheteur : {contract.buyer.name}. L'avis officiel fait foi : vérifiez la date."
    event.add("description", f"{said}\n{page}")
    event.add("url", page)
    event.add("transp", "TRANSPARENT")  # a reminder: the hour stays free for others
    event.add_component(_alarm(contract))
    calendar = Calendar()
    calendar.add("prodid", PRODUCER)
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    calendar.add_missing_timezones()
    return bytes(calendar.to_ical())


def _when(contract: Contract) -> datetime | date:
    """The moment in Paris, or the whole day when no hour is known."""
    closes = closing_day(contract.deadline, contract.expires_on)
    if contract.state != "published" or closes is None:
        raise NotFoundError("Ce marché n'a pas de date limite connue.")
    return contract.deadline.astimezone(PARIS) if contract.deadline else closes


def _alarm(contract: Contract) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", f"Dans une semaine : {contract.title}")
    alarm.add("trigger", -BEFORE)
    return alarm
