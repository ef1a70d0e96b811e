"""Files in a store on disk: whole or not at all, whatever happens on the way."""

from __future__ import annotations

import gzip
import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pyoxigraph as ox
import pytest

from kg.errors import InputError, SyntaxFault
from kg.loading import load_files
from kg.ondisk import MANIFEST, hold_for_loading, open_read_only, publish, read_manifest, remove_stale
from kg.progress import Progress

ROOT = Path(__file__).parent.parent
KILLS = 12


def triples(name: str, count: int) -> str:
    """Return so many triples that say which file they are of."""
    return "".join(
        f"<http://example.org/{name}/{number}> <http://example.org/in> <http://example.org/{name}> .\n"
        for number in range(count)
    )


def counts(folder: Path) -> dict[str, int]:
    """Return how many triples of each file a store holds."""
    store, _ = open_read_only(folder)
    rows = store.query("SELECT ?file (COUNT(?s) AS ?n) { ?s <http://example.org/in> ?file } GROUP BY ?file")
    return {
        row["file"].value.rpartition("/")[2]: int(row["n"].value)
        for row in rows  # type: ignore[union-attr] # a SELECT
    }


def loading(folder: Path, *files: Path) -> subprocess.Popen[bytes]:
    """Start ``kg load`` in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "kg.cli", "load", *map(str, files), "--store", str(folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def ended(process: subprocess.Popen[bytes]) -> int:
    """Return how a process ended, when it has."""
    process.communicate(timeout=120)
    return process.returncode


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """Return a file of three triples."""
    path = tmp_path / "small.nt"
    path.write_text(triples("small", 3))
    return path


def test_a_store_holds_what_its_files_hold(tmp_path: Path, small: Path) -> None:
    packed = tmp_path / "packed.ttl.gz"
    packed.write_bytes(gzip.compress(triples("packed", 5).encode()))
    report = load_files([small, packed], tmp_path / "store")
    assert report.loaded == (small, packed)
    assert counts(tmp_path / "store") == {"small": 3, "packed": 5}


def test_a_store_is_opened_for_reading_only(tmp_path: Path, small: Path) -> None:
    load_files([small], tmp_path / "store")
    store, _ = open_read_only(tmp_path / "store")
    with pytest.raises(RuntimeError, match="read-write"):
        store.clear()


def test_a_file_that_is_in_the_store_is_passed_over(tmp_path: Path, small: Path) -> None:
    load_files([small], tmp_path / "store")
    os.utime(small, (1, 1))  # touched, but the same
    report = load_files([small], tmp_path / "store")
    assert (report.loaded, report.kept) == ((), (small,))
    assert counts(tmp_path / "store") == {"small": 3}


def test_a_changed_file_takes_the_place_of_its_old_self(tmp_path: Path, small: Path) -> None:
    other = tmp_path / "other.nt"
    other.write_text(triples("other", 2))
    load_files([small, other], tmp_path / "store")
    small.write_text(triples("small", 1))
    report = load_files([small], tmp_path / "store")
    assert report.anew
    assert counts(tmp_path / "store") == {"small": 1, "other": 2}


def test_a_changed_file_is_refused_where_another_of_the_store_is_gone(tmp_path: Path, small: Path) -> None:
    other = tmp_path / "other.nt"
    other.write_text(triples("other", 2))
    load_files([small, other], tmp_path / "store")
    small.write_text(triples("small", 1))
    other.unlink()
    with pytest.raises(InputError, match=r"other\.nt is not there any more"):
        load_files([small], tmp_path / "store")
    assert counts(tmp_path / "store") == {"small": 3, "other": 2}


def test_a_file_that_does_not_parse_leaves_the_store_as_it_was(tmp_path: Path, small: Path) -> None:
    load_files([small], tmp_path / "store")
    broken = tmp_path / "broken.nt"
    broken.write_text(triples("broken", 2) + "<http://example.org/cut")
    with pytest.raises(SyntaxFault, match=r"line 3.*left as it was: it holds small\.nt") as fault:
        load_files([broken], tmp_path / "store")
    assert "\n" not in str(fault.value)
    assert counts(tmp_path / "store") == {"small": 3}
    assert [path.name for path in (tmp_path / "store").glob("generation-*") if path.is_dir()] == ["generation-2"]


def test_gzip_that_ends_too_early_is_told_in_one_line(tmp_path: Path) -> None:
    cut = tmp_path / "cut.nt.gz"
    cut.write_bytes(gzip.compress(triples("cut", 5000).encode())[:-20])
    with pytest.raises(InputError, match=r"cut\.nt\.gz is damaged or cut short: .*"):
        load_files([cut], tmp_path / "store")


def test_a_store_of_another_version_is_refused(tmp_path: Path, small: Path) -> None:
    folder = tmp_path / "store"
    load_files([small], folder)
    manifest = folder / MANIFEST
    manifest.write_text(manifest.read_text().replace('"layout": 1', '"layout": 99'))
    for work in (lambda: open_read_only(folder), lambda: load_files([small], folder)):
        with pytest.raises(InputError, match=r"store of version 99.*load its files anew"):
            work()


def test_a_folder_of_other_things_is_no_store(tmp_path: Path, small: Path) -> None:
    with pytest.raises(InputError, match="is no store of kg load"):
        load_files([small], tmp_path)
    with pytest.raises(InputError, match="is no store of kg load"):
        open_read_only(tmp_path)
    assert small.exists()


def test_a_folder_that_is_not_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="make one with kg load"):
        open_read_only(tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_damaged_store_is_told_in_one_line(tmp_path: Path, small: Path) -> None:
    load_files([small], tmp_path / "store")
    for path in (tmp_path / "store").glob("generation-*/CURRENT"):
        path.write_text("nonsense\n")
    with pytest.raises(InputError, match=r"cannot open the store .*load its files anew") as fault:
        open_read_only(tmp_path / "store")
    assert "\n" not in str(fault.value)


def test_a_plain_oxigraph_store_can_be_read(tmp_path: Path, small: Path) -> None:
    plain = ox.Store(str(tmp_path / "plain"))
    plain.bulk_load(path=str(small))
    plain.flush()
    del plain
    assert counts(tmp_path / "plain") == {"small": 3}


def test_a_second_load_is_refused_while_one_works(tmp_path: Path, small: Path) -> None:
    with hold_for_loading(tmp_path / "store"):
        second = loading(tmp_path / "store", small)
        _, said = second.communicate(timeout=60)
    assert second.returncode == 2
    assert (
        said.decode()
        == f"kg: process {os.getpid()} is loading into {tmp_path / 'store'}; wait until it is done, or end it\n"
    )


def test_a_reader_keeps_what_it_opened_while_others_load(tmp_path: Path, small: Path) -> None:
    folder = tmp_path / "store"
    load_files([small], folder)
    reader, first = open_read_only(folder)
    other = tmp_path / "other.nt"
    other.write_text(triples("other", 2000))
    load_files([other], folder)
    # The generation that is being read stays, and nothing of the load is seen in it.
    assert (folder / first.generation).is_dir()
    assert sum(1 for _ in reader) == 3
    assert counts(folder) == {"small": 3, "other": 2000}


def test_a_generation_that_nobody_reads_is_removed(tmp_path: Path, small: Path) -> None:
    folder = tmp_path / "store"
    load_files([small], folder)
    with hold_for_loading(folder):
        manifest = read_manifest(folder)
        assert manifest is not None
        (folder / "generation-99").mkdir()
        remove_stale(folder, manifest.generation)
        publish(folder, manifest)
    assert not (folder / "generation-99").exists()
    assert counts(folder) == {"small": 3}


def _limited_to(size: int) -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))


def test_a_full_disk_is_told_in_one_line_and_loses_nothing(tmp_path: Path, small: Path) -> None:
    # A limit on the size of files stops RocksDB at the same place as a full disk does.
    folder = tmp_path / "store"
    load_files([small], folder)
    large = tmp_path / "large.nt"
    large.write_text(triples("large", 100_000))
    done = subprocess.run(
        [sys.executable, "-m", "kg.cli", "load", str(large), "--store", str(folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
        preexec_fn=lambda: _limited_to(200_000),
    )
    assert done.returncode == 1
    assert done.stderr == (
        f"kg: no room left on the disk of {folder}; it holds small.nt, and nothing of any other file; "
        "make room and give the same command again\n"
    )
    assert counts(folder) == {"small": 3}
    assert load_files([large], folder).loaded == (large,)
    assert counts(folder) == {"small": 3, "large": 100_000}


def test_a_load_that_is_killed_leaves_each_file_whole_or_out(tmp_path: Path) -> None:
    sizes = {"one": 3000, "two": 30_000, "three": 120_000}
    files = []
    for name, size in sizes.items():
        files.append(tmp_path / f"{name}.nt")
        files[-1].write_text(triples(name, size))
    before = time.monotonic()
    assert ended(loading(tmp_path / "timed", *files)) == 0
    whole = time.monotonic() - before
    chance = random.Random(5)
    killed = 0
    for number in range(KILLS):
        # A new store each time, since one that is whole is left at once.
        folder = tmp_path / f"store{number}"
        load_files(files[:1], folder)
        process = loading(folder, *files)
        time.sleep(chance.uniform(0.1, 1) * whole)
        process.send_signal(signal.SIGKILL)
        killed += ended(process) == -signal.SIGKILL
        found = counts(folder)
        assert found["one"] == sizes["one"]
        assert all(found[name] == sizes[name] for name in found), found
        # The same command goes on from there.
        if number % 4 == 0:
            assert ended(loading(folder, *files)) == 0
            assert counts(folder) == sizes
    assert killed


def test_a_store_is_read_by_others_at_every_moment_of_a_load(tmp_path: Path, small: Path) -> None:
    folder = tmp_path / "store"
    load_files([small], folder)
    files = []
    for name in ("one", "two"):
        files.append(tmp_path / f"{name}.nt")
        files[-1].write_text(triples(name, 60_000))
    process = loading(folder, *files)
    seen = []
    while process.poll() is None:
        seen.append(counts(folder))
    assert ended(process) == 0
    assert seen
    assert all(found["small"] == 3 and set(found.values()) <= {3, 60_000} for found in seen)


def test_progress_says_share_rate_and_time_left() -> None:
    progress = Progress(100_000_000, shown=False)
    progress.stage, progress.read = "big.nt", 45_000_000
    line = progress.line()
    assert line.startswith("big.nt: 45 % of 100 MB, ")
    assert " MB/s, about " in line
    assert line.endswith(" left")
