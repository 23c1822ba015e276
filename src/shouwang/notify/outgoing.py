"""Asking an outside address, and refusing to be sent into our own network.

An address somebody typed could name a machine beside ours (the router, a database, a
cloud's key store), and so could the name it stands for. So the name is looked up here,
every answer is judged, and the connection goes to exactly what was judged: a name that
points elsewhere a moment later changes nothing.

Addresses often hold a key. No error, chain of errors or line of a log made here
repeats one.
"""

from __future__ import annotations

import json
import logging
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import connection, connectionpool, poolmanager
from urllib3.exceptions import (
    ConnectTimeoutError,
    HTTPError,
    LocationParseError,
    NameResolutionError,
    NewConnectionError,
)

from shouwang.notify.inside import is_inside
from shouwang.notify.message import Cause, SendingError

CONNECT_SECONDS, ANSWER_SECONDS = 5.0, 10.0
ANSWER_BYTES_MOST = 64 * 1024
# A picture of two megabytes takes its time from an office with a slow line.
SENT_BYTES_A_SECOND = 64 * 1024
# A name with more addresses is asked at the first of them: each costs a wait.
ADDRESSES_MOST = 3

# Its debugging lines are whole addresses, and so keys.
logging.getLogger("urllib3.connectionpool").addFilter(
    lambda record: record.levelno > logging.DEBUG
)


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
        except (ValueError, RecursionError):
            found = None
        if not isinstance(found, dict):
            raise SendingError(
                "the answer cannot be read",
                code=str(self.status),
                may_have_arrived=True,
                cause=Cause.NO_ANSWER,
            )
        return found


def json_bytes(body: Mapping[str, Any]) -> bytes:
    """Return an object as it goes out: Chinese as itself, three bytes a character."""
    return json.dumps(body, ensure_ascii=False).encode(errors="replace")


# ``post`` below, perhaps with some of its arguments already given.
Post = Callable[..., Answer]


def post(
    url: str,
    *,
    json_body: Mapping[str, Any] | None = None,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    may_be_inside: bool = False,
    answer_seconds: float = ANSWER_SECONDS,
) -> Answer:
    """Send a POST, following no redirect, and return the answer, whatever its status.

    ``may_be_inside`` lets the address be a machine of our own network. The whole answer
    has to be here ``answer_seconds`` after the connection, however it drips; a large
    ``body`` has a second more for each 64 KiB.

    Raises
    ------
    SendingError
        Not connected; an answer that did not come (``may_have_arrived``); an address
        inside our own network (``permanent``).
    """
    sent = dict(headers or {})
    if json_body is not None:
        body = json_bytes(json_body)
        sent.setdefault("Content-Type", "application/json; charset=utf-8")
    seconds = answer_seconds + len(body or b"") / SENT_BYTES_A_SECOND
    call = _Call(may_be_inside=may_be_inside, seconds=seconds)
    try:
        with _calling(call):
            answer = _exchange(url, body, sent, answer_seconds)
        if not call.is_late:
            return answer
        failure = _no_answer()
    except (requests.exceptions.RequestException, HTTPError, OSError, ValueError) as e:
        failure = _failure(e, call)
    except _InsideError as error:
        failure = SendingError(
            str(error), permanent=True, code="inside", cause=Cause.INSIDE
        )
    # Raised out here, so that it drags along no error that spells the address.
    raise failure


def _exchange(
    url: str, body: bytes | None, headers: dict[str, str], seconds: float
) -> Answer:
    with requests.Session() as session:
        # No proxy, no .netrc of the machine: they would decide whom we talk to.
        session.trust_env = False
        session.mount("http://", _Adapter())
        session.mount("https://", _Adapter())
        with session.post(
            url,
            data=body,
            headers=headers,
            timeout=(CONNECT_SECONDS, seconds),
            allow_redirects=False,
            stream=True,
        ) as found:
            content = found.raw.read(ANSWER_BYTES_MOST, decode_content=True)
            return Answer(status=found.status_code, body=content, headers=found.headers)


