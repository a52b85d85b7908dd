"""Several files change together: killed at each step of it, they are whole, and then all old or all new."""

from __future__ import annotations

import shutil
import subprocess
import sys
from itertools import count
from pathlib import Path

import pytest
from commands import REPOSITORY
from skill_release import journal
from skill_release.journal import change_together, recover

OLD = {"SKILL.md": b"old skill", "manifest.json": b"old manifest", ".claude-plugin/plugin.json": b"old plugin"}
NEW = {name: data.replace(b"old", b"new") for name, data in OLD.items()}
# Dies at the given step: each thing done to a file below the folder is one.
KILLED = """
import os, signal, sys
sys.path.insert(0, sys.argv[1])
from pathlib import Path
from skill_release.journal import change_together, recover

root, step, seen = sys.argv[2], int(sys.argv[3]), 0

def kill(event, arguments):
    global seen
    if event in {"open", "os.rename", "os.remove", "os.mkdir", "os.rmdir", "os.chmod"} and root in str(arguments[0]):
        seen += 1
        if seen == step:
            os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(kill)
if sys.argv[4] == "change":
    names = ("SKILL.md", "manifest.json", ".claude-plugin/plugin.json")
    change_together(Path(root), {n: Path(root, n).read_bytes().replace(b"old", b"new") for n in names})
else:
    recover(Path(root))
"""


def package(root: Path) -> Path:
    for name, data in OLD.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(data)
    (root / "SKILL.md").chmod(0o640)
    return root


def found(root: Path) -> dict[str, bytes]:
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def killed(root: Path, step: int, what: str) -> bool:
    """Whether the process was killed; False when it came to its end before that step."""
    line = [sys.executable, "-S", "-c", KILLED, str(REPOSITORY / "scripts"), str(root), str(step), what]
    done = subprocess.run(line, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) in {(-9, ""), (0, "")}, done.stderr
    return done.returncode != 0


def test_all_change_and_nothing_is_left_beside(tmp_path: Path) -> None:
    root = package(tmp_path)
    change_together(root, NEW)

    assert found(root) == NEW
    assert (root / "SKILL.md").stat().st_mode & 0o777 == 0o640
    assert recover(root) is False


def test_killed_at_each_step_the_files_are_whole_and_recover_makes_them_agree(tmp_path: Path) -> None:
    ends = []
    step = 1
    while killed(root := package(tmp_path / str(step)), step, "change"):
        assert all(found(root)[name] in {OLD[name], NEW[name]} for name in OLD)
        undone = recover(root)
        assert found(root) in ((OLD,) if undone else (OLD, NEW))
        assert not recover(root)
        ends.append((undone, found(root) == NEW))
        step += 1

    assert found(root) == NEW
    assert [end for end, after in zip(ends, [*ends[1:], None], strict=True) if end != after] == [
        (False, False),  # before the journal was valid
        (True, False),  # while the files were replaced
        (False, True),  # after the journal was made void
    ]


def half_changed(root: Path, step: int) -> bool:
    """Whether a change that is killed at this step leaves a valid journal and some of the files replaced."""
    assert killed(package(root), step, "change")
    return (root / journal.JOURNAL).exists() and found(root)["SKILL.md"] == NEW["SKILL.md"]


def test_killed_at_each_step_of_the_recovery_the_next_one_does_it(tmp_path: Path) -> None:
    half = next(step for step in count(1) if half_changed(tmp_path / f"half{step}", step))
    for step in count(1):
        root = tmp_path / str(step)
        shutil.copytree(tmp_path / f"half{half}", root)
        again = killed(root, step, "recover")
        recover(root)
        assert found(root) == OLD
        if not again:
            break
    assert step > 10


@pytest.mark.parametrize("error", [OSError("disk full"), KeyboardInterrupt(), SystemExit(2)], ids=repr)
def test_whatever_is_raised_meanwhile_the_old_texts_are_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    root = package(tmp_path)
    real = Path.replace

    def replace(self: Path, target: Path) -> Path:
        if target.name == "plugin.json" and "new" in self.parts:
            raise error
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises(type(error)):
        change_together(root, NEW)

    assert found(root) == OLD
