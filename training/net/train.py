"""Train the detector in pieces that may end at any second.

python -m training.net.train BANK --until 200000       goes on from where the last piece ended
python -m training.net.train BANK --until 200000 --cool 20000   lets the steps shrink over the last scenes
"""

import argparse
import contextlib
import copy
import csv
import signal
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from bench.vision_frames import FOLDER, LabelledFrame, footage, labelled_frames
from training.net import state
from training.net.commit import commit
from training.net.evaluate import look_at
from training.net.feed import Batch, Feed
from training.net.first import load_first
from training.net.loss import Loss, loss_of
from training.net.model import Net, parameters_of

STATE = Path(__file__).parent.parent / "state"
CURVE = "curve.csv"
_CURVE_COLUMNS = (
    "commit", "scenes", "seconds", "rate", "people", "balls", "overlap", "lengths",
    "ap50_near", "ap50_all", "recall_at_95", "mean_iou", "ball_recall",
)  # fmt: skip
_SAVE_EVERY_S = 60.0
# Steps after a start without the optimiser's memory.
_WARM_UP = 200
_MOST_GRADIENT = 4.0
# How much of the smoothed weights stays at each step.
_SMOOTH = 0.998


def main() -> None:
    """Train until a number of scenes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bank", type=Path, help="folder of rendered people")
    parser.add_argument("--until", type=int, required=True, help="number of scenes at which this piece ends")
    parser.add_argument("--cool", type=int, default=0, help="over so many last scenes the steps shrink to nothing")
    parser.add_argument("--state", type=Path, default=STATE)
    parser.add_argument("--first", type=Path, help="begin with the weights of the first detector's model file")
    parser.add_argument("--seed", type=int, default=2)
    parser.add_argument("--size", type=int, default=320)
    parser.add_argument("--batch", type=int, default=16)
    parser.add_argument("--step", type=float, default=1.5e-3, help="largest step of the optimiser")
    parser.add_argument("--drawers", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--look-every", type=int, default=12_000, help="scenes between two looks at real frames")
    parser.add_argument("--look-at", type=int, default=90, help="how many of the development frames a look takes")
    wanted = parser.parse_args()
    torch.set_num_threads(wanted.threads)
    Training(wanted).run()


class Training:
    """One process's share of a training."""

    def __init__(self, wanted: argparse.Namespace) -> None:
        self._wanted = wanted
        self._folder: Path = wanted.state
        self._folder.mkdir(parents=True, exist_ok=True)
        self._device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
        self._net = Net()
        config = {name: getattr(wanted, name) for name in ("size", "batch", "step")}
        local = state.load_local(self._folder)
        self._moments: dict[str, Any] | None = None
        if local is not None:
            self._progress, parts = local
            self._net.load_state_dict(parts["net"])
            self._moments, smooth = parts["optimiser"], parts["smooth"]
        else:
            known = state.load_weights(self._net, self._folder)
            if known is None and wanted.first:
                load_first(self._net, wanted.first)
            self._progress = known or state.Progress(seed=wanted.seed)
            smooth = None
        self._progress = state.Progress(self._progress.seed, self._progress.scenes, self._progress.config | config)
        self._net.to(self._device, memory_format=torch.channels_last)  # type: ignore[call-overload]
        self._smooth = copy.deepcopy(self._net)
        if smooth is not None:
            self._smooth.load_state_dict(smooth)
        self._optimiser = torch.optim.AdamW(self._net.parameters(), lr=wanted.step, weight_decay=1e-4, fused=True)
        if self._moments is not None:
            self._optimiser.load_state_dict(self._moments)
        self._frames = _development(wanted.look_at)
        self._sums: dict[str, float] = {}
        self._seen, self._steps = 0, 0
        self._began = self._saved = self._looked = time.monotonic()

    def run(self) -> None:
        """Train until the wanted number of scenes, or until the process is asked to stop; nothing is lost."""
        print(
            f"{parameters_of(self._net):,} parameters, {self._progress.scenes:,} scenes so far, on {self._device}",
            flush=True,
        )
        feed = Feed(self._wanted.bank, self._progress.seed, self._wanted.size, self._wanted.batch, self._wanted.drawers)
        with _stop_asked() as stop, contextlib.closing(feed.batches(self._progress.scenes)) as batches:
            try:
                while self._progress.scenes < self._wanted.until and not stop:
                    self._learn(next(batches))
                    if time.monotonic() - self._saved > _SAVE_EVERY_S:
                        self._save_local()
                    if self._seen >= self._wanted.look_every:
                        self._look()
            finally:
                # The local state first: it does not count when it is older than the committed one.
                self._save_local()
                state.save_weights(self._smooth, self._progress, self._folder)
        self._look()

    def _learn(self, batch: Batch) -> None:
        for group in self._optimiser.param_groups:
            group["lr"] = self._step_size()
        tensors = [
            torch.from_numpy(part).to(self._device) for part in (batch.heat, batch.judged, batch.sides, batch.share)
        ]
        images = torch.from_numpy(batch.images).to(self._device).permute(0, 3, 1, 2).float()
        logits, logs = self._net(images.contiguous(memory_format=torch.channels_last))
        loss = loss_of(logits, logs, *tensors)
        self._optimiser.zero_grad(set_to_none=True)
        loss.total.backward()
        nn.utils.clip_grad_norm_(self._net.parameters(), _MOST_GRADIENT)
        self._optimiser.step()
        self._steps += 1
        self._smoothen()
        self._count(loss, len(batch.images))
        self._progress = self._progress.after(batch.first + len(batch.images))

    def _step_size(self) -> float:
        """Small at first while the optimiser has no memory, and shrinking over the last scenes when asked."""
        size: float = self._wanted.step
        if self._moments is None:
            size *= min(1.0, (self._steps + 1) / _WARM_UP)
        if self._wanted.cool:
            size *= min(1.0, max(0.01, (self._wanted.until - self._progress.scenes) / self._wanted.cool))
        return size

    def _smoothen(self) -> None:
        """The mean of the weights of the last hundreds of steps sees better than the last ones."""
        pull = 1 - (_SMOOTH if self._moments else min(_SMOOTH, self._steps / (self._steps + 10)))
        with torch.no_grad():
            for mean, weight in zip(self._smooth.parameters(), self._net.parameters(), strict=True):
                mean.lerp_(weight, pull)

    def _count(self, loss: Loss, scenes: int) -> None:
        parts: dict[str, Tensor] = vars(loss)
        for name, value in parts.items():
            self._sums[name] = self._sums.get(name, 0.0) + float(value.detach()) * scenes
        self._seen += scenes

    def _look(self) -> None:
        """Write a line of the curve."""
        if not self._seen:
            return
        now = time.monotonic()
        row: dict[str, Any] = {
            "commit": commit()[:8],
            "scenes": self._progress.scenes,
            "seconds": round(now - self._began),
        }
        row["rate"] = round(self._seen / (now - self._looked), 1)
        row |= {name: round(total / self._seen, 4) for name, total in self._sums.items()}
        if self._frames:
            figures = asdict(look_at(copy.deepcopy(self._smooth).cpu(), self._frames))
            row |= {name: "" if value is None else round(value, 4) for name, value in figures.items()}
        _append(self._folder / CURVE, row)
        print("  ".join(f"{name} {value}" for name, value in row.items()), flush=True)
        self._sums, self._seen, self._looked = {}, 0, time.monotonic()
        self._save_local()
        state.save_weights(self._smooth, self._progress, self._folder)

    def _save_local(self) -> None:
        state.save_local(
            self._folder,
            self._progress,
            net=self._net.state_dict(),
            smooth=self._smooth.state_dict(),
            optimiser=self._optimiser.state_dict(),
        )
        self._saved = time.monotonic()


@contextlib.contextmanager
def _stop_asked() -> Iterator[list[int]]:
    """A list that is filled when the process is asked to end."""
    asked: list[int] = []
    before = {
        name: signal.signal(name, lambda number, _: asked.append(number)) for name in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield asked
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _development(most: int) -> list[LabelledFrame]:
    """Some of the labelled frames, from all matches; none where the footage is not there."""
    root = footage()
    if root is None or not most:
        return []
    frames = labelled_frames(root / FOLDER)
    return frames[:: max(1, len(frames) // most)]


def _append(path: Path, row: dict[str, Any]) -> None:
    is_new = not path.exists()
    with path.open("a", newline="") as stream:
        writer = csv.DictWriter(stream, _CURVE_COLUMNS, restval="")
        if is_new:
            writer.writeheader()
        writer.writerow(row)


if __name__ == "__main__":
    main()
