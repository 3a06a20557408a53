"""Proof of who calls and who serves: the authenticator and the certificates, made of the settings."""

from pathlib import Path
from typing import TYPE_CHECKING

from backscroll_server.identity.authenticator import Authenticator, ProofVerifier
from backscroll_server.identity.certificates import parse_rules
from backscroll_server.identity.service_keys import parse_key_list, parse_keys
from backscroll_server.settings import Settings, SettingsError
from backscroll_server.watched_files import WatchedFiles, require_private

if TYPE_CHECKING:
    from backscroll_server.transport.tls import ServerCertificates


def open_authenticator(settings: Settings) -> Authenticator:
    """Return what finds the identity of each caller, with the keys that the files of the settings hold now.

    Raises:
        SettingsError: where a file cannot be read or used, others may read a file of service keys, or the libraries for
            tokens are not installed.
    """
    modes = settings.auth_modes
    try:
        return Authenticator(
            keys=_key_file(settings.key_file) if "key" in modes and settings.key_file else None,
            fixed_keys=parse_key_list(settings.keys) if "key" in modes and settings.keys else None,
            tokens=_token_verifier(settings) if "jwt" in modes else None,
            rules=parse_rules(settings.certificate_rules) if "mtls" in modes else None,
            folds_user_ids=settings.folds_user_ids,
        )
    except ValueError as error:
        raise SettingsError(str(error)) from None


def open_certificates(settings: Settings) -> "ServerCertificates | None":
    """Return the certificates for TLS, as the files of the settings hold them now; None for plain text.

    Raises:
        SettingsError: where a file cannot be read or used, everybody may read the private key, or the library for
            certificates is not installed.
    """
    if not settings.tls_certificate:
        return None
    try:
        from backscroll_server.transport.tls import ServerCertificates
    except ImportError:
        raise SettingsError("TLS needs the extra 'tls': install backscroll[tls], which brings cryptography") from None
    client_authorities = Path(settings.tls_client_ca) if settings.tls_client_ca else None
    try:
        require_private(Path(settings.tls_key))
        return ServerCertificates(Path(settings.tls_certificate), Path(settings.tls_key), client_authorities)
    except ValueError as error:
        raise SettingsError(str(error)) from None


def _key_file(path: str) -> WatchedFiles[dict[bytes, str]]:
    require_private(Path(path))
    return WatchedFiles([Path(path)], parse_keys, what="service keys")


def _token_verifier(settings: Settings) -> ProofVerifier:
    try:
        from backscroll_server.identity.token_keys import parse_token_keys
        from backscroll_server.identity.tokens import TokenRules, TokenVerifier
    except ImportError:
        raise SettingsError(
            "the mode jwt of auth needs the extra 'jwt': install backscroll[jwt], which brings PyJWT and cryptography"
        ) from None
    rules = TokenRules(
        audience=settings.jwt_audience,
        issuer=settings.jwt_issuer,
        user_claim=settings.jwt_user_claim,
        service_claim=settings.jwt_service_claim,
        most_seconds=settings.jwt_longest_hours * 3600,
    )
    return TokenVerifier(rules, WatchedFiles([Path(settings.jwt_key_file)], parse_token_keys, what="keys of tokens"))
