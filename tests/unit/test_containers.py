"""Archives from anybody: what is good in them is read, what is bad is told, and nothing leaves its folder."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import stat
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import zstandard

from winloss.errors import MalformedSource
from winloss.services.sources import containers, intake, unpacking

CALL = b"Interviewer: Why?\n\nPriya Nair: Four thousand alerts a day.\n"


def zipped(path: Path, members: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return path


def tarred(members: dict[str, bytes | tarfile.TarInfo]) -> bytes:
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w") as archive:
        for name, content in members.items():
            if isinstance(content, tarfile.TarInfo):
                archive.addfile(content)
                continue
            header = tarfile.TarInfo(name)
            header.size = len(content)
            archive.addfile(header, io.BytesIO(content))
    return held.getvalue()


def look(path: Path) -> tuple[dict[str, bytes], list[str]]:
    """What is read from a path, by the name shown, and the codes of what was told."""
    with containers.opened([path]) as batches:
        files = {batch.shown(file): file.read_bytes() for batch in batches for file in batch.files}
        return files, [finding.code for batch in batches for finding in batch.findings]


PACKERS: dict[str, Callable[[bytes], bytes]] = {
    "gz": gzip.compress,
    "bz2": bz2.compress,
    "xz": lzma.compress,
    "zst": zstandard.ZstdCompressor().compress,
}


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_compressed_file_is_read_as_what_is_in_it(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"call.txt.{suffix}"
    path.write_bytes(PACKERS[suffix](CALL))
    assert look(path) == ({f"call.txt.{suffix}/call.txt": CALL}, [])


@pytest.mark.parametrize("suffix", PACKERS)
def test_a_tar_is_read_however_it_is_compressed_and_called(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / "export.bin"
    path.write_bytes(PACKERS[suffix](tarred({"calls/one.txt": CALL, "calls/two.txt": CALL * 2})))
    files, told = look(path)
    assert files == {"export.bin/calls/one.txt": CALL, "export.bin/calls/two.txt": CALL * 2}
    assert told == []


def test_zstandard_with_a_long_window_is_read(tmp_path: Path) -> None:
    parameters = zstandard.ZstdCompressionParameters(window_log=29, enable_ldm=True)
    path = tmp_path / "RC_2024-01.zst"
    path.write_bytes(zstandard.ZstdCompressor(compression_params=parameters).compress(CALL * 50))
    assert look(path)[0] == {"RC_2024-01.zst/RC_2024-01": CALL * 50}


def test_a_manifest_beside_a_compressed_file_describes_it(tmp_path: Path) -> None:
    (tmp_path / "call.txt.gz").write_bytes(gzip.compress(CALL))
    (tmp_path / "manifest.csv").write_text("file,account\ncall.txt,Northwind\n", encoding="utf-8")
    with containers.opened([tmp_path / "call.txt.gz"]) as (batch,):
        assert (batch.manifest.row_for(batch.files[0]) or {})["account"] == "Northwind"


def test_archives_in_archives_are_opened_once_and_told_beyond(tmp_path: Path) -> None:
    deepest = zipped(tmp_path / "c.zip", {"deep.txt": CALL}).read_bytes()
    inner = zipped(tmp_path / "b.zip", {"inner.txt": CALL, "c.zip": deepest}).read_bytes()
    outer = zipped(tmp_path / "a.zip", {"outer.txt": CALL, "b.zip": inner, "log.txt.gz": gzip.compress(CALL)})
    files, told = look(outer)
    assert set(files) == {"a.zip/outer.txt", "a.zip/b.zip/inner.txt", "a.zip/log.txt.gz/log.txt"}
    assert told == ["nested-archive"]


def test_archives_in_a_folder_are_opened(tmp_path: Path) -> None:
    folder = tmp_path / "drop"
    folder.mkdir()
    (folder / "plain.txt").write_bytes(CALL)
    zipped(folder / "march.zip", {"call.txt": CALL})
    (folder / "broken.gz").write_bytes(gzip.compress(CALL * 100)[:40])
    files, told = look(folder)
    assert set(files) == {"drop/plain.txt", "drop/march.zip/call.txt"}
    assert told == ["archive-refused"]


@pytest.mark.parametrize("name", ["../out.txt", "/etc/out.txt", "C:\\out.txt", "a/../../out.txt", "..\\out.txt"])
def test_no_path_leaves_the_folder_and_the_others_are_read(tmp_path: Path, name: str) -> None:
    files, told = look(zipped(tmp_path / "evil.zip", {name: CALL, "good.txt": CALL}))
    assert set(files) == {"evil.zip/good.txt"}
    assert told == ["unsafe-path"]
    assert not list(tmp_path.parent.rglob("out.txt"))
    archive = tmp_path / "evil.tar"
    archive.write_bytes(tarred({name: CALL, "good.txt": CALL}))
    assert set(look(archive)[0]) == {"evil.tar/good.txt"}


def test_links_and_devices_are_never_followed(tmp_path: Path) -> None:
    link, device = tarfile.TarInfo("link.txt"), tarfile.TarInfo("null.txt")
    link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
    device.type = tarfile.CHRTYPE
    path = tmp_path / "links.tar"
    path.write_bytes(tarred({"link.txt": link, "null.txt": device, "good.txt": CALL}))
    assert look(path) == ({"links.tar/good.txt": CALL}, ["link"])
    with zipfile.ZipFile(tmp_path / "links.zip", "w") as archive:
        entry = zipfile.ZipInfo("link.txt")
        entry.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(entry, "/etc/passwd")
        archive.writestr("good.txt", CALL)
    assert look(tmp_path / "links.zip") == ({"links.zip/good.txt": CALL}, ["link"])


def test_files_of_one_name_are_all_read(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "twice.zip", "w") as archive, pytest.warns(UserWarning, match="Duplicate"):
        archive.writestr("call.txt", b"one")
        archive.writestr("call.txt", b"two")
        archive.writestr("CALL.txt", b"three")
    files, told = look(tmp_path / "twice.zip")
    assert sorted(files.values()) == [b"one", b"three", b"two"]
    assert told == ["same-name"]


def test_names_that_some_file_systems_refuse_are_changed(tmp_path: Path) -> None:
    path = tmp_path / "names.tar"
    path.write_bytes(tarred({"con.txt": CALL, "bell\x07.txt": CALL, "dot./x.txt": CALL}))
    assert set(look(path)[0]) == {"names.tar/_con.txt", "names.tar/bell_.txt", "names.tar/dot/x.txt"}


def test_a_locked_zip_says_what_to_do(tmp_path: Path) -> None:
    path = zipped(tmp_path / "locked.zip", {"call.txt": CALL})
    data = bytearray(path.read_bytes())
    data[6] |= 1
    data[data.find(b"PK\x01\x02") + 8] |= 1
    path.write_bytes(bytes(data))
    with pytest.raises(MalformedSource, match="password") as refused:
        look(path)
    assert "password" in refused.value.hint


def test_a_broken_member_does_not_lose_the_others(tmp_path: Path) -> None:
    path = tmp_path / "one_bad.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("bad.txt", b"spoiled words")
        archive.writestr("good.txt", CALL)
    path.write_bytes(path.read_bytes().replace(b"spoiled words", b"other  words!", 1))
    assert look(path) == ({"one_bad.zip/good.txt": CALL}, ["member-broken"])


@pytest.mark.parametrize("suffix", PACKERS)
def test_half_a_file_is_never_read(tmp_path: Path, suffix: str) -> None:
    whole = PACKERS[suffix](bytes(range(256)) * 40 + CALL * 999)
    path = tmp_path / f"call.txt.{suffix}"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(MalformedSource):
        look(path)


def test_a_tar_that_breaks_off_gives_what_is_whole_and_says_so(tmp_path: Path) -> None:
    path = tmp_path / "cut.tar"
    whole = tarred({"one.txt": CALL, "two.txt": CALL * 200})
    path.write_bytes(whole[: 512 + 512 + 512 + 1000])
    files, told = look(path)
    assert files == {"cut.tar/one.txt": CALL}
    assert "cut-off" in told


def test_bombs_are_refused_before_they_fill_anything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "FREE_RATIO", 1 << 20)
    path = zipped(tmp_path / "bomb.zip", {"zeros.txt": bytes(40 << 20)})
    with pytest.raises(MalformedSource, match="times its size") as refused:
        look(path)
    assert "yourself" in refused.value.hint
    packed = tmp_path / "bomb.tar.gz"
    packed.write_bytes(gzip.compress(tarred({"zeros.txt": bytes(40 << 20)})))
    with pytest.raises(MalformedSource, match="times its size"):
        look(packed)


def test_small_repetitive_texts_are_no_bombs(tmp_path: Path) -> None:
    assert len(look(zipped(tmp_path / "log.zip", {"log.txt": b"alert\n" * 400_000}))[0]) == 1


def test_limits_hold_over_everything_opened_together(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        unpacking.Budget, "__init__", lambda self: setattr(self, "entries", 3) or setattr(self, "bytes", 99)
    )
    one, two = (zipped(tmp_path / f"{name}.zip", {f"{n}.txt": b"x" for n in range(2)}) for name in "ab")
    with pytest.raises(MalformedSource, match="files"), containers.opened([one, two]):
        pass


def test_a_tar_of_nothing_but_folders_ends(tmp_path: Path) -> None:
    folder = tarfile.TarInfo("f")
    folder.type = tarfile.DIRTYPE
    path = tmp_path / "folders.tar.gz"
    path.write_bytes(gzip.compress(folder.tobuf() * 60_000))
    with pytest.raises(MalformedSource, match="files and folders"):
        look(path)


def test_an_absurd_header_is_refused_without_being_read(tmp_path: Path) -> None:
    header = tarfile.TarInfo("x")
    header.type, header.size = tarfile.GNUTYPE_LONGNAME, 1 << 33
    path = tmp_path / "long.tar"
    path.write_bytes(header.tobuf(tarfile.GNU_FORMAT) + bytes(10240))
    with pytest.raises(MalformedSource, match="header"):
        look(path)


def test_nothing_is_stored_of_an_archive_that_is_refused(
    bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(unpacking, "FREE_RATIO", 1 << 20)
    path = zipped(tmp_path / "bomb.zip", {"call.txt": CALL, "zeros.txt": bytes(40 << 20)})
    with pytest.raises(MalformedSource):
        intake.take_in(bench, [path])
    assert bench.store.documents() == []
    assert bench.store.revision() == 0
