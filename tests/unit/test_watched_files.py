"""Files that are read again: what cannot be used changes nothing, and is said once."""

import logging
from pathlib import Path

import pytest

from backscroll_server.watched_files import WatchedFiles, require_private


def number(content: bytes, *more: bytes) -> int:
    if not content.isdigit():
        raise ValueError("is no number")
    return int(content) + sum(map(len, more))


def test_file_when_it_changes_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"1")
    watched = WatchedFiles([path], number, what="numbers")
    assert (watched.content, watched.refresh()) == (1, False)
    path.write_bytes(b"2")
    assert (watched.refresh(), watched.content, watched.refresh()) == (True, 2, False)


def test_files_when_one_changes_are_read_together(tmp_path: Path) -> None:
    paths = [tmp_path / "a", tmp_path / "b"]
    paths[0].write_bytes(b"1")
    paths[1].write_bytes(b"xx")
    watched = WatchedFiles(paths, number, what="numbers")
    paths[1].write_bytes(b"xxx")
    assert (watched.content, watched.refresh(), watched.content) == (3, True, 4)


def test_file_when_it_cannot_be_used_leaves_the_one_before_and_says_so_once(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "file"
    path.write_bytes(b"1")
    watched = WatchedFiles([path], number, what="numbers")
    with caplog.at_level(logging.INFO):
        for broken in (b"x", b"x", b"y", None, None, b"1", b"x", b"3"):
            path.unlink(missing_ok=True)
            if broken is not None:
                path.write_bytes(broken)
            watched.refresh()
            assert watched.content == (3 if broken == b"3" else 1)
    assert [record.getMessage() for record in caplog.records] == [
        f"the numbers before stay in use: {path}: is no number",
        f"the numbers before stay in use: {path} cannot be read: No such file or directory",
        f"the numbers before stay in use: {path}: is no number",
        f"new numbers are in use, from {path}",
    ]


def test_file_when_it_cannot_be_used_at_first_is_an_error_that_names_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(ValueError, match=f"{path} cannot be read"):
        WatchedFiles([path], number, what="numbers")
    path.write_bytes(b"x")
    with pytest.raises(ValueError, match=f"{path}: is no number"):
        WatchedFiles([path], number, what="numbers")


@pytest.mark.parametrize(("mode", "is_refused"), [(0o600, False), (0o640, False), (0o644, True), (0o602, True)])
def test_secret_when_everybody_may_read_it_is_refused(tmp_path: Path, mode: int, is_refused: bool) -> None:
    path = tmp_path / "file"
    path.touch()
    path.chmod(mode)
    if is_refused:
        with pytest.raises(ValueError, match="chmod 600"):
            require_private(path)
    else:
        require_private(path)
