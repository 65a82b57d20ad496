"""Placing the pitch in the picture from points that a person marked, and saying no when they cannot be right."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.optimize import least_squares

from touchline.engine.errors import CalibrationRefusedError
from touchline.engine.types import Calibration, FloatArray, Frame
from touchline.football.pitch import STANDARD_PITCH, PitchSize
from touchline.football.updates import CalibrationPoint

NOT_CALIBRATED = "not calibrated"
CAMERA_MOVES = "camera moves"

_LEAST_POINTS = 4
# Points may lie a little outside the lines (corner flags, measuring marks), not in the stands.
_MARGIN_M = 6.0
# A fit worse than this cannot be used: tactics claim metres, and one step is about a metre.
_WORST_RMS_M, _WORST_POINT_M = 1.5, 3.5
# Spread across the longer direction below which points count as lying on one line.
_LINE_SHARE = 0.02
_DISTORTION_FROM = 8
# How much smaller the error of left-out points must get before a distortion term is believed.
_DISTORTION_GAIN = 0.85
_DISTORTION_LIMIT = 0.5
_SUBSETS = 300


def fit_calibration(
    points: Sequence[CalibrationPoint], picture_size: tuple[int, int], *, pitch: PitchSize = STANDARD_PITCH
) -> Calibration:
    """Fit a homography (and a radial distortion term where it clearly helps) by least squares in pixels.

    Args:
        points: at least four marks, source pixels of the upright picture and metres in frame P.
        picture_size: width and height in pixels.
        pitch: size of the pitch, for points that cannot lie on it.

    Raises:
        CalibrationRefusedError: too few points, points on one line, or points that contradict each other; the
            message names the worst one, counted from 1 in the given order.
    """
    _check_values(points, pitch)
    pixels = np.array([(point.u, point.v) for point in points], float)
    metres = np.array([(point.x, point.y) for point in points], float)
    _check_spread(pixels, metres)
    centre = np.array(picture_size, float) / 2
    scale = float(np.hypot(*centre))
    plain = _fit(pixels, metres, centre=centre, scale=scale, with_distortion=False)
    if plain is None or not _is_seen_from_above(plain, pixels, centre) or _is_bad(plain, pixels, metres):
        _refuse(points, pixels, metres, centre=centre, scale=scale)
        assert plain is not None
    chosen = plain
    if len(points) >= _DISTORTION_FROM:
        bent = _fit(pixels, metres, centre=centre, scale=scale, with_distortion=True)
        errors = [
            _left_out_rms(pixels, metres, centre=centre, scale=scale, with_distortion=bends) for bends in (False, True)
        ]
        if bent is not None and errors[1] < _DISTORTION_GAIN * errors[0] and abs(bent.k1) < _DISTORTION_LIMIT:
            chosen = bent
    return chosen


def rescaled(
    points: Sequence[CalibrationPoint], *, read_on: tuple[int | None, int | None], picture_size: tuple[int, int]
) -> tuple[CalibrationPoint, ...]:
    """Bring points that were read off a scaled picture to source pixels; None sizes mean they were not scaled."""
    factor_u = picture_size[0] / read_on[0] if read_on[0] else 1.0
    factor_v = picture_size[1] / read_on[1] if read_on[1] else 1.0
    return tuple(CalibrationPoint(p.u * factor_u, p.v * factor_v, p.x, p.y) for p in points)


class FixedCameraCalibrator:
    """The pitch's place for a camera that stands; once it moves, metres are no longer known."""

    def __init__(self, calibration: Calibration | None, *, reason: str | None = None) -> None:
        self._calibration = calibration
        self._reason = (reason or NOT_CALIBRATED) if calibration is None else None

    @property
    def reason(self) -> str | None:
        return self._reason

    def camera_moved(self) -> None:
        """One homography no longer serves: from now on pictures are not placed."""
        if self._calibration is not None:
            self._calibration, self._reason = None, CAMERA_MOVES

    def calibrate(self, frame: Frame) -> Calibration | None:
        return self._calibration


