"""Makes a certificate and a service key for a first secure start, in a folder, where they are not there yet.

Usage: python -m tools.self_made FOLDER. The certificate is its own authority, for this machine alone: `localhost`.
"""

import datetime as dt
import ipaddress
import sys
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from backscroll_server.identity.service_keys import key_line, new_key

DAYS = 365


def main() -> None:
    """Make what is missing in the folder that the first argument names."""
    folder = Path(sys.argv[1])
    make(folder)
    print(f"callers need {folder / 'server.pem'} and {folder / 'service.key'}")


def make(folder: Path) -> None:
    """Make what is missing in a folder."""
    folder.mkdir(mode=0o700, exist_ok=True)
    if not (folder / "server.pem").exists():
        key = ec.generate_private_key(ec.SECP256R1())
        _write(folder / "server.key", key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
        _write(folder / "server.pem", _certificate(key).public_bytes(Encoding.PEM))
    if not (folder / "service.key").exists():
        service_key = new_key()
        _write(folder / "keys", f"{key_line('first', service_key)}\n".encode())
        _write(folder / "service.key", service_key.encode())


def _certificate(key: ec.EllipticCurvePrivateKey) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - dt.timedelta(hours=1))
        .not_valid_after(now + dt.timedelta(days=DAYS))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )


def _write(path: Path, content: bytes) -> None:
    path.touch(0o600)
    path.write_bytes(content)


if __name__ == "__main__":
    main()
