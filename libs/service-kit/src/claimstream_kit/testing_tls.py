"""TLS in tests: certificates, and TLS before a real PostgreSQL, for that of the wheel has none, or before a real Kafka."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

SSL_REQUEST = bytes.fromhex("0000000804d2162f")
"""What a client says first to a PostgreSQL that it wants TLS of."""


def a_certificate(folder: Path, name: str = "server.example", *, address: str = "127.0.0.1") -> tuple[Path, Path]:
    """A certificate that signs for itself, good for the address and for a day, and its key (PEM)."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    made = x509.CertificateBuilder(
        subject, subject, key.public_key(), x509.random_serial_number(), now, now + timedelta(days=1)
    )
    made = made.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    made = made.add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(address))]), critical=False)
    certificate, secret = folder / f"{name}.pem", folder / f"{name}.key"
    certificate.write_bytes(made.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    secret.touch(0o600)
    secret.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return certificate, secret


def shows(certificate: Path, key: Path, *, asks_for: Path | None = None) -> ssl.SSLContext:
    """What a server shows, and whose certificate it asks for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    if asks_for:
        context.load_verify_locations(asks_for)
        context.verify_mode = ssl.CERT_REQUIRED
    return context


@dataclass
class Front:
    """TLS before a real server: it notes who came; and what came before TLS, where it is begun as PostgreSQL begins it. Without ``tls`` it has none."""

    upstream: tuple[str, int]
    tls: ssl.SSLContext | None
    plain: list[bytes] = field(default_factory=list)
    clients: list[Any] = field(default_factory=list)

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection to PostgreSQL."""
        first = await reader.readexactly(len(SSL_REQUEST))
        self.plain.append(first)
        if self.tls is None:
            writer.write(b"N")
            self.plain.append(await reader.read())
            writer.close()
            return
        writer.write(b"S")
        await writer.start_tls(self.tls)
        await self.let_in(reader, writer)

    async def let_in(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A connection that speaks TLS: note who came, and pass on what is said."""
        self.clients.append(writer.get_extra_info("peercert"))
        above_reader, above = await asyncio.open_connection(*self.upstream)
        await asyncio.gather(_pass(reader, above), _pass(above_reader, writer))


async def _pass(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while some := await reader.read(65536):
            writer.write(some)
            await writer.drain()
    except OSError:
        pass
    finally:
        writer.close()


@asynccontextmanager
async def fronted(url: str, tls: ssl.SSLContext | None) -> AsyncIterator[tuple[Front, str]]:
    """The front, and the database's address behind it."""
    at = urlsplit(url)
    front = Front((str(at.hostname), int(at.port or 0)), tls)
    server = await asyncio.start_server(front.take, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    try:
        yield front, url.replace(f":{at.port}/", f":{port}/")
    finally:
        server.close()
