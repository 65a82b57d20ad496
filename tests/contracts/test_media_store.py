"""What every MediaStore promises; so far the local disk."""

import threading
from pathlib import Path

import pytest

from touchline.foundation.storage import DiskStore, InvalidPathError, MediaStore


@pytest.fixture(params=["disk"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> MediaStore:
    return DiskStore(tmp_path / "root")


def put(store: MediaStore, path: str, content: bytes) -> None:
    part = store.open_part(path)
    part.write(content)
    part.commit()


def test_a_file_has_its_name_only_when_it_is_complete(store: MediaStore):
    part = store.open_part("temp_uploads/a.mp4")
    part.write(b"first ")
    assert not store.exists("temp_uploads/a.mp4")
    part.write(b"second")
    part.commit()
    assert store.exists("temp_uploads/a.mp4")
    assert store.size("temp_uploads/a.mp4") == 12
    assert store.local("temp_uploads/a.mp4").read_bytes() == b"first second"


def test_an_aborted_file_leaves_nothing(store: MediaStore):
    put(store, "outputs/keep.txt", b"k")
    part = store.open_part("outputs/a.mp4")
    part.write(b"some")
    part.abort()
    assert not store.exists("outputs/a.mp4")
    assert store.used_bytes("outputs") == 1


def test_a_new_file_replaces_the_old_one_at_once(store: MediaStore):
    put(store, "a.txt", b"old")
    part = store.open_part("a.txt")
    part.write(b"newer")
    assert store.local("a.txt").read_bytes() == b"old"
    part.commit()
    assert store.local("a.txt").read_bytes() == b"newer"


def test_large_blocks_are_written_whole(store: MediaStore):
    block = bytes(range(256)) * 4096 * 5
    put(store, "big.bin", block)
    assert store.local("big.bin").read_bytes() == block


def test_an_empty_file_is_a_file(store: MediaStore):
    put(store, "empty.txt", b"")
    assert store.exists("empty.txt")
    assert store.size("empty.txt") == 0


def test_the_size_of_nothing_is_an_error(store: MediaStore):
    put(store, "folder/a.txt", b"a")
    for path in ("missing.txt", "folder"):
        assert not store.exists(path)
        with pytest.raises(FileNotFoundError):
            store.size(path)


def test_deleting_takes_files_and_whole_folders_and_is_fine_with_nothing(store: MediaStore):
    for path in ("out/run/a.txt", "out/run/deep/b.txt", "out/other.txt"):
        put(store, path, b"x")
    store.delete("out/run")
    store.delete("out/never")
    assert not store.exists("out/run/a.txt")
    assert not store.exists("out/run/deep/b.txt")
    store.delete("out/other.txt")
    assert store.used_bytes("out") == 0


def test_used_bytes_counts_every_file_below(store: MediaStore):
    put(store, "out/a.txt", b"12345")
    put(store, "out/deep/er/b.txt", b"123")
    put(store, "elsewhere.txt", b"1")
    assert store.used_bytes("out") == 8


def test_used_bytes_of_a_folder_that_is_not_there_is_nothing(store: MediaStore):
    assert store.used_bytes("nowhere") == 0


def test_free_bytes_are_known_or_without_limit(store: MediaStore):
    free = store.free_bytes()
    assert free is None or free > 0


@pytest.mark.parametrize(
    "path",
    ["", "/etc/passwd", "../x", "a/../../x", "a/./b", "a//b", "a\\b", "a\0b", "a\nb", "..", ".", "out/", "C:\\x"],
)
def test_paths_that_could_lead_elsewhere_are_refused(store: MediaStore, path: str):
    for ask in (store.exists, store.size, store.local, store.open_part, store.delete, store.used_bytes):
        with pytest.raises(InvalidPathError):
            ask(path)


def test_names_of_every_language_are_fine(store: MediaStore):
    put(store, "فريق/été 🙂.mp4", b"x")
    assert store.exists("فريق/été 🙂.mp4")


def test_files_can_be_written_side_by_side_from_threads(store: MediaStore):
    writers = [threading.Thread(target=put, args=(store, f"out/{n}.bin", bytes([n]) * 100_000)) for n in range(8)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert all(store.local(f"out/{n}.bin").read_bytes() == bytes([n]) * 100_000 for n in range(8))


def test_a_link_that_leads_outside_is_refused(tmp_path: Path):
    store = DiskStore(tmp_path / "root")
    put(store, "inside.txt", b"x")
    (tmp_path / "secret.txt").write_text("s")
    (tmp_path / "root" / "link.txt").symlink_to(tmp_path / "secret.txt")
    (tmp_path / "root" / "folder").symlink_to(tmp_path)
    for path in ("link.txt", "folder/secret.txt"):
        with pytest.raises(InvalidPathError):
            store.local(path)