def _failure(error: Exception, call: _Call) -> SendingError:
    match error:
        case (
            requests.exceptions.InvalidURL()
            | requests.exceptions.InvalidSchema()
            | requests.exceptions.MissingSchema()
            | requests.exceptions.InvalidHeader()
            | LocationParseError()
            | UnicodeError()
        ):
            return SendingError(
                "not an address", permanent=True, cause=Cause.NOT_AN_ADDRESS
            )
        case requests.exceptions.SSLError() if not call.is_connected:
            return SendingError("the address could not prove itself", code="tls")
        case _ if not call.is_connected:
            return SendingError("no connection", cause=Cause.NO_CONNECTION)
        case _:
            return _no_answer()


def _no_answer() -> SendingError:
    return SendingError("no answer", cause=Cause.NO_ANSWER, may_have_arrived=True)


class _Call:
    """One question on its way: what it may do, and how far it came."""

    def __init__(self, *, may_be_inside: bool, seconds: float) -> None:
        self.may_be_inside = may_be_inside
        self.is_connected = False
        # Hung up on: what has come looks whole, and is not.
        self.is_late = False
        self._seconds = seconds
        self._wire: socket.socket | None = None
        self._timer: threading.Timer | None = None

    def began(self, wire: socket.socket) -> None:
        """Hang up on whoever answers a byte every few seconds for ever."""
        # A copy: TLS takes the socket itself over.
        self._wire = wire.dup()
        self._timer = threading.Timer(self._seconds, self._hang_up, [self._wire])
        self._timer.daemon = True
        self._timer.start()

    def end(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer.join()
        if self._wire is not None:
            self._wire.close()

    def _hang_up(self, wire: socket.socket) -> None:
        self.is_late = True
        try:
            wire.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass  # It was over already.


_current: ContextVar[_Call] = ContextVar("outgoing_call")


@contextmanager
def _calling(call: _Call) -> Iterator[None]:
    token = _current.set(call)
    try:
        yield
    finally:
        _current.reset(token)
        call.end()


class _InsideError(Exception):
    """The address is a machine of our own network."""


def _connected(
    asked: connection.HTTPConnection, connect: Callable[[], socket.socket]
) -> socket.socket:
    call, name = _current.get(), asked._dns_host
    failure: Exception | None = None
    try:
        for address in _addresses(asked, may_be_inside=call.may_be_inside):
            asked._dns_host = address
            try:
                wire = connect()
            except (NewConnectionError, ConnectTimeoutError) as error:
                failure = error
            else:
                call.began(wire)
                return wire
    finally:
        # TLS asks for the name again, to compare it with the certificate.
        asked._dns_host = name
    raise failure or OSError("a name without addresses")


def _addresses(
    asked: connection.HTTPConnection, *, may_be_inside: bool
) -> tuple[str, ...]:
    try:
        found = socket.getaddrinfo(
            asked._dns_host.strip("[]"), asked.port, type=socket.SOCK_STREAM
        )
    except socket.gaierror as error:
        raise NameResolutionError(asked.host, asked, error) from error
    addresses = tuple(dict.fromkeys(str(row[4][0]) for row in found))
    # A name that stands for machines on both sides is one to be careful with.
    if not may_be_inside and any(is_inside(row) for row in addresses):
        raise _InsideError("the address is inside our own network")
    return addresses[:ADDRESSES_MOST]


class _HTTPConnection(connection.HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)

    def connect(self) -> None:
        super().connect()
        _current.get().is_connected = True


class _HTTPSConnection(connection.HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connected(self, super()._new_conn)

    def connect(self) -> None:
        super().connect()
        _current.get().is_connected = True


class _HTTPPool(connectionpool.HTTPConnectionPool):
    ConnectionCls = _HTTPConnection


class _HTTPSPool(connectionpool.HTTPSConnectionPool):
    ConnectionCls = _HTTPSConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: poolmanager.PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _HTTPPool, "https": _HTTPSPool}
