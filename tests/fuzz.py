"""Fuzz what reads and judges strangers' texts and folders: `python tests/fuzz.py [--seconds N] [CORPUS]`.

libFuzzer drives it. Whatever the bytes are, nothing may raise, the command may end with no other status than it
documents, and nothing may take longer than SECONDS. What does is written to the working folder as `crash-*` or
`timeout-*`, and ends the run with a status other than 0.
"""

from __future__ import annotations

import argparse
import io
import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from pathlib import Path

import atheris

TESTS = Path(__file__).parent
sys.path[:0] = [str(TESTS), str(TESTS.parent / "scripts")]
with atheris.instrument_imports(include=["skill_validator", "scanner", "markdown_it"]):
    from packages import ROOT, build
    from sample import FILES
    from skill_validator import checks, cli, ruff, silencing
    from skill_validator.blocks import PARSERS, fault
    from skill_validator.causes import first_causes
    from skill_validator.encoding import decoded
    from skill_validator.examining import NOT_STATIC
    from skill_validator.fixing import fix
    from skill_validator.frontmatter import BREAK
    from skill_validator.mapped import read_json, read_yaml
    from skill_validator.markdown import read_document
    from skill_validator.model import Skill
    from skill_validator.output import FORMATS
    from skill_validator.parts import Located
    from skill_validator.report import Report
    from skill_validator.skill import SkillUnreadableError, read_skill
    from trees import Entry, make

SECONDS = 10  # that anything may take; a busy machine takes three times as long as a quiet one
STATIC = tuple(c for c in checks.CHECKS if c.group not in NOT_STATIC)
LANGUAGES = sorted(PARSERS)
PATH = ROOT / "SKILL.md"
NAMES = sorted(FILES)
END = b"\0\0\0"  # of an entry of a folder


def document(text: str) -> None:
    """A page on its own: every part of it lies in it."""
    read = read_document(PATH, text)
    parts: list[Located] = [
        *read.headings,
        *read.links,
        *read.tables,
        *read.paragraphs,
        *read.html,
        *read.failed_links,
        *read.flaws,
    ]
    assert all(1 <= part.line <= len(BREAK.split(text)) for part in parts)


def mapping(text: str) -> None:
    """A frontmatter, and a manifest: every key and every flaw lies in it."""
    for mapped, flaws in (read_yaml(PATH, text, 1), read_json(PATH, text)):
        lines = (*mapped.lines.values(), *(flaw.line for flaw in flaws))
        assert all(1 <= line <= len(BREAK.split(text)) for line in lines)


def block(text: str) -> None:
    """An example in each language that is parsed."""
    for language in LANGUAGES:
        fault(language, text)


def stranger(text: str) -> None:
    """A skill of one page."""
    judge(build({"SKILL.md": text}))


def package(text: str) -> None:
    """A sound package, one of whose files is replaced: by the text's first character is told which."""
    name = NAMES[ord(text[:1] or "\0") % len(NAMES)]
    judge(build({**FILES, name: text[1:]}))


def judge(skill: Skill) -> None:
    """Every check that starts no process, every form of a report, every repair."""
    found, silenced = silencing.examine(skill, STATIC)
    report = Report(skill, first_causes(skill, found), static=True, silenced=silenced)
    for show in FORMATS.values():
        show([report]).encode()
    fix(skill)


def tree(data: bytes) -> None:
    """A folder of anything."""
    with folder(data) as root:
        try:
            skill = read_skill(root)
        except SkillUnreadableError:
            return
        judge(skill)


def command(data: bytes) -> None:
    """The same, as a user sees it: what is written, and the status."""
    with folder(data) as root, redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as err:
        status = cli.main(["--static", "--jobs=1", "--format=concise", str(root)])
    assert status in {cli.CLEAN, cli.FINDINGS, cli.COULD_NOT_RUN}, status
    assert "Traceback" not in err.getvalue(), err.getvalue()
    assert (status == cli.COULD_NOT_RUN) == bool(err.getvalue()), err.getvalue()
    assert "exhausting-skill" not in out.getvalue(), out.getvalue()


@contextmanager
def folder(data: bytes) -> Iterator[Path]:
    """The folder that these bytes tell of: kind, name and content of each entry; a SKILL.md where they name none."""
    with tempfile.TemporaryDirectory() as base:
        entries = [(entry[0], *split(entry[1:])) for entry in data.split(END) if entry]
        yield make(Path(base, "orders"), [*entries, SOUND])


def split(entry: bytes) -> tuple[bytes, bytes]:
    """Name and content."""
    name, _, content = entry.partition(b"\0")
    return name, content


SOUND: Entry = (0, b"SKILL.md", FILES["SKILL.md"].encode())
TEXTS: tuple[Callable[[str], None], ...] = (document, mapping, block, stranger, package)
FOLDERS: tuple[Callable[[bytes], None], ...] = (tree, command)


def one(data: bytes) -> None:
    """The first byte chooses what is fed with the rest."""
    if not data:
        return
    number, rest = data[0] % (len(TEXTS) + len(FOLDERS)), data[1:]
    if number < len(TEXTS):
        TEXTS[number](decoded(PATH, rest)[0])
    else:
        FOLDERS[number - len(TEXTS)](rest)


def main() -> None:
    """Fuzz until the time is over or something is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("corpus", nargs="?", type=Path, default=Path("dist", "fuzz"))
    options = parser.parse_args()
    options.corpus.mkdir(parents=True, exist_ok=True)
    for number, (name, text) in enumerate(FILES.items()):
        for target in range(len(TEXTS) + len(FOLDERS)):
            entry = b"" if target < len(TEXTS) else b"\0" + name.encode() + b"\0"
            (options.corpus / f"sample-{target}-{number}").write_bytes(bytes([target]) + entry + text.encode())
    words = options.corpus.with_suffix(".words")
    said = {w for text in FILES.values() for w in re.findall(r"[\w.-]+|[^\w\s]+", text)} - {""}
    escaped = ("".join(map("\\x{:02x}".format, w.encode())) for w in sorted(said))
    words.write_text("".join(f'"{w}"\n' for w in escaped))
    ruff.find = ruff.begin = lambda *_: ()  # type: ignore[assignment]  # a process a text would be all that is timed
    limits = [f"-timeout={SECONDS}", f"-max_total_time={options.seconds}", "-max_len=4096", "-rss_limit_mb=1024"]
    atheris.Setup([sys.argv[0], *limits, f"-dict={words}", str(options.corpus)], one)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
