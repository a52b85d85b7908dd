"""Folders that are made to hang, to crash or to fool the validator: each ends in time, in a report, in no traceback."""

from __future__ import annotations

import os
import socket
import stat
from collections.abc import Callable
from pathlib import Path

import pytest
from commands import Result
from hostile import HEAD, ends, skill


def plain(root: Path) -> None:
    skill(root)


def missing(root: Path) -> None:
    root.mkdir()


def empty(root: Path) -> None:
    skill(root, "")


def folder(root: Path) -> None:
    (root / "SKILL.md").mkdir(parents=True)


def big(root: Path) -> None:
    skill(root, HEAD + "a line of text\n" * 1_400_000)


def null_bytes(root: Path) -> None:
    skill(root, "\0" * 1000)


def not_utf8(root: Path) -> None:
    skill(root)
    (root / "SKILL.md").write_bytes(HEAD.encode() + "größer".encode("latin-1"))


def utf16(root: Path) -> None:
    skill(root)
    (root / "SKILL.md").write_bytes(HEAD.encode("utf-16"))


def pipe(root: Path) -> None:
    root.mkdir()
    os.mkfifo(root / "SKILL.md")


def pipes(root: Path) -> None:
    skill(root)
    for name in ("a.md", "manifest.json", "run.sh", "b"):
        os.mkfifo(root / name)


def listener(root: Path) -> None:
    skill(root)
    here = Path.cwd()
    os.chdir(root)  # the path of a socket must be short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind("s.md")
    os.chdir(here)


def devices(root: Path) -> None:
    skill(root)
    for name in ("a.md", "b.json", "c.py"):
        (root / name).symlink_to("/dev/zero")


def device(root: Path) -> None:
    root.mkdir()
    (root / "SKILL.md").symlink_to("/dev/zero")


def circle(root: Path) -> None:
    skill(root)
    (root / "a.md").symlink_to("b.md")
    (root / "b.md").symlink_to("a.md")
    (root / "c").symlink_to(".")


def dangling(root: Path) -> None:
    skill(root)
    (root / "a.md").symlink_to("gone.md")


def dangling_at_length(root: Path) -> None:
    skill(root)
    for name in ("a.md", ".git", "manifest.json"):
        (root / name).symlink_to("a" * 300)


def leaving(root: Path) -> None:
    skill(root)
    (root / "a.md").symlink_to("/etc/passwd")


def thousands(root: Path) -> None:
    skill(root)
    (root / "references").mkdir()
    for number in range(2000):
        (root / "references" / f"a{number}.md").touch()


def deep(root: Path) -> None:
    skill(root)
    here = Path.cwd()
    os.chdir(root)  # deeper than a path may be long
    for _ in range(300):
        os.mkdir("a" * 20)  # noqa: PTH102 - seen from the current folder
        os.chdir("a" * 20)
    Path("a.md").touch()
    os.chdir(here)


def foreign_names(root: Path) -> None:
    skill(root)
    for name in (b"\xff\xfe.md", b"\xe4.py", b"\xc0\x80"):
        Path(os.fsdecode(bytes(root) + b"/" + name)).write_bytes(b"")


def broken_names(root: Path) -> None:
    skill(root)
    for name in ("a\nb.md", "a\rb.md", "\x1b[2Jc.md", "\u202ed.md", "-e.md", " .md", "%00.md", "f:1: error: g.md"):
        (root / name).touch()


def unreadable(root: Path) -> None:
    skill(root)
    (root / "SKILL.md").chmod(0)


# What is hostile in a folder -> what makes it, the exit code, and what must be said.
TREES: dict[str, tuple[Callable[[Path], None], int, str]] = {
    "nothing": (plain, 0, ""),
    "no SKILL.md": (missing, 2, "no SKILL.md in it or below it"),
    "SKILL.md of no bytes": (empty, 1, "SKILL.md:1: error: "),
    "SKILL.md that is a folder": (folder, 2, "not a readable file"),
    "SKILL.md of 20 MB": (big, 1, "larger than 2,000,000 bytes"),
    "SKILL.md of null bytes": (null_bytes, 1, "binary data"),
    "SKILL.md that is not UTF-8": (not_utf8, 1, "SKILL.md:7: error: broken-file"),
    "SKILL.md in UTF-16": (utf16, 1, "UTF-16"),
    "SKILL.md that is a named pipe": (pipe, 2, "not a readable file"),
    "SKILL.md that is a device": (device, 2, "not a readable file"),
    "named pipes": (pipes, 0, ""),
    "a socket": (listener, 0, ""),
    "links to a device": (devices, 1, "symbolic link that leads out of the skill"),
    "links in a circle": (circle, 1, "symbolic link to what does not exist: a.md"),
    "a link to what is gone": (dangling, 1, "symbolic link to what does not exist: gone.md"),
    "links to a name that is too long": (dangling_at_length, 1, "symbolic link to what does not exist: aaaa"),
    "a link to a file of the system": (leaving, 1, "symbolic link that leads out of the skill"),
    "thousands of files": (thousands, 1, "no SKILL.md and no page names this"),
    "folders deeper than a path may be long": (deep, 1, "error: broken-file: folders nested too deep"),
    "names that are not UTF-8": (foreign_names, 1, r"\udcff\udcfe.md:1: error: blank-page"),
    "names with line breaks": (broken_names, 1, r"a\nb.md:1: error: blank-page"),
}


@pytest.mark.parametrize(("make", "code", "said"), TREES.values(), ids=TREES)
def test_trees(run: Callable[..., Result], tmp_path: Path, make: Callable[[Path], None], code: int, said: str) -> None:
    make(tmp_path / "orders")
    result = ends(run, tmp_path / "orders")
    assert (result.code, said in result.stdout + result.stderr) == (code, True)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_that_may_not_be_read(run: Callable[..., Result], tmp_path: Path) -> None:
    unreadable(tmp_path / "orders")
    assert ends(run, tmp_path / "orders").code == 2


def test_what_is_hostile_in_one_skill_keeps_no_other_from_being_checked(
    run: Callable[..., Result], tmp_path: Path
) -> None:
    skill(tmp_path / "orders", HEAD + "[a](b.md)\n")
    circle(tmp_path / "a")
    big(tmp_path / "b")
    pipes(tmp_path / "c")
    result = ends(run, tmp_path)
    assert "no such file: b.md" in result.stdout
    assert stat.S_ISFIFO((tmp_path / "c" / "a.md").stat().st_mode)
