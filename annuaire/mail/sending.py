"""Letters that wait, handed to the server one after the other over one connection.

What is promised: a letter that the server took is never handed again, but when its answer never
reached the database (connection lost after the content, sender killed before it noted it). It is
then handed again under the same Message-ID, and counted (docs/decisions/0021).
"""

import logging
import smtplib
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from annuaire.mail import holding
from annuaire.mail.composing import Message, compose
from annuaire.mail.policy import Policy, Sender
from annuaire.mail.servers import From, Server, ServerAway, connect
from annuaire.mail.talking import Outcome, hand, present

log = logging.getLogger(__name__)


@dataclass(slots=True)
class Counts:
    """What a pass did. `doubtful`: letters handed whose answer was lost, handed again later."""

    sent: int = 0
    delayed: int = 0
    refused: int = 0
    doubtful: int = 0

    def add(self, outcome: Outcome, state: str) -> None:
        self.doubtful += outcome.doubtful
        match state:
            case "sent":
                self.sent += 1
            case "refused":
                self.refused += 1
            case _:
                self.delayed += 1


class Round:
    """One pass of one sender: its connection, made when needed and again when lost."""

    def __init__(
        self, session: Session, server: Server, origin: From, sender: Sender, policy: Policy
    ) -> None:
        self.session, self.server, self.origin = session, server, origin
        self.sender, self.policy = sender, policy
        self.counts = Counts()
        self._connection: smtplib.SMTP | None = None
        self._handed = 0  # letters that the present connection took
        self._losses = 0  # connections lost in a row

    def run(self) -> Counts:
        """Send all that is due, or all until asked to stop. Raises ServerAway; what was not handed
        waits."""
        try:
            while not self.sender.stopping():
                held = holding.take(self.session, self.sender, self.policy)
                self.counts.doubtful += held.doubtful
                if not held.letters:
                    break
                self._batch(list(held.letters))
            return self.counts
        finally:
            self._leave()

    def _batch(self, letters: list[Any]) -> None:
        """Send some letters; whatever stops it, those not handed are given back."""
        why = None
        done = 0
        try:
            for letter in letters:
                if self.sender.stopping():
                    break
                self._letter(letter)
                done += 1
        except ServerAway as error:
            why = error.message
            raise
        finally:
            rest = [letter.id for letter in letters[done:]]
            with suppress(OperationalError):  # the hold ends by itself
                holding.give_back(self.session, rest, self.sender, why)

    def _letter(self, letter: Any) -> None:
        try:
            message = compose(letter, self.origin, self.sender.now())
        except (ValueError, UnicodeError) as error:  # a defect of ours: the others go on
            log.exception("letter %s", letter.id)
            self._note(letter, Outcome("refused", f"Lettre impossible à écrire : {error}"))
            return
        outcome = self._attempt(letter, message)
        if outcome is None:
            return
        self._note(letter, outcome)
        if outcome.result == "lost":
            self._losses += 1
            if self._losses >= self.policy.losses:
                raise ServerAway(f"Le serveur d'envoi coupe chaque connexion. {outcome.answer}")
        else:
            self._losses = 0

    def _attempt(self, letter: Any, message: Message) -> Outcome | None:
        """Hand a letter; None when another sender has it. A connection that had taken letters may
        be closed by then: it is made again once, at no cost to the letter."""
        connection, used = self._ready()
        outcome = present(connection, message, self.origin.address)
        if outcome and outcome.result == "lost" and used:
            connection, _ = self._ready(again=True)
            outcome = present(connection, message, self.origin.address)
        if outcome is not None:
            return outcome
        marked = False
        try:
            marked = holding.mark_handed(self.session, letter.id, self.sender, self.policy)
        finally:
            if not marked:
                connection.close()  # without a word: the server would take it for the content
        if not marked:
            return None
        outcome = hand(connection, message, self.policy.content_timeout)
        self._handed += 1
        return outcome

    def _ready(self, *, again: bool = False) -> tuple[smtplib.SMTP, bool]:
        """The connection, and whether it took letters before."""
        full = self._handed >= self.policy.per_connection
        if again or full or self._connection is None or self._connection.sock is None:
            self._leave()
            self._connection = connect(self.server, self.origin.domain, self.policy.timeout)
            self._handed = 0
        return self._connection, self._handed > 0

    def _note(self, letter: Any, outcome: Outcome) -> None:
        """Keep an outcome. A database that is away for a moment is waited for: what the server
        took is known nowhere else."""
        for pause in (*self.policy.note_pauses, None):
            try:
                state = holding.note(self.session, letter, outcome, self.sender, self.policy)
                self.counts.add(outcome, state)
                return
            except OperationalError:
                if pause is None:
                    raise
                self.sender.sleep(pause)

    def _leave(self) -> None:
        if self._connection is not None:
            with suppress(OSError, smtplib.SMTPException):
                self._connection.quit()
            self._connection.close()
            self._connection = None


def send_waiting(
    session: Session, server: Server, origin: From, sender: Sender, policy: Policy | None = None
) -> Counts:
    """Send all the letters that are due, and return what came of it. Raises ServerAway: what was
    not handed waits."""
    return Round(session, server, origin, sender, policy or Policy()).run()
