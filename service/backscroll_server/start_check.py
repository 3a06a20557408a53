"""A look at whether a server would start with its settings, without starting it."""

from contextlib import closing

from backscroll_server.authentication import open_authenticator, open_certificates
from backscroll_server.domain.errors import InvalidArgumentError
from backscroll_server.domain.user_id_case import UserIdCase
from backscroll_server.settings import Settings
from backscroll_server.storage.engine.address import DatabaseAddress
from backscroll_server.storage.engine.session import Session
from backscroll_server.storage.upkeep.user_id_case import has_properties, refuse_other_user_id_case
from backscroll_server.transport.open_listening import refuse_open_listening


def check_start(settings: Settings) -> str:
    """Return a sentence that says that a server would start: with these settings, files of keys and certificates.

    The database is opened and not changed; a SQLite file that is missing would be created by the start, and is not
    created here. Nothing is listened on, and a database that another server serves is no fault.

    Raises:
        SettingsError: where a file of keys or certificates cannot be read or used.
        OpenListeningError: where unauthenticated callers could reach the server from other machines.
        InvalidArgumentError: where the URL of the database is not valid.
        RefusedError: where the database may not be written, is that of another program, or compares user ids in
            another way than `user_id_case` says.
        FileProblemError: where the file of the database cannot be opened.
    """
    authenticator = open_authenticator(settings)
    certificates = open_certificates(settings)
    refuse_open_listening(
        settings.listen, requires_proof=authenticator.requires_proof, insecure_listen=settings.insecure_listen
    )
    address = DatabaseAddress(settings.database, prepare_statements=settings.prepare_statements)
    try:
        address.require_writable()
        found = _look_at(address, settings.user_id_case)
    finally:
        address.close()
    speaks = "TLS" if certificates else "plain text"
    asks = settings.auth if authenticator.requires_proof else "nobody who they are"
    return f"it would start: on {settings.listen}, in {speaks}, asking {asks}; the database {found}"


def _look_at(address: DatabaseAddress, user_id_case: UserIdCase) -> str:
    try:
        address.require_existing()
    except InvalidArgumentError:
        return "would be created"
    with closing(address.connect()) as database:
        if has_properties(database):
            refuse_other_user_id_case(Session(database), user_id_case)
        return "can be opened"
