"""IRC logs: what a line is, when it was said, which files are logs, and who is a member when."""

import datetime as dt
import io
import itertools
import tarfile
from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backscroll_server.cli.irc.files import LogFile, LogFilesError, find_log_files
from backscroll_server.cli.irc.log_format import Joined, Left, LogEntry, Notice, Odd, Renamed, Said, log_date, parse_log
from backscroll_server.cli.irc.plan import LogMessage, Segment, messages_of, segments_of

DAY = dt.date(2004, 12, 25)
MIDNIGHT = int(dt.datetime(2004, 12, 25, tzinfo=dt.UTC).timestamp())
NICKS = ["ann", "bob", "Bob", "cid", "owner"]


def parse(text: str) -> list[LogEntry]:
    return list(parse_log(text.encode(), DAY))


def minutes_of(text: str) -> list[int]:
    return [(entry.time - MIDNIGHT) // 60 for entry in parse(text) if isinstance(entry, Said)]


@pytest.mark.parametrize(
    ("line", "nick", "text", "action"),
    [
        ("[00:01] <ubotu> hello <b> there", "ubotu", "hello <b> there", False),
        ("[00:01] <|QuaD-> x", "|QuaD-", "x", False),
        ("[00:01] <bur[n] er> the log's own blank", "bur[n] er", "the log's own blank", False),
        ("[00:01] <[optik] > hola", "[optik] ", "hola", False),
        ("[00:01] <pirate> ", "pirate", "", False),
        ("[00:01] <silvernode>    ", "silvernode", "   ", False),
        ("[00:01] <a> one\u2028line\x0b", "a", "one\u2028line\x0b", False),
        ("[00:01]  * genii sips a coffee", "genii", "sips a coffee", True),
        ("[00:01]  * genii", "genii", "", True),
    ],
)
def test_line_when_said_is_its_nick_and_text(line: str, nick: str, text: str, action: bool) -> None:
    assert parse(line) == [Said(1, nick, MIDNIGHT + 60, text, action)]


@pytest.mark.parametrize(
    ("line", "entry"),
    [
        ("=== L0sT [~waa3@raptor.ukc.ac.uk]  has joined #ubuntu", Joined("L0sT")),
        ("=== devFran [~Fran@84-120.ono.com]  has left #Ubuntu []", Left("devFran")),
        ('=== sangria [n=jaime@core.fluendo.com]  has left #ubuntu ["Leaving"] ', Left("sangria")),
        ("=== oO[NOVA] Oo [n=NovaFlas@sev.demon.nl]  has joined #ubuntu", Joined("oO[NOVA] Oo")),
        ("=== [optik]  [n=a@b]  has joined #ubuntu", Joined("[optik] ")),
        ("=== ann was kicked off #ubuntu by bob (annoying)", Left("ann")),
        ("=== ann is now known as bob", Renamed("ann", "bob")),
        ("=== Virtuall[BZA]  is now known as Virtuall", Renamed("Virtuall[BZA] ", "Virtuall")),
        ("=== ann is now known as the king of ubuntu", Notice()),
        ("=== ann has joined #ubuntu in spirit", Notice()),
        ("=== mode/#ubuntu [+o ann]  by ChanServ", Notice()),
        ("=== netjoined: irc.freenode.net -> kornbluth.freenode.net", Notice()),
        ("===", Notice()),
    ],
)
def test_line_when_an_event_is_its_change_of_members(line: str, entry: LogEntry) -> None:
    assert parse(line) == [entry]


@pytest.mark.parametrize(
    "line",
    [
        "",
        "hello",
        "[00:01] <drcode>",
        "[05:12] -gfx:#ubuntu- a private notice",
        "[01:09] (soundray/#ubuntu) thomas: hello",
        "[24:00] <a> no such hour",
        "[23:60] <a> no such minute",
        "[00:01] <> nobody",
        "[00:01] <a b> two words",
        f"[00:01] <{'n' * 257}> an id that the store refuses",
        "[00:01] <a\x07b> a nickname with a control character",
        f"[00:01] <a> {'x' * 20_000}",
    ],
)
def test_line_when_none_of_the_known_is_odd(line: str) -> None:
    assert parse(f"{line}\n") == [Odd()]


def test_file_when_not_utf8_is_read_with_replacements() -> None:
    entries = list(parse_log(b"[00:00] <a> caf\xe9\n[00:00] <a> caf\xc3\xa9\r\n", DAY))
    assert [entry.text for entry in entries if isinstance(entry, Said)] == ["caf\ufffd", "café"]


def test_lines_when_counted_are_numbered_from_one_through_odd_ones() -> None:
    said = [entry for entry in parse("[00:00] <a> x\nodd\n\n[00:00] <a> y") if isinstance(entry, Said)]
    assert [entry.line for entry in said] == [1, 4]


@pytest.mark.parametrize(
    ("clock", "minutes"),
    [
        (["09:14", "09:14", "23:59"], [554, 554, 1439]),
        (["23:59", "00:00", "00:10"], [1439, 1440, 1450]),
        (["20:00", "06:00"], [1200, 1800]),
        (["11:59", "00:05", "01:00"], [719, 725, 780]),
        (["12:57", "01:03"], [777, 783]),
        (["10:00", "09:30", "09:59", "10:05"], [600, 600, 600, 605]),
    ],
)
def test_clock_when_it_steps_back_goes_on(clock: list[str], minutes: list[int]) -> None:
    assert minutes_of("\n".join(f"[{shown}] <a> x" for shown in clock)) == minutes


@given(st.lists(st.tuples(st.integers(0, 23), st.integers(0, 59))))
def test_clock_whatever_it_shows_never_goes_back(shown: list[tuple[int, int]]) -> None:
    minutes = minutes_of("\n".join(f"[{hour:02}:{minute:02}] <a> x" for hour, minute in shown))
    assert len(minutes) == len(shown)
    assert all(earlier <= later for earlier, later in itertools.pairwise(minutes))


@given(st.binary())
def test_file_whatever_it_holds_gives_one_entry_a_line(content: bytes) -> None:
    assert len(list(parse_log(content, DAY))) == content.count(b"\n") + bool(content.rpartition(b"\n")[2])


def test_date_when_in_the_name_is_found_anywhere_and_only_if_it_exists() -> None:
    assert log_date("2004-12-25.train-c.raw.txt") == DAY
    assert log_date("#ubuntu_2004-99-99_2004-12-25.log") == DAY
    assert log_date("README.md") is None
    assert log_date("12004-12-255.txt") is None


def write_archive(path: Path, files: dict[str, bytes]) -> None:
    with tarfile.open(path, "w:xz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))


def test_files_from_archive_folder_and_alone_are_sorted_by_date_then_name(tmp_path: Path) -> None:
    write_archive(
        tmp_path / "logs.tar.xz", {"raw/2005-01-02.b.txt": b"2", "raw/2005-01-02.a.txt": b"1", "LICENSE": b""}
    )
    folder = tmp_path / "folder"
    (folder / "inner").mkdir(parents=True)
    (folder / "inner" / "2004-12-25.txt").write_bytes(b"0")
    (folder / "notes.txt").write_bytes(b"no date")
    alone = tmp_path / "z-2004-12-31.log"
    alone.write_bytes(b"3")
    files = find_log_files([tmp_path / "logs.tar.xz", folder, alone])
    assert [(file.name, file.read()) for file in files] == [
        ("2004-12-25.txt", b"0"),
        ("z-2004-12-31.log", b"3"),
        ("2005-01-02.a.txt", b"1"),
        ("2005-01-02.b.txt", b"2"),
    ]


def test_files_when_unusable_say_why(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    for name in ("undated.txt", "2004-12-25.txt", "a/2004-12-25.txt"):
        (tmp_path / name).write_bytes(b"")
    write_archive(tmp_path / "cut.tar.xz", {"2004-12-26.txt": bytes(range(256)) * 99})
    whole = (tmp_path / "cut.tar.xz").read_bytes()
    (tmp_path / "cut.tar.xz").write_bytes(whole[:-40])
    for paths, reason in (
        (["undated.txt"], "no date"),
        (["2004-12-25.txt", "a"], "two log files"),
        (["cut.tar.xz"], r"cannot read|no date"),
        ([], "no log file"),
    ):
        with pytest.raises(LogFilesError, match=reason):
            find_log_files([tmp_path / path for path in paths])


def log_file(text: str) -> LogFile:
    return LogFile(DAY, "2004-12-25.txt", len(text), text.encode)


def cut(text: str, size: int) -> list[Segment]:
    return list(segments_of(messages_of([log_file(text)], include_actions=False), size=size, owner="owner"))


def members_after(segments: Iterable[Segment]) -> set[str]:
    members: set[str] = set()
    for segment in segments:
        assert not members.intersection(segment.joins)
        members.update(segment.joins)
        assert {message.said.nick for message in segment.messages} - {"owner"} <= members
        assert members.issuperset(segment.leaves)
        members.difference_update(segment.leaves)
        assert members.issuperset(segment.stays)
    return members


def test_segments_when_cut_hold_joins_before_and_leaves_behind() -> None:
    text = """[00:00] <ann> 1
=== bob [b@b]  has joined #c
[00:00] <ann> 2
=== ann [a@a]  has left #c []
[00:00] <bob> 3
[00:00]  * bob waves
=== bob is now known as Bob
"""
    first, second = cut(text, size=2)
    assert (first.first, first.joins, first.leaves, first.stays) == (0, ["ann", "bob"], ["ann"], ["bob"])
    assert [message.client_message_id for message in first.messages] == ["2004-12-25.txt:1", "2004-12-25.txt:3"]
    assert (second.first, second.joins, second.leaves, second.stays) == (2, ["Bob"], ["bob"], ["Bob"])
    assert [message.client_message_id for message in second.messages] == ["2004-12-25.txt:5"]


def test_actions_when_included_are_messages() -> None:
    log = [log_file("[00:00]  * ann waves\n[00:00] <ann> hello")]
    messages = [entry for entry in messages_of(log, include_actions=True) if isinstance(entry, LogMessage)]
    assert [(message.said.action, message.said.text) for message in messages] == [(True, "waves"), (False, "hello")]


lines = st.one_of(
    st.builds("[00:00] <{}> x".format, st.sampled_from(NICKS)),
    st.builds("=== {} [a@b]  has joined #c".format, st.sampled_from(NICKS)),
    st.builds("=== {} [a@b]  has left #c []".format, st.sampled_from(NICKS)),
    st.builds("=== {} is now known as {}".format, st.sampled_from(NICKS), st.sampled_from(NICKS)),
)


@given(st.lists(lines, max_size=40), st.integers(1, 10))
def test_segments_however_cut_end_with_the_members_of_the_log(log: list[str], size: int) -> None:
    present: set[str] = set()
    said = 0
    for entry in parse("\n".join(log)):
        match entry:
            case Said(nick=nick):
                present.add(nick)
                said += 1
            case Joined(nick=nick):
                present.add(nick)
            case Left(nick=nick):
                present.discard(nick)
            case Renamed(old=old, new=new):
                present.discard(old)
                present.add(new)
            case _:
                pass
    segments = cut("\n".join(log), size)
    assert members_after(segments) == present - {"owner"}
    assert [segment.first for segment in segments] == list(range(0, max(1, said), size))
    assert sum(len(segment.messages) for segment in segments) == said
