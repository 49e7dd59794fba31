"""Sealed files: whole or refused, never in parts, never in another's place."""

import io
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from fengqiao.kits.files.sealing import PIECE, PREFIX, TAG, Damaged, sealed, unsealed

KEY = bytes(range(32))
SIZES = st.one_of(st.integers(0, 40), st.sampled_from([PIECE - 1, PIECE, PIECE + 1, 2 * PIECE, 2 * PIECE + 7]))


def closed(plain: bytes, about: bytes = b"one") -> bytes:
    return b"".join(sealed(KEY, io.BytesIO(plain), about))


def opened(body: bytes, about: bytes = b"one", key: bytes = KEY) -> bytes:
    return unsealed(key, io.BytesIO(body), about).read()


@given(SIZES)
@settings(max_examples=30, deadline=None)
def test_what_was_sealed_comes_back_whole(size):
    plain = os.urandom(size)
    body = closed(plain)
    assert opened(body) == plain
    assert len(body) == PREFIX + size + TAG * max(1, -(-size // PIECE))


@given(st.data())
@settings(max_examples=30, deadline=None)
def test_one_changed_byte_is_noticed_before_it_leaves(data):
    body = bytearray(closed(b"x" * 500))
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1
    with pytest.raises(Damaged):
        opened(bytes(body))


def test_pieces_are_neither_dropped_nor_swapped_nor_taken_elsewhere():
    plain = b"a" * PIECE + b"b" * PIECE + b"c"
    body = closed(plain)
    first, second, third = body[PREFIX : PREFIX + PIECE + TAG], body[PREFIX + PIECE + TAG : PREFIX + 2 * (PIECE + TAG)], body[-1 - TAG :]
    for wrong in (first + second, second + first + third, first + third, first + second + third + third, b""):
        with pytest.raises(Damaged):
            opened(body[:PREFIX] + wrong)
    with pytest.raises(Damaged):
        opened(body, about=b"another")
    with pytest.raises(Damaged):
        opened(body, key=bytes(32))


def test_a_large_file_is_served_piece_by_piece():
    plain = os.urandom(3 * PIECE)
    source = io.BytesIO(closed(plain))
    stream = unsealed(KEY, source, b"one")
    assert stream.read(10) == plain[:10]
    assert source.tell() <= PREFIX + 2 * (PIECE + TAG)
    stream.close()
    assert source.closed