def visible_pitch(
    calibration: Calibration, picture_size: tuple[int, int], *, pitch: PitchSize = STANDARD_PITCH
) -> FloatArray | None:
    """The part of the pitch inside the picture.

    Returns:
        (K, 2) metres, frame P: corners of the picture's ground clipped to the pitch (a convex polygon but for lens
        distortion); None when no part of the pitch is visible.
    """
    width, height = picture_size
    steps = np.linspace(0, 1, 17)[:-1]
    rim = np.concatenate(
        [
            np.column_stack([steps * width, np.zeros(16)]),
            np.column_stack([np.full(16, width), steps * height]),
            np.column_stack([(1 - steps) * width, np.full(16, height)]),
            np.column_stack([np.zeros(16), (1 - steps) * height]),
        ]
    )
    flat = _undistorted(rim, calibration)
    depth = calibration.homography[2]
    sign = np.sign(depth @ np.array([width / 2, height, 1.0])) or 1.0
    # Ground far beyond the pitch is cut before it reaches the horizon, where it has no place.
    ground = _cut(flat, normal=sign * depth[:2], offset=sign * depth[2] - 1e-6 * abs(depth[2]))
    if len(ground) < 3:
        return None
    mapped = np.column_stack([ground, np.ones(len(ground))]) @ calibration.homography.T
    outline: FloatArray = mapped[:, :2] / mapped[:, 2:]
    for normal, offset in (((1, 0), 0.0), ((-1, 0), pitch.length_m), ((0, 1), 0.0), ((0, -1), pitch.width_m)):
        outline = _cut(outline, normal=np.array(normal, float), offset=offset)
        if len(outline) < 3:
            return None
    return outline


def _cut(polygon: FloatArray, *, normal: FloatArray, offset: float) -> FloatArray:
    """The part of a polygon (K, 2) where normal · p + offset >= 0 (Sutherland and Hodgman 1974)."""
    if len(polygon) == 0:
        return polygon
    side = polygon @ normal + offset
    out = []
    for index in range(len(polygon)):
        here, there = polygon[index - 1], polygon[index]
        a, b = side[index - 1], side[index]
        if (a >= 0) != (b >= 0):
            out.append(here + (there - here) * (a / (a - b)))
        if b >= 0:
            out.append(there)
    return np.array(out).reshape(-1, 2)


def _undistorted(pixels: FloatArray, calibration: Calibration) -> FloatArray:
    centre = np.asarray(calibration.centre_px)
    offset = pixels - centre
    squared = (offset**2).sum(axis=1, keepdims=True) / calibration.scale_px**2
    return np.asarray(centre + offset * (1 + calibration.k1 * squared))


def _check_values(points: Sequence[CalibrationPoint], pitch: PitchSize) -> None:
    if len(points) < _LEAST_POINTS:
        raise CalibrationRefusedError(
            f"Placing the pitch needs at least 4 points, {len(points)} were given; mark more of them."
        )
    for number, point in enumerate(points, 1):
        if not np.isfinite((point.u, point.v, point.x, point.y)).all():
            raise CalibrationRefusedError(f"Point {number} is not a number.")
        inside_x = -_MARGIN_M <= point.x <= pitch.length_m + _MARGIN_M
        inside_y = -_MARGIN_M <= point.y <= pitch.width_m + _MARGIN_M
        if not (inside_x and inside_y):
            raise CalibrationRefusedError(
                f"Point {number} ({point.x:g} m, {point.y:g} m) does not lie on the pitch of "
                f"{pitch.length_m:g} × {pitch.width_m:g} m."
            )


def _check_spread(pixels: FloatArray, metres: FloatArray) -> None:
    """Four points fix a plane only when no three of them lie on one line, in the picture and on the pitch."""
    for places, smallest, where in ((pixels, 3.0, "in the picture"), (metres, 0.3, "on the pitch")):
        for a, b in combinations(range(len(places)), 2):
            if np.hypot(*(places[a] - places[b])) < smallest:
                raise CalibrationRefusedError(f"Points {a + 1} and {b + 1} are the same place {where}; remove one.")
        if not _has_quadrangle(places):
            raise CalibrationRefusedError(
                f"The points lie (nearly) on one line {where}; mark four that span an area, for example corners of "
                "the penalty area and of the halfway line."
            )


def _has_quadrangle(places: FloatArray) -> bool:
    """Whether some four of the points span an area of which no three lie on one line."""
    extent = float(np.hypot(*np.ptp(places, axis=0)))
    for four in combinations(range(len(places)), 4):
        chosen = places[list(four)]
        heights = []
        for three in combinations(range(4), 3):
            a, b, c = chosen[list(three)]
            longest = max(np.hypot(*(a - b)), np.hypot(*(b - c)), np.hypot(*(c - a)))
            heights.append(abs(_cross(b - a, c - a)) / longest)
        if min(heights) > _LINE_SHARE * extent:
            return True
    return False


def _cross(a: FloatArray, b: FloatArray) -> float:
    return float(a[0] * b[1] - a[1] * b[0])


