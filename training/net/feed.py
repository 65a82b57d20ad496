"""Scenes and their targets, drawn beside the training in processes of their own."""

import multiprocessing
import os
import queue
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.synchronize import Event
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

_AHEAD = 6
_PATIENCE_S = 300.0


@dataclass(frozen=True)
class Batch:
    """Scenes `first` up to, not including, `first + len(images)`.

    images: (N, H, W, 3) uint8 BGR; the others as `targets.Targets`, with N in front.
    """

    first: int
    images: NDArray[np.uint8]
    heat: NDArray[np.float32]
    judged: NDArray[np.bool_]
    sides: NDArray[np.float32]
    share: NDArray[np.float32]


@dataclass(frozen=True)
class Feed:
    """Which scenes are drawn, and how.

    drawers: how many processes draw; the batches and their order do not depend on it.
    """

    bank: Path
    seed: int
    size: int
    batch: int
    drawers: int = 1

    def batches(self, first: int) -> Iterator[Batch]:
        """Batches from a scene on, without end; the drawers stop when the iterator is closed.

        Raises:
            RuntimeError: a drawer died.
        """
        # Forked processes hang once OpenCV has threads.
        context = multiprocessing.get_context("spawn")
        stop = context.Event()
        lines = [context.Queue(maxsize=_AHEAD) for _ in range(self.drawers)]
        drawers = [
            context.Process(target=_draw, args=(self, first, number, lines[number], stop), daemon=True)
            for number in range(self.drawers)
        ]
        for drawer in drawers:
            drawer.start()
        try:
            turn = 0
            while True:
                yield _next(lines[turn], drawers[turn])
                turn = (turn + 1) % self.drawers
        finally:
            stop.set()
            for drawer in drawers:
                drawer.terminate()
                drawer.join(10)


def _next(line: Any, drawer: Any) -> Batch:
    waited_s = 0.0
    while True:
        try:
            batch: Batch = line.get(timeout=5.0)
        except queue.Empty:
            waited_s += 5.0
            if not drawer.is_alive() or waited_s > _PATIENCE_S:
                raise RuntimeError("A process that draws scenes has died; its message stands above.") from None
        else:
            return batch


def _draw(feed: Feed, first: int, number: int, line: Any, stop: Event) -> None:
    import cv2  # in this process alone, with one thread

    from training.net.targets import targets_of
    from training.people import bank as people
    from training.scenes.scene import draw_scene

    # Ctrl-C is for the training, which stops its drawers when it has saved what it learnt.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    cv2.setNumThreads(1)
    bank = people.open(feed.bank)
    parent = os.getppid()
    begin = first + number * feed.batch
    while not stop.is_set() and os.getppid() == parent:
        scenes = [draw_scene(bank, feed.seed, begin + k, size=feed.size) for k in range(feed.batch)]
        targets = [targets_of(scene) for scene in scenes]
        line.put(
            Batch(
                first=begin,
                images=np.stack([scene.image for scene in scenes]),
                heat=np.stack([target.heat for target in targets]),
                judged=np.stack([target.judged for target in targets]),
                sides=np.stack([target.sides for target in targets]),
                share=np.stack([target.share for target in targets]),
            )
        )
        begin += feed.drawers * feed.batch
