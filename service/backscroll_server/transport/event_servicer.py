"""`EventService`: the contract has it, this version does not serve it yet."""

from backscroll_server.services.store import Store
from backscroll_server.transport.tokens import TokenCodec


class EventServicer:
    """Answers no call yet; each is `UNIMPLEMENTED`.

    Args:
        store: where everything is.
        codec: reads and writes tokens.
    """

    def __init__(self, store: Store, codec: TokenCodec) -> None:
        self._store = store
        self._codec = codec
