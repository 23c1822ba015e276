"""Asking an outside address, and refusing to be sent into our own network.

An address somebody typed could name a machine beside ours (the router, a database, a
cloud's key store). So the machine that really answered the connection is looked at, not
the name: a name may point elsewhere by the time it is asked again.
"""

from __future__ import annotations

import ipaddress
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import connection, connectionpool, poolmanager
from urllib3.exceptions import HTTPError

from shouwang.notify.message import SendingError

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
ANSWER_BYTES_MOST = 64 * 1024


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What an address answered; ``body`` is at most 64 KiB."""

    status: int
    body: bytes
    headers: Mapping[str, str]

    def json(self) -> dict[str, Any]:
        """Return the answer as an object; raises ``SendingError`` if it is none.

        Garbage is no yes: the message may have arrived all the same.
        """
        try:
            found = json.loads(self.body)
        except ValueError:
            found = None
        if not isinstance(found, dict):
            raise SendingError(
                "the answer cannot be read",
                code=str(self.status),
                may_have_arrived=True,
            )
        return found


def post(
    url: str,
    *,
    json_body: Mapping[str, Any] | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    may_be_inside: bool = False,
) -> Answer:
    """Send a POST, following no redirect, and return the answer, whatever its status.

    ``may_be_inside`` lets the address be a machine of our own network.

    Raises
    ------
    SendingError
        Not connected; an answer that did not come (``may_have_arrived``); an address
        inside our own network (``permanent``).
    """
    sent = dict(headers or {})
    if json_body is not None:
        body = json.dumps(json_body, ensure_ascii=False).encode()
        sent.setdefault("Content-Type", "application/json; charset=utf-8")
    with requests.Session() as session:
        # No proxy, no .netrc of the machine: they would decide whom we talk to.
        session.trust_env = False
        if not may_be_inside:
            session.mount("http://", _OutsideAdapter())
            session.mount("https://", _OutsideAdapter())
        try:
            with session.post(
                url,
                data=body,
                headers=sent,
                timeout=(CONNECT_SECONDS, ANSWER_SECONDS),
                allow_redirects=False,
                stream=True,
            ) as found:
                content = found.raw.read(ANSWER_BYTES_MOST, decode_content=True)
                return Answer(
                    status=found.status_code, body=content, headers=found.headers
                )
        except _InsideError as error:
            raise SendingError(str(error), permanent=True, code="inside") from error
        except requests.exceptions.ConnectTimeout as error:
            raise SendingError("no connection in time") from error
        except (
            requests.exceptions.InvalidURL,
            requests.exceptions.InvalidSchema,
            requests.exceptions.MissingSchema,
        ) as error:
            raise SendingError("not an address", permanent=True) from error
        except requests.exceptions.SSLError as error:
            raise SendingError("the address could not prove itself") from error
        except (requests.exceptions.RequestException, HTTPError, OSError) as error:
            raise SendingError(
                "no answer", may_have_arrived=not _was_not_connected(error)
            ) from error


def _was_not_connected(error: Exception) -> bool:
    return "NewConnectionError" in repr(error) or "NameResolutionError" in repr(error)


class _InsideError(Exception):
    """The address is a machine of our own network."""


def _require_outside(connected: connection.HTTPConnection) -> None:
    if connected.sock is None:
        return
    host = connected.sock.getpeername()[0]
    address = ipaddress.ip_address(str(host).split("%")[0])
    mapped = getattr(address, "ipv4_mapped", None)
    if not (mapped or address).is_global:
        connected.close()
        raise _InsideError("the address is inside our own network")


class _OutsideHTTPConnection(connection.HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _require_outside(self)


class _OutsideHTTPSConnection(connection.HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _require_outside(self)


class _OutsideHTTPPool(connectionpool.HTTPConnectionPool):
    ConnectionCls = _OutsideHTTPConnection


class _OutsideHTTPSPool(connectionpool.HTTPSConnectionPool):
    ConnectionCls = _OutsideHTTPSConnection


class _OutsideAdapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: poolmanager.PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {
            "http": _OutsideHTTPPool,
            "https": _OutsideHTTPSPool,
        }
