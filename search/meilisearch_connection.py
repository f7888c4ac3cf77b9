"""Questions to a Meilisearch server on a connection that is kept from one to the next.

The client's library opens one for each request: half of what a search cost a web process.
"""

import os
import threading

import orjson
import requests


class Connection:
    """The connection of each thread of each process: none is shared, nor inherited by a fork."""

    def __init__(self, url: str, key: str | None) -> None:
        self._url = url
        # Asked uncompressed: the server then hands an answer over in one piece, as its two ends
        # would otherwise wait 40 ms for each other (Nagle's algorithm, delayed acknowledgements).
        self._headers = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
        if key:
            self._headers["Authorization"] = f"Bearer {key}"
        self._kept = threading.local()

    def post(self, path: str, body: object, timeout_s: float) -> requests.Response:
        """Ask what changes nothing on the server. Raises requests.RequestException."""
        data = orjson.dumps(body)
        try:
            return self._session().post(f"{self._url}/{path}", data=data, timeout=timeout_s)
        except requests.Timeout:
            raise
        except requests.ConnectionError:  # the server closed the connection between two questions
            self._kept.session = None
            return self._session().post(f"{self._url}/{path}", data=data, timeout=timeout_s)

    def _session(self) -> requests.Session:
        kept: requests.Session | None = getattr(self._kept, "session", None)
        if kept is None or self._kept.pid != os.getpid():
            kept = requests.Session()
            kept.headers.update(self._headers)
            # What the environment says of proxies and certificates, read once.
            said = kept.merge_environment_settings(self._url, {}, None, None, None)
            kept.proxies, kept.verify, kept.trust_env = said["proxies"], said["verify"], False
            self._kept.session, self._kept.pid = kept, os.getpid()
        return kept
