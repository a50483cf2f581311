"""Reads a body up to a cap on *decoded* bytes, taking off one layer of gzip or deflate in small pieces.

aiohttp can do this itself, but hands out what one network chunk unpacks to; of a few kilobytes that can be very much.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from aiohttp import ClientError, ClientResponse

PIECE = 64 * 1024
BOMB = 100  # text packs 3 to 20 times; what unpacks to more than this many times its size was made to do harm
_GZIP = 16 + zlib.MAX_WBITS
_GZIP_MAGIC = b"\x1f\x8b"


class UnreadableError(Exception):
    """The body is packed in a way that is not read; the text ends the sentence "<host> sent ..."."""


@dataclass(frozen=True, slots=True)
class Body:
    """What was read.  ``complete`` is False when it ended early, by the server or at the cap."""

    content: bytes
    complete: bool


async def read_body(response: ClientResponse, max_bytes: int) -> Body:
    """Return the decoded body of ``response``.

    Raises:
        UnreadableError: its coding is unknown, doubled, broken from the start, or unpacks beyond reason.
    """
    unpacker = _unpacker(response)
    content = bytearray()
    complete = True
    try:
        async for chunk in response.content.iter_any():
            for piece in unpacker.unpack(chunk):
                content += piece
                if len(content) > max_bytes:
                    if len(content) > BOMB * unpacker.taken:
                        raise UnreadableError(
                            f"{unpacker.taken / 1000:,.0f} kB that unpack to more than {max_bytes >> 20} MiB, as no text does"
                        )
                    return Body(bytes(content[:max_bytes]), complete=False)
                if len(piece) >= PIECE:
                    await asyncio.sleep(0)
    except ClientError:  # the connection broke, or ended before Content-Length
        complete = False
    except zlib.error:
        if not content:
            raise UnreadableError("a body that can't be unpacked") from None
        complete = False
    return Body(bytes(content), complete and unpacker.at_end)


class _Plain:
    """No coding."""

    taken = 0
    at_end = True

    def unpack(self, chunk: bytes) -> Iterator[bytes]:
        self.taken += len(chunk)
        yield chunk


class _Packed:
    """gzip or deflate; of deflate both forms are about, with zlib's header and without.

    ``taken`` counts the packed bytes that were needed so far, ``at_end`` says whether the packing is finished.
    """

    def __init__(self, coding: str) -> None:
        self._coding = coding
        self._zlib = zlib.decompressobj(_GZIP)
        self.taken = 0
        self.at_end = True

    def unpack(self, chunk: bytes) -> Iterator[bytes]:
        if not self.taken and self._coding == "deflate":
            self._zlib = zlib.decompressobj(zlib.MAX_WBITS if chunk[0] & 0x0F == 8 else -zlib.MAX_WBITS)
        while True:
            if self._zlib.eof:
                if not chunk or not _GZIP_MAGIC.startswith(chunk[:2]):
                    return  # rubbish behind the end is common and harmless
                self._zlib = zlib.decompressobj(_GZIP)
            piece = self._zlib.decompress(chunk, PIECE)
            rest = self._zlib.unused_data if self._zlib.eof else self._zlib.unconsumed_tail
            self.taken += len(chunk) - len(rest)
            self.at_end = self._zlib.eof
            chunk = rest
            if piece:
                yield piece
            if not chunk and len(piece) < PIECE:
                return


def _unpacker(response: ClientResponse) -> _Plain | _Packed:
    written = ",".join(response.headers.getall("Content-Encoding", []))
    codings = [coding for each in written.split(",") if (coding := each.strip().lower()) not in ("", "identity")]
    match codings:
        case []:
            return _Plain()
        case ["gzip" | "x-gzip" | "deflate" as coding]:
            return _Packed(coding.removeprefix("x-"))
        case [coding]:
            raise UnreadableError(f"a body packed in a way that I can't read ({coding[:20]!a})")
        case _:
            raise UnreadableError("a body that is packed twice")
