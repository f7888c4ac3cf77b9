"""What is said to a Meilisearch server: requests, tasks awaited, failures in our words."""

import contextlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import meilisearch
import orjson
import requests
from meilisearch.errors import (
    MeilisearchApiError,
    MeilisearchCommunicationError,
    MeilisearchError,
    MeilisearchTimeoutError,
)

from search.engine import EngineUnavailable
from search.meilisearch_connection import Connection

ANSWER_S = 10  # seconds that the server has to answer
SENDING_S = 120  # … when it takes a batch of documents in
TASK_MS = 300_000  # milliseconds that a task may take, those before it in the queue included
ASKED_EVERY_MS = 10
PRIMARY_KEY = "pk"
MISSING = "index_not_found"

AWAY = (
    "Le serveur de recherche Meilisearch ne répond pas. Les pages d’une structure ou d’un marché "
    "restent consultables ; les changements attendent et rien n’est perdu. "
    "Vérifiez ANNUAIRE_MEILISEARCH_URL et le serveur."
)
REFUSED = (
    "Le serveur de recherche Meilisearch refuse la clé : vérifiez ANNUAIRE_MEILISEARCH_KEY et ses "
    "droits, ou la clé maîtresse donnée à « annuaire index setup-keys »."
)


AWAY_ERRORS = (
    MeilisearchCommunicationError, MeilisearchTimeoutError, requests.ConnectionError,
    requests.Timeout,
)  # fmt: skip


class TaskFailed(EngineUnavailable):
    """A task that the server took and could not do; `code` is Meilisearch's."""

    def __init__(self, kind: str, code: str, message: str) -> None:
        super().__init__(f"Meilisearch n’a pas pu faire « {kind} » : {message} [{code}]")
        self.code = code


class UnseenTask(EngineUnavailable):
    """A task that the key may not ask about."""


@contextlib.contextmanager
def in_our_words() -> Iterator[None]:
    """Turn what the client raises into EngineUnavailable, with what to do."""
    try:
        yield
    except MeilisearchApiError as error:
        if error.status_code in (401, 403):
            raise EngineUnavailable(f"{REFUSED} ({error.code or error.status_code})") from error
        if error.status_code >= 500 or not error.code:
            raise EngineUnavailable(f"{AWAY} (HTTP {error.status_code})") from error
        raise EngineUnavailable(f"Meilisearch refuse : {error.message} [{error.code}]") from error
    except AWAY_ERRORS as error:
        raise EngineUnavailable(AWAY) from error
    except (MeilisearchError, requests.RequestException, TypeError, ValueError) as error:
        # An answer that is none of the API's: a proxy's page, half of a JSON.
        raise EngineUnavailable(f"{AWAY} (réponse illisible)") from error


