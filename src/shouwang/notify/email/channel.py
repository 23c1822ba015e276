"""E-mail by SMTP: TLS from the start, or STARTTLS; in the clear only inside."""

from __future__ import annotations

import contextlib
import smtplib
import socket
import ssl
from collections.abc import Iterator, Mapping, Sequence
from email.headerregistry import Address
from typing import NoReturn

from shouwang.common import clock
from shouwang.notify.email.letter import address_of, letter_of
from shouwang.notify.inside import is_inside
from shouwang.notify.limits import Limit
from shouwang.notify.message import Message, Receipt, SendingError
from shouwang.notify.settings import (
    Fault,
    Kind,
    Reaches,
    Setting,
    Wrong,
    filled_in,
    is_number,
    is_on,
    missing,
)

SECONDS = 10.0
SECURITIES = ("tls", "starttls", "plain")


class EmailChannel:
    """Sends to one address. ``context`` says whose certificates are believed."""

    kind = "email"
    reaches = Reaches.EMAIL
    settings: Sequence[Setting] = (
        Setting(name="host"),
        Setting(name="port", kind=Kind.NUMBER, default="465"),
        Setting(name="security", default="tls"),
        Setting(name="user", is_required=False),
        Setting(name="password", is_secret=True, is_required=False),
        Setting(name="sender"),
        Setting(name="sender_name", is_required=False),
        Setting(name="inside", kind=Kind.FLAG, is_required=False),
    )
    limits: Sequence[Limit] = ()
    speed = 300
    takes_pictures = True

    def __init__(self, *, context: ssl.SSLContext | None = None) -> None:
        self._context = context

    def wrong(self, settings: Mapping[str, str]) -> Sequence[Wrong]:
        """Return everything that is wrong with how it is set up."""
        given = filled_in(self.settings, settings)
        return (*missing(self.settings, given), *_wrong_forms(given))

    def send(self, message: Message, settings: Mapping[str, str]) -> Receipt:
        """Send ``message`` to its address; raises ``SendingError``."""
        given = filled_in(self.settings, settings)
        sender = address_of(given["sender"], given["sender_name"])
        letter = letter_of(message, sender, now=clock.now())
        to = address_of(message.address).addr_spec
        with _connected(given, sender, self._context) as server:
            _require(server.mail(sender.addr_spec), "the sender was refused")
            _require(server.rcpt(to), "the address was refused")
            code, words = _handed_over(server, letter.as_bytes())
            _require((code, words), "the e-mail was refused")
        return Receipt(code=str(code), reference=str(letter["Message-ID"]))


def _wrong_forms(given: Mapping[str, str]) -> Iterator[Wrong]:
    if not is_number(given["port"], least=1, most=65535):
        yield Wrong(name="port", fault=Fault.NOT_A_NUMBER)
    if given["security"] not in SECURITIES:
        yield Wrong(name="security", fault=Fault.UNKNOWN_FORM)
    if given["security"] == "plain" and not is_on(given, "inside"):
        yield Wrong(name="security", fault=Fault.NOT_SECURE)
    if any(sign.isspace() or sign in "/:@" for sign in given["host"]):
        yield Wrong(name="host", fault=Fault.NOT_AN_ADDRESS)
    try:
        if given["sender"]:
            address_of(given["sender"])
    except SendingError:
        yield Wrong(name="sender", fault=Fault.NOT_AN_ADDRESS)


@contextlib.contextmanager
def _connected(
    given: Mapping[str, str], sender: Address, context: ssl.SSLContext | None
) -> Iterator[smtplib.SMTP]:
    """Return a server that may be given mail; nothing has been sent yet."""
    believed = context or ssl.create_default_context()
    try:
        server = _server(given, sender.domain, believed)
        try:
            _greet(server, given, believed)
            yield server
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
        finally:
            server.close()
    except (smtplib.SMTPException, OSError) as error:
        _told(error)


