"""Certificates of the server, which can be replaced while it serves."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat, load_pem_private_key
from cryptography.x509 import Certificate, load_pem_x509_certificates

from backscroll_server.watched_files import WatchedFiles


class ServerCertificates:
    """The certificate of a server with its key, and the authorities of its clients, from files.

    Files that have changed are checked before they are used, for connections that are made from then on.

    Args:
        certificate: the path of the certificate in PEM, followed by those between it and its authority.
        key: the path of its private key in PEM, without a password.
        client_authorities: the path of the certificates in PEM of the authorities that clients' certificates must come
            from; None where clients need none.

    Raises:
        ValueError: where a file cannot be read or used, the key does not belong to the certificate, or a certificate is
            not valid now.
    """

    def __init__(self, certificate: Path, key: Path, client_authorities: Path | None) -> None:
        paths = [certificate, key, *([client_authorities] if client_authorities else [])]
        self._files = WatchedFiles(paths, _configuration, what="certificates")
        self._requires_clients = client_authorities is not None
        self._handed_over = self._files.content

    def refresh(self) -> None:
        """Read the files again if they have changed. Those that cannot be used change nothing, and are logged."""
        self._files.refresh()

    def credentials(self) -> grpc.ServerCredentials:
        """Return the credentials for a port of the server: they follow what `refresh` reads."""
        credentials: grpc.ServerCredentials = grpc.dynamic_ssl_server_credentials(
            self._handed_over, self._changed, require_client_authentication=self._requires_clients
        )
        return credentials

    def _changed(self) -> Any:
        """Return what grpc is to use from now on, or None for no change: it asks at each handshake, in a thread."""
        current = self._files.content
        if current is self._handed_over:
            return None
        self._handed_over = current
        return current


def _configuration(certificate: bytes, key: bytes, client_authorities: bytes | None = None) -> Any:
    """Return grpc's form of certificates that were checked.

    Raises:
        ValueError: where one cannot be used; the text says which.
    """
    chain = _certificates(certificate, "the certificate")
    try:
        private_key = load_pem_private_key(key, None)
    except (ValueError, TypeError):
        raise ValueError("the key is no private key in PEM without a password") from None
    if _public_bytes(private_key.public_key()) != _public_bytes(chain[0].public_key()):
        raise ValueError("the key does not belong to the certificate")
    if client_authorities is not None:
        _certificates(client_authorities, "a certificate of an authority of clients")
    return grpc.ssl_server_certificate_configuration([(key, certificate)], root_certificates=client_authorities)


def _certificates(content: bytes, name: str) -> Sequence[Certificate]:
    try:
        found = load_pem_x509_certificates(content)
    except ValueError:
        raise ValueError(f"{name} is no certificate in PEM") from None
    now = datetime.now(UTC)
    for one in found:
        if not one.not_valid_before_utc <= now <= one.not_valid_after_utc:
            dates = f"{one.not_valid_before_utc:%Y-%m-%d %H:%M} to {one.not_valid_after_utc:%Y-%m-%d %H:%M}"
            raise ValueError(f"{name} is valid from {dates} UTC, which is not now")
    return found


def _public_bytes(public_key: Any) -> bytes:
    encoded: bytes = public_key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return encoded
