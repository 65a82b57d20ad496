"""Small drawn pictures of people on grass, for stages that look at colours."""

import cv2
import numpy as np

from touchline.engine.types import Detections, Frame

GRASS = (60, 140, 70)
WHITE, GREEN, RED, YELLOW, BLACK = (240, 240, 240), (40, 70, 30), (40, 40, 200), (40, 220, 240), (30, 30, 30)
WIDTH, HEIGHT = 1280, 720


def box(x, y, tall=60.0):
    """Box of a person whose feet are at (x, y)."""
    wide = 0.42 * tall
    return [x - wide / 2, y - tall, x + wide / 2, y]


def picture(people, *, grass=GRASS, seed=0):
    """(HEIGHT, WIDTH, 3) BGR: noisy grass and people as (box, shirt, shorts), the nearest drawn last."""
    noise = np.random.default_rng(seed).normal(0, 4, (HEIGHT // 4, WIDTH // 4, 3))
    image = np.clip(np.array(grass) + noise, 0, 255).astype(np.uint8)
    image = np.ascontiguousarray(cv2.resize(image, (WIDTH, HEIGHT)))
    for (x0, y0, x1, y1), shirt, shorts in sorted(people, key=lambda person: person[0][3]):
        tall, inset = y1 - y0, (x1 - x0) * 0.15
        bands = [
            (0.14, 0.5, shirt),
            (0.5, 0.7, shorts),
            (0.7, 1.0, (110, 140, 190)),
        ]
        for top, bottom, color in bands:
            corners = (round(x0 + inset), round(y0 + top * tall)), (round(x1 - inset), round(y0 + bottom * tall))
            cv2.rectangle(image, *corners, color, -1)
        head = (round((x0 + x1) / 2), round(y0 + 0.07 * tall))
        cv2.circle(image, head, max(1, round(0.07 * tall)), (90, 120, 170), -1)
    return cv2.GaussianBlur(image, (3, 3), 0)


def found(boxes, scores=None, balls=(), ball_scores=()):
    """Detections from plain lists."""
    boxes = np.asarray(boxes, np.float32).reshape(-1, 4)
    scores = np.full(len(boxes), 0.8) if scores is None else scores
    return Detections(
        boxes,
        np.asarray(scores, np.float32),
        np.asarray(balls, np.float32).reshape(-1, 4),
        np.asarray(ball_scores, np.float32),
    )


def frame(index, image, fps=5.0):
    return Frame(index, index * 6, index / fps, image)