def _server(
    given: Mapping[str, str], ours: str, believed: ssl.SSLContext
) -> _GuardedSMTP:
    """Return it connected. ``ours`` is our name: the machine's own is not told."""
    where = (given["host"], int(given["port"]))
    may_be_inside = is_on(given, "inside")
    if given["security"] == "tls":
        return _GuardedTLS(where, may_be_inside, ours, context=believed)
    return _GuardedSMTP(where, may_be_inside, ours)


def _greet(
    server: smtplib.SMTP, given: Mapping[str, str], believed: ssl.SSLContext
) -> None:
    server.ehlo_or_helo_if_needed()
    if given["security"] == "starttls":
        server.starttls(context=believed)
        server.ehlo()
    if given["security"] == "plain" and not _is_inside(server.sock):
        raise SendingError(
            "in the clear only inside our own network",
            permanent=True,
            code="not_secure",
        )
    if given["user"]:
        server.login(given["user"], given["password"])


def _handed_over(server: smtplib.SMTP, content: bytes) -> tuple[int, bytes]:
    """Hand over the e-mail itself; from here on a lost answer may hide that it went."""
    try:
        return server.data(content)
    except smtplib.SMTPResponseException:
        raise
    except (smtplib.SMTPException, OSError) as error:
        raise SendingError("no answer", may_have_arrived=True) from error


def _require(answer: tuple[int, bytes], words: str) -> None:
    code, told = answer
    if code not in (250, 251):
        raise _refused(code, told, words)


def _refused(code: int, told: bytes | str, words: str) -> SendingError:
    """Return the error of a code, with the finer code (5.1.1) where there is one.

    What the server says beside it may name the address, and is not repeated.
    """
    text = told.decode(errors="replace") if isinstance(told, bytes) else told
    finer = text.split(" ")[0].split("\n")[0]
    is_finer = finer.replace(".", "").isdecimal() and finer.count(".") == 2
    return SendingError(
        words,
        permanent=code >= 500,
        code=f"{code} {finer}" if is_finer else str(code),
    )


def _told(error: smtplib.SMTPException | OSError) -> NoReturn:
    match error:
        case smtplib.SMTPNotSupportedError():
            raise SendingError(
                "the server offers no way that is safe enough",
                permanent=True,
                code="not_secure",
            ) from None
        case smtplib.SMTPAuthenticationError():
            words = "the server does not know this name and password"
            raise _refused(error.smtp_code, error.smtp_error, words) from None
        case smtplib.SMTPResponseException():
            words = "the server refused it"
            raise _refused(error.smtp_code, error.smtp_error, words) from None
        case ssl.SSLError():
            raise SendingError("the server could not prove itself") from error
        case _:
            raise SendingError("no connection") from error


def _is_inside(connected: socket.socket | None) -> bool:
    return connected is not None and is_inside(str(connected.getpeername()[0]))


class _GuardedSMTP(smtplib.SMTP):
    """Speaks with no machine of our own network unless it may."""

    def __init__(self, where: tuple[str, int], may_be_inside: bool, ours: str) -> None:
        self._may_be_inside = may_be_inside
        super().__init__(*where, local_hostname=ours, timeout=SECONDS)

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        made: socket.socket = super()._get_socket(host, port, timeout)  # type: ignore[misc]  # not in its types
        if not self._may_be_inside and _is_inside(made):
            made.close()
            raise SendingError(
                "the server is inside our own network", permanent=True, code="inside"
            )
        return made


class _GuardedTLS(smtplib.SMTP_SSL, _GuardedSMTP):
    """The same, encrypted from the first byte; looked at before that byte."""

    def __init__(
        self,
        where: tuple[str, int],
        may_be_inside: bool,
        ours: str,
        *,
        context: ssl.SSLContext,
    ) -> None:
        self._may_be_inside = may_be_inside
        smtplib.SMTP_SSL.__init__(
            self, *where, local_hostname=ours, timeout=SECONDS, context=context
        )
