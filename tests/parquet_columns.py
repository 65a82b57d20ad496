"""Reads flat columns of a Parquet file: enough for the sample of real positions, without a library for it.

Knows one thing each: Thrift's compact protocol for the headers, Snappy for the pages, plain and dictionary values,
optional columns without nesting. Format: Apache Parquet specification.
"""

import struct
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_DTYPES = {1: "<i4", 2: "<i8", 4: "<f4", 5: "<f8"}
_BYTE_ARRAY = 6


def read_columns(path: Path, names: Iterable[str]) -> dict[str, NDArray[Any]]:
    """Columns by name: numbers as float with NaN for null, text as object with None."""
    data = path.read_bytes()
    (length,) = struct.unpack("<i", data[-8:-4])
    footer = _Thrift(data, len(data) - 8 - length).struct()
    wanted, found = set(names), {}
    for chunk in footer[4][0][1]:
        meta = chunk[3]
        name = meta[3][0].decode()
        if name in wanted:
            found[name] = _column(data, meta)
    return found


def column_names(path: Path) -> list[str]:
    """All column names of the file."""
    data = path.read_bytes()
    (length,) = struct.unpack("<i", data[-8:-4])
    footer = _Thrift(data, len(data) - 8 - length).struct()
    return [chunk[3][3][0].decode() for chunk in footer[4][0][1]]


def _column(data: bytes, meta: dict[int, Any]) -> NDArray[Any]:
    kind, total = meta[1], meta[5]
    at = meta.get(11) or meta[9]
    dictionary: NDArray[Any] | None = None
    parts: list[NDArray[Any]] = []
    while sum(len(part) for part in parts) < total:
        reader = _Thrift(data, at)
        header = reader.struct()
        page = _unpacked(data[reader.at : reader.at + header[3]])
        at = reader.at + header[3]
        if header[1] == 2:
            dictionary = _plain(page, kind, header[7][1])
            continue
        count, encoding = header[5][1], header[5][2]
        (levels_size,) = struct.unpack_from("<I", page)
        present = _hybrid(page[4 : 4 + levels_size], 1, count).astype(bool)
        body = page[4 + levels_size :]
        if encoding == 0:
            values = _plain(body, kind, int(present.sum()))
        else:
            assert dictionary is not None
            values = dictionary[_hybrid(body[1:], body[0], int(present.sum()))]
        whole = np.full(count, None, object) if kind == _BYTE_ARRAY else np.full(count, np.nan)
        whole[present] = values
        parts.append(whole)
    return np.concatenate(parts)


def _unpacked(page: bytes) -> bytes:
    """Snappy: a length, then literals and copies of what came before."""
    at, shift, size = 0, 0, 0
    while True:
        byte = page[at]
        size |= (byte & 0x7F) << shift
        at, shift = at + 1, shift + 7
        if byte < 0x80:
            break
    out = bytearray()
    while len(out) < size:
        tag = page[at]
        at += 1
        if tag & 3 == 0:
            length = tag >> 2
            if length >= 60:
                extra = length - 59
                length = int.from_bytes(page[at : at + extra], "little")
                at += extra
            out += page[at : at + length + 1]
            at += length + 1
            continue
        if tag & 3 == 1:
            length, offset = ((tag >> 2) & 7) + 4, (tag >> 5) << 8 | page[at]
            at += 1
        else:
            width = 2 if tag & 3 == 2 else 4
            length, offset = (tag >> 2) + 1, int.from_bytes(page[at : at + width], "little")
            at += width
        start = len(out) - offset
        for index in range(length) if offset < length else ():
            out.append(out[start + index])
        if offset >= length:
            out += out[start : start + length]
    return bytes(out)


def _plain(body: bytes, kind: int, count: int) -> NDArray[Any]:
    if kind != _BYTE_ARRAY:
        return np.frombuffer(body, _DTYPES[kind], count)
    values, at = np.empty(count, object), 0
    for index in range(count):
        (length,) = struct.unpack_from("<I", body, at)
        values[index] = body[at + 4 : at + 4 + length].decode()
        at += 4 + length
    return values


def _hybrid(body: bytes, width: int, count: int) -> NDArray[np.int64]:
    """Runs of one value, or groups of eight packed values."""
    parts: list[NDArray[np.int64]] = []
    at, have = 0, 0
    value_bytes = (width + 7) // 8
    while have < count:
        header, shift = 0, 0
        while True:
            byte = body[at]
            header |= (byte & 0x7F) << shift
            at, shift = at + 1, shift + 7
            if byte < 0x80:
                break
        if header & 1:
            groups = header >> 1
            packed = np.frombuffer(body[at : at + groups * width], np.uint8)
            bits = np.unpackbits(packed, bitorder="little").reshape(-1, width).astype(np.int64)
            parts.append(bits @ (1 << np.arange(width, dtype=np.int64)))
            at += groups * width
        else:
            value = int.from_bytes(body[at : at + value_bytes], "little")
            parts.append(np.full(header >> 1, value, np.int64))
            at += value_bytes
        have += len(parts[-1])
    return np.concatenate(parts)[:count] if parts else np.zeros(0, np.int64)


class _Thrift:
    """Thrift's compact protocol, read into dictionaries by field id."""

    def __init__(self, data: bytes, at: int) -> None:
        self.data, self.at = data, at

    def struct(self) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        field = 0
        while True:
            head = self._byte()
            if head == 0:
                return fields
            field = field + (head >> 4) if head >> 4 else self._zigzag()
            fields[field] = self._value(head & 15)

    def _value(self, kind: int) -> Any:
        if kind in {1, 2}:
            return kind == 1
        if kind == 3:
            return self._byte()
        if kind in {4, 5, 6}:
            return self._zigzag()
        if kind == 7:
            self.at += 8
            return struct.unpack_from("<d", self.data, self.at - 8)[0]
        if kind == 8:
            length = self._varint()
            self.at += length
            return self.data[self.at - length : self.at]
        if kind in {9, 10}:
            head = self._byte()
            size = self._varint() if head >> 4 == 15 else head >> 4
            inner = head & 15
            # In a list a truth value takes a whole byte.
            return [self._byte() == 1 if inner in {1, 2} else self._value(inner) for _ in range(size)]
        if kind == 12:
            return self.struct()
        raise ValueError(f"Thrift type {kind} is not expected here.")

    def _byte(self) -> int:
        self.at += 1
        return self.data[self.at - 1]

    def _varint(self) -> int:
        value, shift = 0, 0
        while True:
            byte = self._byte()
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return value
            shift += 7

    def _zigzag(self) -> int:
        value = self._varint()
        return (value >> 1) ^ -(value & 1)
