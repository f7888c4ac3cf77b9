"""The queues, in the order in which they are shown. A room adds its own line here."""

from typing import Final

from annuaire.moderation.items import Queue
from annuaire.moderation.queues.accounts import SeatsQueue, TerritoriesQueue
from annuaire.moderation.queues.claims import ClaimsQueue
from annuaire.moderation.queues.consultations import ConsultationsQueue
from annuaire.moderation.queues.duplicates import DuplicatesQueue
from annuaire.moderation.queues.edits import EditsQueue
from annuaire.moderation.queues.remarks import RemarksQueue
from annuaire.moderation.queues.reports import ReportsQueue
from annuaire.moderation.queues.runs import RunsQueue

_ALL: Final[tuple[Queue, ...]] = (
    ClaimsQueue(), EditsQueue(), ReportsQueue(), SeatsQueue(), TerritoriesQueue(),
    ConsultationsQueue(), DuplicatesQueue(), RunsQueue(), RemarksQueue(),
)  # fmt: skip
QUEUES: Final = {queue.name: queue for queue in _ALL}
