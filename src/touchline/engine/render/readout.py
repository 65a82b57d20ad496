"""What the analysis says about the window on screen, as a small table: one column a team, one row a metric.

A value that was not measured is a dash, and the reason stands below in words; never a zero.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from touchline.engine.render import canvas
from touchline.engine.render.canvas import BOLD, REGULAR, Align, Sprite
from touchline.engine.render.colors import BLACK, MUTED, RISKS, SLATE, SLATE_LIGHT, WHITE, Inks, rim_of, text_on
from touchline.engine.render.labels import MISSING, Words, clock
from touchline.engine.types import Image
from touchline.football.updates import SegmentDone
from touchline.football.vocabulary import Side

PANEL_WIDTH = 284
HEADER_HEIGHT = 36
_ROW_HEIGHT, _TEAM_ROW, _NOTE_HEIGHT, _PADDING = 25, 35, 20, 12
_COLUMNS = {Side.A: 186, Side.B: 272}
_COLUMN_WIDTH = 82
_NOTES_LINES = 3
_TEAM_KEYS = {Side.A: "team_a", Side.B: "team_b"}


@dataclass(frozen=True)
class Readout:
    """The table of one window, ready to be written.

    rows: (label, text for A, text for B); risks: severity label per team, None where unknown;
    notes: reasons for dashes, in words.
    """

    title: str
    is_illustrative: bool
    rows: tuple[tuple[str, str, str], ...]
    risks: Mapping[Side, str | None]
    notes: tuple[str, ...]


def readout_of(segment: SegmentDone, words: Words, *, is_calibrated: bool) -> Readout:
    """The table of a closed window."""
    analysis = segment.analysis
    metrics = (
        (words.line, "defensive_line", "{:.0f} m"),
        (words.width, "width", "{:.0f} m"),
        (words.compactness, "compactness", "{:.1f} m"),
    )
    reasons: dict[str, list[str]] = {}
    rows = []
    for label, key, form in metrics:
        cells = []
        for side in Side:
            value = _number(_team(analysis, side).get(key))
            cells.append(MISSING if value is None else form.format(value))
            if value is None:
                reason = _reason(analysis, side, key)
                reason = reason or (None if is_calibrated else words.not_calibrated)
                _note(reasons, reason or words.not_measured, label)
        rows.append((label, cells[0], cells[1]))
    rows.append(_possession(analysis, words, reasons))
    risks = {side: _risk(analysis, side) for side in Side}
    for side in Side:
        if risks[side] is None:
            _note(reasons, _reason(analysis, side, "severity") or words.not_measured, words.risk)
    return Readout(
        title=f"{clock(segment.start_s)}–{clock(segment.end_s)}",
        is_illustrative=bool(analysis.get("illustrative")),
        rows=tuple(rows),
        risks=risks,
        notes=tuple(f"{MISSING} {', '.join(labels)}: {words.reason(reason)}" for reason, labels in reasons.items()),
    )


def empty_readout(words: Words) -> Readout:
    """The table where no window was analysed."""
    labels = (words.line, words.width, words.compactness, words.possession)
    return Readout(
        title="",
        is_illustrative=False,
        rows=tuple((label, MISSING, MISSING) for label in labels),
        risks=dict.fromkeys(Side),
        notes=(f"{MISSING} {words.no_window}",),
    )


class ReadoutPanel:
    """Draws the table of the window that holds a given time; each table is drawn once."""

    def __init__(
        self,
        segments: Sequence[SegmentDone],
        *,
        words: Words,
        inks: Inks,
        names: Mapping[Side, str],
        is_calibrated: bool,
        scale: float = 1.0,
        opacity: float = 0.8,
    ) -> None:
        self._segments = sorted(segments, key=lambda segment: segment.start_s)
        self._words, self._inks, self._names = words, inks, names
        self._is_calibrated = is_calibrated
        self._scale, self._opacity = scale, opacity
        self._drawn: tuple[int | None, Sprite] | None = None

    @property
    def width(self) -> int:
        return round(PANEL_WIDTH * self._scale)

    def draw(self, image: Image, x: int, y: int, time_s: float) -> None:
        """Lay the table on a picture, top left corner at (x, y), with the clock in its head."""
        self.sprite_at(time_s).onto(image, x, y)
        at = x + self._px(_PADDING), y + self._px(26)
        canvas.text(image, clock(time_s), at, self._px(22), WHITE, weight=BOLD)

    def sprite_at(self, time_s: float) -> Sprite:
        """The table without its clock."""
        index = self._index_at(time_s)
        if self._drawn is None or self._drawn[0] != index:
            self._drawn = index, self._sprite(index)
        return self._drawn[1]

    def _index_at(self, time_s: float) -> int | None:
        held = [index for index, segment in enumerate(self._segments) if segment.start_s <= time_s + 1e-6]
        if not held:
            return None
        last = held[-1]
        # The frame at a window's very end belongs to it when no other follows.
        return last if time_s <= self._segments[last].end_s + 0.5 else None

    def _sprite(self, index: int | None) -> Sprite:
        words = self._words
        if index is None:
            readout = empty_readout(words)
        else:
            readout = readout_of(self._segments[index], words, is_calibrated=self._is_calibrated)
        notes = self._notes(readout)
        height = HEADER_HEIGHT + _TEAM_ROW + _ROW_HEIGHT * (len(readout.rows) + 1) + 8
        height += len(notes) * _NOTE_HEIGHT + (8 if notes else 0)
        picture, opacity = canvas.panel(self.width, self._px(height), SLATE, self._opacity)
        before = picture.copy()
        self._draw_header(picture, readout)
        y = HEADER_HEIGHT + _TEAM_ROW
        for label, *cells in readout.rows:
            y += _ROW_HEIGHT
            self._draw_row(picture, y - 7, label, dict(zip(Side, cells, strict=True)))
        self._draw_risks(picture, y + _ROW_HEIGHT - 7, readout)
        y += _ROW_HEIGHT + 10
        for note in notes:
            y += _NOTE_HEIGHT
            canvas.text(picture, note, (self._px(_PADDING), self._px(y - 6)), self._px(16), MUTED, weight=REGULAR)
        # Letters and swatches are solid; only the ground lets the picture through.
        opacity[(picture != before).any(axis=2) & (opacity > 0)] = 255
        return Sprite.of(picture, opacity)

    def _notes(self, readout: Readout) -> list[str]:
        width = self.width - 2 * self._px(_PADDING)
        notes = [self._words.illustrative] if readout.is_illustrative else []
        lines: list[str] = []
        for note in [*readout.notes, *notes]:
            room = max(1, _NOTES_LINES - len(lines))
            lines += canvas.wrapped(note, width, self._px(16), lines=min(2, room), weight=REGULAR)
        return lines[: _NOTES_LINES + 1]

    def _draw_header(self, picture: Image, readout: Readout) -> None:
        scale = self._px
        canvas.text(
            picture,
            readout.title,
            (self.width - scale(_PADDING), scale(25)),
            scale(17),
            MUTED,
            weight=REGULAR,
            align=Align.RIGHT,
        )
        picture[scale(HEADER_HEIGHT) : scale(HEADER_HEIGHT) + 1, scale(_PADDING) : -scale(_PADDING)] = SLATE_LIGHT
        for side in Side:
            ink, right = self._inks.side(side), _COLUMNS[side]
            rect = (scale(right - _COLUMN_WIDTH), scale(HEADER_HEIGHT + 7), scale(_COLUMN_WIDTH), scale(22))
            canvas.rounded(picture, rect, rim_of(ink), radius=scale(4))
            inner = rect[0] + 1, rect[1] + 1, rect[2] - 2, rect[3] - 2
            canvas.rounded(picture, inner, ink, radius=scale(4))
            name = canvas.shortened(self._names[side], scale(_COLUMN_WIDTH - 8), scale(16))
            at = scale(right - _COLUMN_WIDTH / 2), scale(HEADER_HEIGHT + 24)
            canvas.text(picture, name, at, scale(16), text_on(ink), align=Align.CENTER)

    def _draw_row(self, picture: Image, y: int, label: str, cells: Mapping[Side, str]) -> None:
        scale = self._px
        canvas.text(picture, label, (scale(_PADDING), scale(y)), scale(17), MUTED, weight=REGULAR)
        for side, cell in cells.items():
            color = MUTED if cell == MISSING else WHITE
            canvas.text(picture, cell, (scale(_COLUMNS[side] - 8), scale(y)), scale(18), color, align=Align.RIGHT)

    def _draw_risks(self, picture: Image, y: int, readout: Readout) -> None:
        scale = self._px
        canvas.text(picture, self._words.risk, (scale(_PADDING), scale(y)), scale(17), MUTED, weight=REGULAR)
        for side, risk in readout.risks.items():
            right = _COLUMNS[side]
            if risk is None:
                canvas.text(picture, MISSING, (scale(right - 8), scale(y)), scale(18), MUTED, align=Align.RIGHT)
                continue
            rect = (scale(right - _COLUMN_WIDTH), scale(y - 16), scale(_COLUMN_WIDTH), scale(21))
            canvas.rounded(picture, rect, RISKS.get(risk, MUTED), radius=scale(4))
            at = scale(right - _COLUMN_WIDTH / 2), scale(y)
            canvas.text(picture, self._words.risks.get(risk, risk), at, scale(16), BLACK, align=Align.CENTER)

    def _px(self, size: float) -> int:
        return round(size * self._scale)


def _possession(analysis: Mapping[str, Any], words: Words, reasons: dict[str, list[str]]) -> tuple[str, str, str]:
    cells = []
    for side in Side:
        value = _number(analysis.get(f"possession_{_TEAM_KEYS[side]}_pct"))
        cells.append(MISSING if value is None else f"{value:.0f} %")
    if MISSING in cells:
        reason = _reason(analysis, Side.A, "possession") or _reason(analysis, Side.B, "possession")
        _note(reasons, reason or words.not_measured, words.possession)
    return words.possession, cells[0], cells[1]


def _risk(analysis: Mapping[str, Any], side: Side) -> str | None:
    team = _team(analysis, side)
    if _number(team.get("severity_score")) is None or not team.get("severity_label"):
        return None
    return str(team["severity_label"]).upper()


def _team(analysis: Mapping[str, Any], side: Side) -> Mapping[str, Any]:
    found = analysis.get(_TEAM_KEYS[side])
    return found if isinstance(found, Mapping) else {}


def _reason(analysis: Mapping[str, Any], side: Side, key: str) -> str | None:
    """The reason in a metric's quality record: of the team, of the team within the metric, or of both together."""
    quality, team = analysis.get("quality"), _TEAM_KEYS[side]
    for way in ((team, key), (key, team), (key,)):
        record: object = quality
        for step in way:
            record = record.get(step) if isinstance(record, Mapping) else None
        if isinstance(record, Mapping) and record.get("reason"):
            return str(record["reason"])
    return None


def _note(reasons: dict[str, list[str]], reason: str, label: str) -> None:
    labels = reasons.setdefault(reason, [])
    if label not in labels:
        labels.append(label)


def _number(value: object) -> float | None:
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None
