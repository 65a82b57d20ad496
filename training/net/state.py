"""Where a training stands: a small state that is committed, and all of it beside, on this machine only."""

import json
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

WEIGHTS, PROGRESS, LOCAL = "detector.npz", "progress.json", "local.pt"
LARGEST_BYTES = 2_000_000


@dataclass(frozen=True)
class Progress:
    """seed: of the scenes. scenes: how many were learnt from; the next one has this number. config: of the last piece."""

    seed: int
    scenes: int = 0
    config: dict[str, Any] = field(default_factory=dict)

    def after(self, scenes: int) -> "Progress":
        return replace(self, scenes=scenes)


def save_weights(net: nn.Module, progress: Progress, folder: Path) -> None:
    """Write the state that is committed: weights in half precision, seed and counter.

    Raises:
        ValueError: it would be larger than may be committed.
    """
    arrays = {name: value.detach().cpu().numpy().astype(np.float16) for name, value in net.state_dict().items()}
    draft = folder / f"{WEIGHTS}.draft"
    with draft.open("wb") as stream:
        np.savez(stream, **arrays)
    if draft.stat().st_size > LARGEST_BYTES:
        draft.unlink()
        raise ValueError(f"The weights need more than {LARGEST_BYTES} bytes.")
    draft.replace(folder / WEIGHTS)
    _write(folder / PROGRESS, json.dumps(asdict(progress), indent=2) + "\n")


def load_weights(net: nn.Module, folder: Path) -> Progress | None:
    """Read the committed state into a network; None when there is none yet."""
    if not (folder / WEIGHTS).exists():
        return None
    with np.load(folder / WEIGHTS) as arrays:
        net.load_state_dict({name: torch.tensor(arrays[name].astype(np.float32)) for name in arrays.files})
    return Progress(**json.loads((folder / PROGRESS).read_text()))


def save_local(folder: Path, progress: Progress, **parts: Any) -> None:
    """Write everything that is needed to go on as if nothing had happened."""
    draft = folder / f"{LOCAL}.draft"
    torch.save({"progress": asdict(progress), **parts}, draft)
    draft.replace(folder / LOCAL)


def load_local(folder: Path) -> tuple[Progress, dict[str, Any]] | None:
    """Read it; None where there is none, or it is older than what was committed."""
    if not (folder / LOCAL).exists():
        return None
    parts = torch.load(folder / LOCAL, map_location="cpu", weights_only=True)
    progress = Progress(**parts.pop("progress"))
    if (folder / PROGRESS).exists() and json.loads((folder / PROGRESS).read_text())["scenes"] > progress.scenes:
        return None
    return progress, parts


def _write(path: Path, text: str) -> None:
    draft = path.with_suffix(".draft")
    draft.write_text(text)
    draft.replace(path)
