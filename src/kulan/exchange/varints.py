"""Whole numbers in as few bytes as they need, seven bits in each, as protocol buffers have them."""

import numpy as np
from numpy.typing import NDArray


def varint(number: int) -> bytes:
    """Return one number's bytes.

    Examples
    --------
    >>> varint(300).hex()
    'ac02'
    """
    out = bytearray()
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)
    return bytes(out)


def varint_sizes(numbers: NDArray[np.uint64]) -> NDArray[np.int64]:
    """Return how many bytes each number needs."""
    sizes = np.ones(len(numbers), dtype=np.int64)
    most = int(numbers.max(initial=0))
    bits = 7
    while most >> bits:
        sizes += numbers >= np.uint64(1 << bits)
        bits += 7
    return sizes


def varints(numbers: NDArray[np.uint64]) -> bytes:
    """Return the bytes of many numbers, one after the other.

    Examples
    --------
    >>> varints(np.array([1, 300], dtype=np.uint64)).hex()
    '01ac02'
    """
    sizes = varint_sizes(numbers)
    ends = np.cumsum(sizes)
    out = np.empty(int(ends[-1]) if len(ends) else 0, dtype=np.uint8)
    at, left = ends - sizes, numbers
    while len(at):
        more = left > 0x7F
        out[at] = (left & np.uint64(0x7F)).astype(np.uint8) | (more.astype(np.uint8) << 7)
        at, left = at[more] + 1, left[more] >> np.uint64(7)
    return out.tobytes()


def zigzag(numbers: NDArray[np.int64]) -> NDArray[np.uint64]:
    """Return numbers of either sign as numbers from 0 on, small ones small.

    Examples
    --------
    >>> zigzag(np.array([0, -1, 1, -2]))
    array([0, 1, 2, 3], dtype=uint64)
    """
    return ((numbers << 1) ^ (numbers >> 63)).astype(np.uint64)
