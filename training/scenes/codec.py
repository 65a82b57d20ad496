"""Real compression: the picture goes through JPEG, or through a few frames of H.264, and comes back."""

from fractions import Fraction

import av
import cv2
import numpy as np

from training.scenes.paint import Picture

_QUARTER = 0x221111
_FULL = 0x111111


def through_jpeg(image: Picture, quality: int, *, quarter_colour: bool = True) -> Picture:
    """The picture after JPEG of this quality, with colour at a quarter of the resolution or at the whole of it."""
    factor = _QUARTER if quarter_colour else _FULL
    done, packed = cv2.imencode(
        ".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, quality, cv2.IMWRITE_JPEG_SAMPLING_FACTOR, factor]
    )
    if not done:
        raise RuntimeError("OpenCV could not write a JPEG; its build lacks the codec.")
    return np.asarray(cv2.imdecode(packed, cv2.IMREAD_COLOR), np.uint8)


def through_h264(image: Picture, crf: int, shift_px: tuple[float, float], frames: int) -> Picture:
    """The picture as the last of `frames` frames of a clip in which everything moves by `shift_px` a frame.

    One thread, so that the same picture comes out everywhere. The side must be even.
    """
    height, width = image.shape[:2]
    writer = av.CodecContext.create("libx264", "w")
    writer.width, writer.height, writer.pix_fmt = width, height, "yuv420p"
    writer.time_base = Fraction(1, 25)
    writer.thread_count = 1
    writer.options = {"crf": str(crf), "preset": "superfast", "tune": "zerolatency", "threads": "1"}
    reader = av.CodecContext.create("h264", "r")
    reader.thread_count = 1
    last = None
    for number in range(frames):
        back = frames - 1 - number
        move = np.array([[1, 0, shift_px[0] * back], [0, 1, shift_px[1] * back]], float)
        shown = image
        if back:
            shown = np.asarray(cv2.warpAffine(image, move, (width, height), borderMode=cv2.BORDER_REPLICATE), np.uint8)
        frame = av.VideoFrame.from_ndarray(shown, format="bgr24").reformat(format="yuv420p")
        frame.pts = number
        for packet in writer.encode(frame):
            for decoded in reader.decode(packet):
                last = decoded
    for packet in writer.encode(None):
        for decoded in reader.decode(packet):
            last = decoded
    for decoded in reader.decode(None):
        last = decoded
    if last is None:
        raise RuntimeError("H.264 gave no picture back; PyAV's build lacks libx264 or its decoder.")
    return np.asarray(last.to_ndarray(format="bgr24"), np.uint8)
