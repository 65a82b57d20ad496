"""Fills a bank: pieces of it drawn by processes of their own, kept one by one, put together at the end.

A sprite follows from the bank's seed and its number alone, so the number of processes and interruptions leave
no trace in the bytes. Processes are spawned: a forked one hangs once the parent has used threads.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import math
import multiprocessing
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from training.people import bank
from training.people.body import load_model
from training.people.draw import draw_sprite
from training.people.figure import Wardrobe
from training.people.makehuman import save_model
from training.people.sprite import Sprite

PLAN_FILE = "plan.json"
MODEL_FOLDER = "model"
CHUNKS_FOLDER = "chunks"
THREAD_LIMITS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def fill(
    folder: Path, *, seed: int, count: int, workers: int, chunk: int, on_progress: Callable[[int, int], None] | None
) -> None:
    """Draws what is missing and puts the bank together; does nothing where it is finished already.

    Raises:
        BankError: the folder holds another bank, finished or begun.
    """
    plan = _plan(folder, {"format": bank.FORMAT_VERSION, "seed": seed, "count": count, "chunk": chunk})
    if (folder / bank.INFO_FILE).is_file():
        return
    chunks = range(math.ceil(count / plan["chunk"]))
    missing = [number for number in chunks if not _chunk_folder(folder, number).is_dir()]
    if missing:
        if not (folder / MODEL_FOLDER / "rig.json").is_file():
            save_model(folder / MODEL_FOLDER)
        _draw_chunks(folder, missing, plan, workers=workers, on_progress=on_progress)
    _put_together(folder, plan, len(chunks))


def _plan(folder: Path, wanted: dict[str, int]) -> dict[str, int]:
    """What the folder was begun with, where that is the bank that is wanted; a new folder is made ready."""
    for name in (bank.INFO_FILE, PLAN_FILE):
        if (folder / name).is_file():
            found: dict[str, int] = json.loads((folder / name).read_text(encoding="utf-8"))
            # pieces of another length hold the same sprites
            if any(found[key] != wanted[key] for key in ("format", "seed", "count")):
                raise bank.BankError(
                    f"{folder} holds a bank of {found['count']} people with seed {found['seed']} in format "
                    f"{found['format']}, not {wanted['count']} with seed {wanted['seed']} in format "
                    f"{wanted['format']}; remove the folder or name another."
                )
            return found
    (folder / CHUNKS_FOLDER).mkdir(parents=True, exist_ok=True)
    (folder / PLAN_FILE).write_text(json.dumps(wanted), encoding="utf-8")
    return wanted


def _draw_chunks(
    folder: Path,
    missing: list[int],
    plan: dict[str, int],
    *,
    workers: int,
    on_progress: Callable[[int, int], None] | None,
) -> None:
    seed, count, chunk = plan["seed"], plan["count"], plan["chunk"]
    spawn = multiprocessing.get_context("spawn")
    with _one_thread_each(), ProcessPoolExecutor(max_workers=workers, mp_context=spawn) as pool:
        begun = [
            pool.submit(_draw_chunk, str(folder), number, seed, range(number * chunk, min((number + 1) * chunk, count)))
            for number in missing
        ]
        try:
            for done, future in enumerate(as_completed(begun), start=1):
                future.result()
                if on_progress:
                    on_progress(max(count - (len(missing) - done) * chunk, 0), count)
        except BaseException:  # whatever ends this, a key or an error, ends the rest of the work too
            pool.shutdown(cancel_futures=True)
            raise


@contextmanager
def _one_thread_each() -> Iterator[None]:
    """Processes started in here use one thread each for linear algebra; there is one for each core already."""
    before = {name: os.environ.get(name) for name in THREAD_LIMITS}
    os.environ.update(dict.fromkeys(THREAD_LIMITS, "1"))
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def _draw_chunk(folder: str, number: int, seed: int, indices: range) -> None:
    """In a worker: draws the sprites and keeps them under a name that only a whole chunk gets."""
    wardrobe = _wardrobe(folder)
    target = _chunk_folder(Path(folder), number)
    unfinished = target.with_name(f"{target.name}.{os.getpid()}")
    _write_rows(unfinished, [draw_sprite(wardrobe, seed, index) for index in indices])
    unfinished.rename(target)


@cache
def _wardrobe(folder: str) -> Wardrobe:
    return Wardrobe.of(load_model(Path(folder) / MODEL_FOLDER))


def _write_rows(folder: Path, sprites: list[Sprite]) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, (dtype, rest) in bank.COLUMNS.items():
        rows = [getattr(sprite, name).reshape(-1, *rest) for sprite in sprites]
        np.save(folder / f"{name}.npy", np.concatenate(rows).astype(dtype, copy=False))
    np.save(folder / bank.SHAPES_FILE, np.array([sprite.alpha.shape for sprite in sprites], np.int32))
    metas = [_row(dataclasses.asdict(sprite.meta)) for sprite in sprites]
    (folder / bank.META_FILE).write_text(json.dumps(metas), encoding="utf-8")


def _row(meta: dict[str, Any]) -> dict[str, Any]:
    """JSON has no NaN: what is not there becomes null."""
    return {name: None if isinstance(value, float) and math.isnan(value) else value for name, value in meta.items()}


def _put_together(folder: Path, plan: dict[str, int], chunks: int) -> None:
    parts = [_chunk_folder(folder, number) for number in range(chunks)]
    digest = hashlib.sha256()
    shapes = np.concatenate([np.load(part / bank.SHAPES_FILE) for part in parts])
    np.save(folder / bank.SHAPES_FILE, shapes)
    digest.update(shapes.tobytes())
    offsets = np.concatenate([[0], np.cumsum(shapes.astype(np.int64).prod(axis=1))])
    np.save(folder / bank.OFFSETS_FILE, offsets)
    for name, (dtype, rest) in bank.COLUMNS.items():
        column = np.lib.format.open_memmap(
            folder / f"{name}.npy", mode="w+", dtype=dtype, shape=(int(offsets[-1]), *rest)
        )
        row = 0
        for part in parts:
            rows = np.load(part / f"{name}.npy")
            column[row : row + len(rows)] = rows
            row += len(rows)
            digest.update(rows.tobytes())
        column.flush()
    metas = [meta for part in parts for meta in json.loads((part / bank.META_FILE).read_text(encoding="utf-8"))]
    text = json.dumps(metas)
    digest.update(text.encode())
    (folder / bank.META_FILE).write_text(text, encoding="utf-8")
    # last, and under its name in one step: its presence says that the bank is whole
    unfinished = folder / f"{bank.INFO_FILE}.part"
    unfinished.write_text(json.dumps({**plan, "checksum": digest.hexdigest()}), encoding="utf-8")
    unfinished.rename(folder / bank.INFO_FILE)
    for leftover in (CHUNKS_FOLDER, MODEL_FOLDER):
        shutil.rmtree(folder / leftover, ignore_errors=True)
    (folder / PLAN_FILE).unlink()


def _chunk_folder(folder: Path, number: int) -> Path:
    return folder / CHUNKS_FOLDER / f"{number:05d}"
