"""A multipart form taken apart while it arrives: fields as text, files as blocks, nothing whole in memory."""

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from touchline.foundation.upload_errors import BadFieldError, BrokenUploadError

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks  # exists for type checkers only

_FIELD_BYTES = 64 * 1024
_PARTS = 100


@dataclass(frozen=True)
class Field:
    """A complete text field."""

    name: str
    value: str


@dataclass(frozen=True)
class FileStart:
    """A file part begins; its blocks follow until `FileEnd`."""

    name: str
    filename: str


@dataclass(frozen=True)
class FileBlock:
    data: bytes


@dataclass(frozen=True)
class FileEnd:
    pass


Piece = Field | FileStart | FileBlock | FileEnd


class FormReader:
    """Feed it the body as it comes; it answers with the pieces that became complete.

    Raises:
        BrokenUploadError: the body is no valid form of at most 100 parts.
        BadFieldError: a text field is longer than 64 KiB or is not UTF-8.
    """

    def __init__(self, content_type: str) -> None:
        kind, options = parse_options_header(content_type)
        boundary = options.get(b"boundary", b"")
        self._body: bytearray | None = None  # of a form without files
        self._parser: MultipartParser | None = None
        self.finished = False
        if kind == b"multipart/form-data" and boundary:
            callbacks: MultipartCallbacks = {
                "on_part_begin": self._part_begins,
                "on_header_field": self._header_field,
                "on_header_value": self._header_value,
                "on_header_end": self._header_ends,
                "on_headers_finished": self._headers_finished,
                "on_part_data": self._part_data,
                "on_part_end": self._part_ends,
                "on_end": self._ends,
            }
            try:
                self._parser = MultipartParser(boundary, callbacks)
            except FormParserError as error:
                raise BrokenUploadError from error
        elif kind == b"application/x-www-form-urlencoded":
            self._body = bytearray()
        self._pieces: list[Piece] = []
        self._parts = 0
        self._header = (bytearray(), bytearray())
        self._disposition = b""
        self._file: bool = False
        self._name = ""
        self._value: bytearray = bytearray()

    @property
    def is_form(self) -> bool:
        """Whether the content type announces a form at all."""
        return self._parser is not None or self._body is not None

    def feed(self, block: bytes) -> list[Piece]:
        """Pieces that this block of the body completed, in order."""
        self._pieces = []
        if self._parser is not None:
            try:
                self._parser.write(block)
            except FormParserError as error:
                raise BrokenUploadError from error
        elif self._body is not None:
            self._body += block
            if len(self._body) > _FIELD_BYTES:
                raise BrokenUploadError
        return self._pieces

    def close(self) -> list[Piece]:
        """What is complete only with the end of the body.

        Raises:
            BrokenUploadError: the body ended before the form did.
        """
        if self._body is not None:
            try:
                pairs = parse_qsl(self._body.decode(), keep_blank_values=True, max_num_fields=_PARTS)
            except ValueError as error:
                raise BrokenUploadError from error
            self.finished = True
            return [Field(name, value) for name, value in pairs]
        if not self.finished:
            raise BrokenUploadError
        return []

    # --- callbacks of the parser

    def _part_begins(self) -> None:
        self._parts += 1
        if self._parts > _PARTS:
            raise BrokenUploadError
        self._header = (bytearray(), bytearray())
        self._disposition = b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header[0].extend(data[start:end])

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._header[1].extend(data[start:end])

    def _header_ends(self) -> None:
        if bytes(self._header[0]).lower() == b"content-disposition":
            self._disposition = bytes(self._header[1])
        self._header = (bytearray(), bytearray())

    def _headers_finished(self) -> None:
        _, options = parse_options_header(self._disposition)
        if b"name" not in options:
            raise BrokenUploadError
        self._name = options[b"name"].decode("utf-8", "replace")
        self._file = b"filename" in options
        self._value = bytearray()
        if self._file:
            self._pieces.append(FileStart(self._name, options[b"filename"].decode("utf-8", "replace")))

    def _part_data(self, data: bytes, start: int, end: int) -> None:
        if self._file:
            self._pieces.append(FileBlock(data[start:end]))
            return
        self._value += data[start:end]
        if len(self._value) > _FIELD_BYTES:
            raise BadFieldError(field=self._name[:60], reason="is too long")

    def _part_ends(self) -> None:
        if self._file:
            self._pieces.append(FileEnd())
            return
        try:
            self._pieces.append(Field(self._name, self._value.decode()))
        except UnicodeDecodeError as error:
            raise BadFieldError(field=self._name[:60], reason="is not UTF-8 text") from error

    def _ends(self) -> None:
        self.finished = True