def _fit(
    pixels: FloatArray, metres: FloatArray, *, centre: FloatArray, scale: float, with_distortion: bool
) -> Calibration | None:
    """Least squares in undistorted pixels, started from the direct linear transform; None when that degenerates."""
    to_picture = _direct(metres, pixels)
    if to_picture is None:
        return None
    start = (to_picture / to_picture[2, 2]).ravel()[:8]
    flat_start = np.append(start, 0.0) if with_distortion else start
    size = np.maximum(np.abs(flat_start), 1e-6)

    def misses(parameters: FloatArray) -> FloatArray:
        matrix = np.append(parameters[:8] * size[:8], 1.0).reshape(3, 3)
        mapped = np.column_stack([metres, np.ones(len(metres))]) @ matrix.T
        offset = pixels - centre
        bend = parameters[8] if with_distortion else 0.0
        flat = centre + offset * (1 + bend * (offset**2).sum(axis=1, keepdims=True) / scale**2)
        depth = np.where(np.abs(mapped[:, 2:]) < 1e-9, 1e-9, mapped[:, 2:])
        return np.asarray((mapped[:, :2] / depth - flat).ravel())

    begin = flat_start / size
    if with_distortion:
        begin[8] = 0.0
    found = least_squares(misses, begin, method="lm" if 2 * len(pixels) >= len(begin) else "trf", max_nfev=400)
    matrix = np.append(found.x[:8] * size[:8], 1.0).reshape(3, 3)
    if abs(np.linalg.det(matrix)) < 1e-15:
        return None
    inverse = np.linalg.inv(matrix)
    inverse /= np.abs(inverse).max()
    inverse *= np.sign(inverse[2] @ np.array([*(centre * (1, 2)), 1.0])) or 1.0
    fitted = Calibration(
        homography=inverse,
        residual_m=0.0,
        residual_px=float(np.sqrt((found.fun**2).sum() / len(pixels))),
        points=len(pixels),
        k1=float(found.x[8]) if with_distortion else 0.0,
        centre_px=(float(centre[0]), float(centre[1])),
        scale_px=scale,
    )
    errors = _errors_m(fitted, pixels, metres)
    rms = float(np.sqrt((errors**2).mean())) if np.isfinite(errors).all() else float("inf")
    return Calibration(
        homography=fitted.homography,
        residual_m=rms,
        residual_px=fitted.residual_px,
        points=fitted.points,
        k1=fitted.k1,
        centre_px=fitted.centre_px,
        scale_px=scale,
    )


def _direct(source: FloatArray, target: FloatArray) -> FloatArray | None:
    """Homography (3, 3) from source to target by the normalised direct linear transform (Hartley 1997)."""
    from_source, from_target = _normaliser(source), _normaliser(target)
    a = np.column_stack([source, np.ones(len(source))]) @ from_source.T
    b = np.column_stack([target, np.ones(len(target))]) @ from_target.T
    zero = np.zeros((len(a), 3))
    rows = np.concatenate(
        [np.hstack([a, zero, -b[:, :1] * a]), np.hstack([zero, a, -b[:, 1:2] * a])],
    )
    *_, directions = np.linalg.svd(rows)
    matrix = np.linalg.inv(from_target) @ directions[-1].reshape(3, 3) @ from_source
    if abs(matrix[2, 2]) < 1e-12 or not np.isfinite(matrix).all():
        return None
    return np.asarray(matrix)


def _normaliser(points: FloatArray) -> FloatArray:
    middle = points.mean(axis=0)
    size = np.sqrt(2) / max(float(np.hypot(*(points - middle).T).mean()), 1e-12)
    return np.array([[size, 0, -size * middle[0]], [0, size, -size * middle[1]], [0, 0, 1.0]])


def _errors_m(calibration: Calibration, pixels: FloatArray, metres: FloatArray) -> FloatArray:
    """(N,) metres between each point and where the calibration puts it; inf beyond the horizon."""
    placed = calibration.to_pitch(pixels)
    return np.where(np.isnan(placed[:, 0]), np.inf, np.hypot(*(placed - metres).T))


def _is_bad(calibration: Calibration, pixels: FloatArray, metres: FloatArray) -> bool:
    errors = _errors_m(calibration, pixels, metres)
    return bool(calibration.residual_m > _WORST_RMS_M or errors.max() > _WORST_POINT_M)


def _is_seen_from_above(calibration: Calibration, pixels: FloatArray, centre: FloatArray) -> bool:
    """Whether the points lie before the camera and the pitch is not mirrored.

    Frame P and pictures both have y growing downwards (seen from above), so the map keeps its sense of rotation.
    """
    flat = _undistorted(pixels, calibration)
    matrix = calibration.homography
    depth = np.column_stack([flat, np.ones(len(flat))]) @ matrix[2]
    # The sign of the Jacobian of a homography is that of its determinant over depth cubed.
    return bool((depth > 0).all() and np.linalg.det(matrix) > 0)


