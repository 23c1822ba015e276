"""A mail server on this machine, with the answers a test wants from it."""

from __future__ import annotations

import contextlib
import datetime
import ipaddress
import socketserver
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(kw_only=True)
class MailServer:
    """``answers`` replaces what a verb gets; an empty answer hangs up."""

    port: int = 0
    answers: dict[str, str] = field(default_factory=dict)
    offers: tuple[str, ...] = ("AUTH PLAIN", "8BITMIME")
    context: ssl.SSLContext | None = None
    from_start: bool = False
    said: list[str] = field(default_factory=list)
    had: list[bytes] = field(default_factory=list)

    def letter(self) -> EmailMessage:
        made = message_from_bytes(self.had[-1], policy=policy.default)
        assert isinstance(made, EmailMessage)
        return made


class _Talk(socketserver.StreamRequestHandler):
    box: MailServer

    def setup(self) -> None:
        if self.box.context and self.box.from_start:
            self.request = self.box.context.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            self._say(self.box.answers.get("HELLO", "220 ready"))
            while line := self.rfile.readline().decode().strip():
                self.box.said.append(line)
                if not self._answer(line.split(" ")[0].split(":")[0].upper()):
                    return

    def finish(self) -> None:
        super().finish()
        # The server closes what it accepted, and that is not what TLS made of it.
        self.request.close()

    def _answer(self, verb: str) -> bool:
        offers = ("box", *self.box.offers)
        told = {
            "EHLO": "\r\n".join(f"250-{row}" for row in offers[:-1])
            + f"\r\n250 {offers[-1]}",
            "DATA": "354 go on",
            "AUTH": "235 2.7.0 welcome",
            "STARTTLS": "220 go",
            "QUIT": "221 bye",
        }
        answer = self.box.answers.get(verb, told.get(verb, "250 2.0.0 ok"))
        if not answer:
            return False
        self._say(answer)
        if verb == "STARTTLS" and self.box.context:
            self.request = self.box.context.wrap_socket(self.request, server_side=True)
            super().setup()
        if verb == "DATA" and answer.startswith("354"):
            return self._take()
        return verb != "QUIT"

    def _take(self) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line.removeprefix(b"."))
        self.box.had.append(b"".join(lines))
        done = self.box.answers.get("DONE", "250 2.0.0 queued")
        if done:
            self._say(done)
        return bool(done)

    def _say(self, words: str) -> None:
        self.wfile.write(f"{words}\r\n".encode())


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Say nothing: who hangs up in a handshake is what is tested."""


@contextlib.contextmanager
def mail_server(**given: object) -> Iterator[MailServer]:
    box = MailServer(**given)  # type: ignore[arg-type]  # a test's own words
    handler = type("Talk", (_Talk,), {"box": box})
    with _Server(("127.0.0.1", 0), handler) as server:
        box.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield box
        finally:
            server.shutdown()
            thread.join()


def certificate(folder: Path) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Make a certificate for 127.0.0.1: what the server shows, and who believes it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC))
        .not_valid_after(datetime.datetime(2120, 1, 1, tzinfo=datetime.UTC))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "both.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    shown = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    shown.load_cert_chain(path)
    return shown, ssl.create_default_context(cafile=str(path))
