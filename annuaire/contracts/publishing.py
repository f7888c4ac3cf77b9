"""Notices published as contracts, in one transaction a batch: lots, findings, outbox lines.

A contract is what all its notices make of it (`linking`, `merging`), so a batch makes again every
contract that its notices touch, whatever was read before it: the order of reading does not matter.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from annuaire import outbox
from annuaire.contracts import notice_rows, storing
from annuaire.contracts.facts import NoticeFacts
from annuaire.contracts.leaving import delete_contracts
from annuaire.contracts.linking import contracts_of
from annuaire.contracts.merging import merge
from annuaire.contracts.models import Notice
from annuaire.contracts.neighbours import Stored, neighbours
from annuaire.contracts.reading import ReadNotice, notice_hash, read_notice
from annuaire.contracts.records import NoticeRecord
from annuaire.contracts.storing import Made
from annuaire.contracts.versions import newest, without_older
from annuaire.sql import among


@dataclass(slots=True)
class Changes:
    """Notices taken in by a run, counted; a new one may change a contract that was known."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0


#: Reads some notices: here and now, or in other processes for a long file.
ReadMany = Callable[[Sequence[NoticeRecord]], list[ReadNotice]]
Key = tuple[str, str]


def read_here(records: Sequence[NoticeRecord]) -> list[ReadNotice]:
    """Read notices one after the other, in this process."""
    return [read_notice(record) for record in records]


def publish(
    session: Session,
    run_id: int,
    records: Sequence[NoticeRecord],
    changes: Changes,
    read_many: ReadMany = read_here,
) -> None:
    """Take in a batch of notices, in the caller's transaction: their contracts, lots, findings, and
    the lines that the search index waits for. A notice that says what it said writes nothing."""
    latest = newest(records)
    hashes = {key: notice_hash(record) for key, record in latest.items()}
    known = _known(session, list(latest))
    fresh = {
        key: r for key, r in latest.items() if key not in known or known[key][1] != hashes[key]
    }
    fresh = without_older(session, fresh, known)
    changes.unchanged += len(latest) - len(fresh)
    if not fresh:
        return
    read = read_many(list(fresh.values()))
    known_ids = {key: known[key][0] for key in fresh if key in known}
    stored = neighbours(session, [r.facts for r in read], list(known_ids.values()))
    made, gone = _regrouped([r.facts for r in read], stored)
    storing.store_buyers(session, [r.record.buyer for r in read])
    storing.store_contracts(session, made)
    rows = notice_rows.store_notices(session, run_id, read, hashes, made, known_ids.values())
    _store_rest(session, made, gone, rows, {r.facts.reference for r in read})
    outbox.say(session, outbox.AWARDS, _with_awards(made, read))
    changes.updated += len(known_ids)
    changes.created += len(fresh) - len(known_ids)


def _with_awards(made: Sequence[Made], read: Sequence[ReadNotice]) -> list[int]:
    """The contracts of the notices that were read whose awards may be compared with others': they
    tell results, of a buyer whose number is known."""
    told = {r.facts.reference for r in read if r.facts.buyer.isdigit() and r.facts.tells_results}
    if not told:
        return []
    return [
        each.id
        for each in made
        if each.id and any(n.reference in told for n in each.merged.notices)
    ]


def remake(session: Session, notices: Sequence[int]) -> None:
    """Make again the contracts of some notices that are kept, in the caller's transaction, once
    what joins them changed."""
    stored = neighbours(session, [], notices)
    again = {each.id for each in stored} & set(notices)
    facts = [each.facts for each in stored if each.facts and each.id in again]
    _store_again(session, *_regrouped(facts, stored))


def take_away(session: Session, notice_id: int) -> None:
    """Delete a notice, in the caller's transaction: its contract is made of those that are left,
    and goes with it where it was the only one.

    For what was written here alone: what real sources publish is never deleted.
    """
    stored = neighbours(session, [], [notice_id])
    contract = next(each.contract_id for each in stored if each.id == notice_id)
    left = [each for each in stored if each.id != notice_id]
    again = [each.facts for each in left if each.facts and each.contract_id == contract]
    made, gone = _regrouped(again, left)
    if all(each.contract_id != contract for each in left):
        gone.add(contract)
    session.execute(delete(Notice).where(Notice.id == notice_id))
    _store_again(session, made, gone)


def _store_again(session: Session, made: Sequence[Made], gone: set[int]) -> None:
    """Write contracts of notices that are all kept already, and delete those that are no more."""
    if made:
        storing.store_contracts(session, made)
    rows = {name: row.id for each in made for name, row in each.rows.items()}
    _store_rest(session, made, gone, rows, ())


def _store_rest(
    session: Session,
    made: Sequence[Made],
    gone: set[int],
    rows: Mapping[str, int],
    fresh: Collection[str],
) -> None:
    """Write what hangs on contracts that are stored: their notices but the `fresh` ones, lots and
    findings; take away those that are `gone`, and announce them all. `rows` are the notices'."""
    if made:
        notice_rows.move_notices(session, made, fresh)
        storing.store_lots(session, made)
    storing.store_findings(session, made, gone, rows)
    delete_contracts(session, gone)
    outbox.announce(session, "contracts", [*(each.id for each in made if each.id), *sorted(gone)])


def _known(session: Session, keys: Sequence[Key]) -> dict[Key, tuple[int, str]]:
    """The identifier and the hash of the notices that are kept already."""
    found: dict[Key, tuple[int, str]] = {}
    for source in {source for source, _ in keys}:
        wanted = [key for s, key in keys if s == source]
        rows = session.execute(
            select(Notice.id, Notice.source_key, Notice.hash).where(
                Notice.source == source, among(Notice.source_key, wanted)
            )
        )
        found |= {(source, row.source_key): (row.id, row.hash) for row in rows}
    return found


def _regrouped(
    fresh: Sequence[NoticeFacts], stored: Sequence[Stored]
) -> tuple[list[Made], set[int]]:
    """The contracts to be written, and the identifiers of those that are no more."""
    former = {each.reference: each for each in stored}
    members: dict[int, set[str]] = {}
    for each in stored:
        members.setdefault(each.contract_id, set()).add(each.reference)
    facts = {each.reference: each.facts for each in stored if each.facts}
    facts |= {n.reference: _still_matched(n, former.get(n.reference)) for n in fresh}
    new = {notice.reference for notice in fresh}
    made: list[Made] = []
    kept: set[int] = set()
    for group in contracts_of(facts.values()):
        references = {notice.reference for notice in group}
        before = {former[r].contract_id for r in references if r in former}
        if not references & new and len(before) == 1:
            (only,) = before
            if members[only] == references:
                kept.add(only)  # nothing of it changed
                continue
        rows = {r: former[r] for r in references if r in former}
        made.append(Made(merge(group), rows))
    storing.choose_rows(made, kept)
    kept |= {each.former_id for each in made if each.former_id is not None}
    return made, set(members) - kept


def _still_matched(notice: NoticeFacts, kept: Stored | None) -> NoticeFacts:
    """A notice that was read again, with what it was matched with."""
    matched = kept.facts.matched if kept and kept.facts else None
    return replace(notice, matched=matched) if matched else notice