class Server:
    """One server, with one key. Safe between threads and after a fork."""

    def __init__(self, url: str, key: str | None) -> None:
        self._url = url.rstrip("/")
        self._key = key
        self._connection = Connection(self._url, key)

    def client(self, timeout_s: int | None = None) -> meilisearch.Client:
        """A client of its own for each call: the library's keeps headers that change between
        requests, which two threads must not share."""
        return meilisearch.Client(self._url, self._key, timeout=timeout_s or ANSWER_S)

    # Searching

    def search(self, uid: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """The answer of one index; None when there is no such index."""
        return self._ask(f"indexes/{uid}/search", body)

    def fetch(self, uid: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        """Documents by filter or primary keys, in an order: `results`, `total`. None when there
        is no such index. A document costs the server seven times less than a hit of a search."""
        return self._ask(f"indexes/{uid}/documents/fetch", body)

    def searches(
        self, queries: Sequence[Mapping[str, Any]], federation: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """Many searches at once; with `federation`, merged in one answer without repetition."""
        found = self._ask("multi-search", {"queries": queries, "federation": federation})
        return found or {"results": [{"totalHits": 0} for _ in queries], "hits": [], "totalHits": 0}

    def _ask(self, path: str, body: Mapping[str, Any]) -> dict[str, Any] | None:
        with in_our_words():
            answer = self._connection.post(path, body, ANSWER_S)
            if answer.ok:
                return dict(orjson.loads(answer.content))
            error = MeilisearchApiError(f"HTTP {answer.status_code}", answer)
            if error.code == MISSING:
                return None
            raise error

    # Indexes

    def uids(self, prefix: str) -> set[str]:
        """The indexes whose names begin so."""
        with in_our_words():
            # The client hands the whole answer on, whatever its annotation says.
            found: Any = self.client().get_raw_indexes({"limit": 1_000})
            uids = (str(index["uid"]) for index in found["results"])
            return {uid for uid in uids if uid.startswith(prefix)}

    def create(self, uid: str, settings: Mapping[str, Any]) -> None:
        """Make an index with its settings; one that exists is given them."""
        with in_our_words():
            task = self.client().create_index(uid, {"primaryKey": PRIMARY_KEY})
        try:
            self.wait(task.task_uid)
        except TaskFailed as error:
            if error.code != "index_already_exists":
                raise
        self.apply(uid, settings)

    def apply(self, uid: str, settings: Mapping[str, Any]) -> None:
        """Give an index its settings, unless it has them."""
        with in_our_words():
            index = self.client().index(uid)
            if not differs(settings, index.get_settings()):
                return
            task = index.update_settings(dict(settings))
        self.wait(task.task_uid)

    def has_settings(self, uid: str, settings: Mapping[str, Any]) -> bool:
        """Whether an index has these settings."""
        with in_our_words():
            return not differs(settings, self.client().index(uid).get_settings())

    def drop(self, uids: Iterable[str]) -> None:
        """Delete indexes; those that are gone already are no error."""
        for uid in sorted(uids):
            with in_our_words():
                task = self.client().delete_index(uid)
            try:
                self.wait(task.task_uid)
            except TaskFailed as error:
                if error.code != MISSING:
                    raise

    def swap(self, uid: str, other: str) -> None:
        """Give each of two indexes the other's name, in one step.

        A key limited to some indexes is not shown the tasks of two of them. A task of one, put
        after it in the queue, then tells that its turn has passed, and the dates whether it was
        done.
        """
        made = self._made_at(other)
        with in_our_words():
            task = self.client().swap_indexes([{"indexes": [uid, other]}])
        try:
            self.wait(task.task_uid)
        except UnseenTask:
            with in_our_words():
                after = self.client().index(other).update_settings({})
            self.wait(after.task_uid)
            if self._made_at(uid) != made:
                raise TaskFailed("indexSwap", "unseen", f"{uid} et {other}") from None

    def _made_at(self, uid: str) -> str:
        with in_our_words():
            return str(self.client().get_raw_index(uid)["createdAt"])

    def count(self, uid: str) -> int:
        """How many documents an index holds."""
        with in_our_words():
            return int(self.client().index(uid).get_stats().number_of_documents)

    # Documents

    def put(self, uid: str, documents: Iterable[bytes]) -> int:
        """Send documents, each in JSON; returns the task to wait for."""
        lines = b"\n".join(documents)
        with in_our_words():
            index = self.client(SENDING_S).index(uid)
            return index.add_documents_raw(
                lines, PRIMARY_KEY, content_type="application/x-ndjson"
            ).task_uid

    def remove(self, uid: str, keys: Sequence[str]) -> int:
        """Delete documents by primary key; returns the task to wait for."""
        with in_our_words():
            # The route by primary keys, exact; the client's own method wants a filter, and
            # filters know neither case nor accents.
            said = self.client(SENDING_S).http.post(
                f"indexes/{uid}/documents/delete-batch", list(keys)
            )
            return int(said["taskUid"])

    def documents(self, uid: str, limit: int = 1_000) -> Iterator[dict[str, Any]]:
        """All the documents of an index, by pages."""
        offset = 0
        while True:
            with in_our_words():
                page = self.client().index(uid).get_documents({"limit": limit, "offset": offset})
            yield from (dict(document) for document in page.results)
            offset += limit
            if offset >= page.total:
                return

    # Tasks

    def wait(self, *tasks: int) -> None:
        """Wait until tasks are done. Raises TaskFailed with the server's message, and
        EngineUnavailable when one takes too long: it may still be done later."""
        for number in tasks:
            with in_our_words():
                try:
                    task = self.client().wait_for_task(number, TASK_MS, ASKED_EVERY_MS)
                except MeilisearchTimeoutError as error:
                    raise EngineUnavailable(
                        f"Meilisearch n’a pas fini la tâche {number} : elle reste dans sa file ; "
                        "les changements attendent et seront repris."
                    ) from error
                except MeilisearchApiError as error:
                    if error.code == "task_not_found":
                        raise UnseenTask(f"Meilisearch ne montre pas la tâche {number}.") from error
                    raise
            if task.status != "succeeded":
                said = task.error or {}
                raise TaskFailed(
                    task.type, said.get("code") or task.status, said.get("message") or "annulée"
                )

    # Keys

    def known_keys(self) -> list[dict[str, Any]]:
        """The keys of the server. Needs the master key."""
        with in_our_words():
            found = self.client().get_keys({"limit": 1_000}).results
            return [{"name": key.name, "key": key.key, "uid": key.uid} for key in found]

    def create_key(self, options: Mapping[str, Any]) -> str:
        """Make a key; returns its secret. Needs the master key."""
        with in_our_words():
            return str(self.client().create_key(options).key)


def differs(declared: Any, actual: Any, *, ordered: bool = True) -> bool:
    """Whether what we declare is not what the server has; what we do not declare is its own."""
    if isinstance(declared, Mapping):
        return not isinstance(actual, Mapping) or any(
            differs(value, actual.get(name), ordered=name in ORDERED)
            for name, value in declared.items()
        )
    if isinstance(declared, list) and isinstance(actual, list) and not ordered:
        return sorted(map(str, declared)) != sorted(map(str, actual))
    return bool(declared != actual)


ORDERED = {"searchableAttributes", "rankingRules"}
