"""Frames of HTTP/2 as no client of gRPC would send them."""

import socket
import struct
from typing import Final

PREFACE: Final = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
DATA, HEADERS, RST_STREAM, SETTINGS, PING = 0, 1, 3, 4, 6
END_STREAM, END_HEADERS = 1, 4
CANCEL: Final = b"\0\0\0\x08"


def frame(kind: int, flags: int, stream: int, payload: bytes = b"") -> bytes:
    """Return one frame."""
    return struct.pack(">I", len(payload))[1:] + bytes([kind, flags]) + struct.pack(">I", stream) + payload


def headers(path: bytes, *extra: tuple[bytes, bytes]) -> bytes:
    """Return the headers of a call, not compressed."""
    pairs = [
        (b":method", b"POST"),
        (b":scheme", b"http"),
        (b":authority", b"x"),
        (b":path", path),
        (b"te", b"trailers"),
        (b"content-type", b"application/grpc"),
        *extra,
    ]
    return b"".join(b"\x00" + bytes([len(name)]) + name + bytes([len(value)]) + value for name, value in pairs)


def connected(target: str) -> socket.socket:
    """Return a connection on which frames may be sent."""
    host, _, port = target.rpartition(":")
    connection = socket.create_connection((host, int(port)), timeout=30)
    connection.sendall(PREFACE + frame(SETTINGS, 0, 0))
    return connection


def reset_calls(first: int, count: int) -> bytes:
    """Return the frames of calls that are opened and reset at once.

    Args:
        first: the odd number of the first call's stream.
        count: how many calls.
    """
    opening, empty = headers(b"/backscroll.v1.MessageService/GetMessage"), b"\0\0\0\0\0"
    return b"".join(
        frame(HEADERS, END_HEADERS, stream, opening)
        + frame(DATA, END_STREAM, stream, empty)
        + frame(RST_STREAM, 0, stream, CANCEL)
        for stream in range(first, first + 2 * count, 2)
    )