def _left_out_rms(
    pixels: FloatArray, metres: FloatArray, *, centre: FloatArray, scale: float, with_distortion: bool
) -> float:
    """Root mean square in metres of each point under a fit to the others."""
    errors = []
    for index in range(len(pixels)):
        others = np.arange(len(pixels)) != index
        fit = _fit(pixels[others], metres[others], centre=centre, scale=scale, with_distortion=with_distortion)
        if fit is None:
            return float("inf")
        errors.append(_errors_m(fit, pixels[~others], metres[~others])[0])
    return float(np.sqrt(np.mean(np.square(errors))))


@dataclass(frozen=True)
class _Agreement:
    fits: tuple[bool, ...]
    errors_m: FloatArray


def _refuse(
    points: Sequence[CalibrationPoint], pixels: FloatArray, metres: FloatArray, *, centre: FloatArray, scale: float
) -> None:
    """Raise, naming the point or the pair that the others speak against."""
    if len(points) == _LEAST_POINTS:
        pair = _swapped_pair(pixels, metres, centre=centre, scale=scale)
        hint = f"; points {pair[0] + 1} and {pair[1] + 1} look swapped" if pair else ""
        raise CalibrationRefusedError(
            f"The four points contradict each other: no camera above the pitch sees them like this{hint}. "
            "Check which mark is which."
        )
    mirrored = _fit(pixels, metres * (1, -1), centre=centre, scale=scale, with_distortion=False)
    if mirrored and _is_seen_from_above(mirrored, pixels, centre) and not _is_bad(mirrored, pixels, metres * (1, -1)):
        raise CalibrationRefusedError(
            "The points fit a mirrored pitch: y must grow from the far touchline (0) to the near one as the camera "
            "sees them when x grows to the right."
        )
    agreement = _best_agreement(pixels, metres, centre=centre, scale=scale)
    if agreement is None:
        raise CalibrationRefusedError(
            "The points contradict each other: no camera above the pitch sees them like this. Mark them again."
        )
    pair = _swapped_pair(pixels, metres, centre=centre, scale=scale)
    if pair:
        raise CalibrationRefusedError(
            f"The points contradict each other: points {pair[0] + 1} and {pair[1] + 1} look swapped."
        )
    worst = int(np.argmax(np.where(np.isfinite(agreement.errors_m), agreement.errors_m, 1e6)))
    point, miss = points[worst], float(agreement.errors_m[worst])
    by = f"by {miss:.1f} m" if np.isfinite(miss) else "at all"
    raise CalibrationRefusedError(
        f"The points contradict each other: point {worst + 1} (picture {point.u:.0f}, {point.v:.0f}; "
        f"pitch {point.x:g} m, {point.y:g} m) does not fit the others {by}. Correct or remove it."
    )


def _best_agreement(pixels: FloatArray, metres: FloatArray, *, centre: FloatArray, scale: float) -> _Agreement | None:
    """The fit to four points that most of the others agree with."""
    subsets = list(combinations(range(len(pixels)), 4))
    if len(subsets) > _SUBSETS:
        picks = np.random.default_rng(0).choice(len(subsets), _SUBSETS, replace=False)
        subsets = [subsets[pick] for pick in picks]
    best: _Agreement | None = None
    for four in subsets:
        chosen = list(four)
        if not (_has_quadrangle(pixels[chosen]) and _has_quadrangle(metres[chosen])):
            continue
        fit = _fit(pixels[chosen], metres[chosen], centre=centre, scale=scale, with_distortion=False)
        if fit is None or not _is_seen_from_above(fit, pixels[chosen], centre):
            continue
        errors = _errors_m(fit, pixels, metres)
        fits = tuple(bool(error < _WORST_RMS_M) for error in errors)
        if best is None or (sum(fits), -np.median(errors)) > (sum(best.fits), -np.median(best.errors_m)):
            best = _Agreement(fits, errors)
    return best if best is not None and sum(best.fits) > _LEAST_POINTS else None


def _swapped_pair(
    pixels: FloatArray, metres: FloatArray, *, centre: FloatArray, scale: float
) -> tuple[int, int] | None:
    """The one pair whose exchange makes everything fit, if there is exactly one."""
    pairs = []
    for a, b in combinations(range(len(pixels)), 2):
        order = np.arange(len(pixels))
        order[[a, b]] = b, a
        fit = _fit(pixels, metres[order], centre=centre, scale=scale, with_distortion=False)
        if fit and _is_seen_from_above(fit, pixels, centre) and not _is_bad(fit, pixels, metres[order]):
            pairs.append((a, b))
    return pairs[0] if len(pairs) == 1 else None
