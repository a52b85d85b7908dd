"""Fuzz what reads and judges strangers' texts: `python tests/fuzz.py [--seconds N] [CORPUS]`; libFuzzer drives it.

Whatever the bytes are, nothing may raise, and no text may take longer than SECONDS. What does is written to the
working folder as `crash-*` or `timeout-*`, and ends the run with a status other than 0.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Callable
from pathlib import Path

import atheris

TESTS = Path(__file__).parent
sys.path[:0] = [str(TESTS), str(TESTS.parent / "scripts")]
with atheris.instrument_imports(include=["skill_validator", "scanner", "markdown_it"]):
    from packages import ROOT, build
    from sample import FILES
    from skill_validator import checks, ruff, silencing
    from skill_validator.blocks import PARSERS, fault
    from skill_validator.examining import NOT_STATIC
    from skill_validator.frontmatter import BREAK
    from skill_validator.mapped import read_json, read_yaml
    from skill_validator.markdown import read_document
    from skill_validator.parts import Located

SECONDS = 5  # a busy machine takes three times as long as a quiet one
STATIC = tuple(c for c in checks.CHECKS if c.group not in NOT_STATIC)
LANGUAGES = sorted(PARSERS)
PATH = ROOT / "SKILL.md"
NAMES = sorted(FILES)


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
    """A skill of one page, through every check that starts no process."""
    silencing.examine(build({"SKILL.md": text}), STATIC)


def package(text: str) -> None:
    """A sound package, one of whose files is replaced: by the text's first character is told which."""
    name = NAMES[ord(text[:1] or "\0") % len(NAMES)]
    silencing.examine(build({**FILES, name: text[1:]}), STATIC)


TARGETS: tuple[Callable[[str], None], ...] = (document, mapping, block, stranger, package)


def one(data: bytes) -> None:
    """The first byte chooses what is fed with the rest."""
    if data:
        TARGETS[data[0] % len(TARGETS)](data[1:].decode(errors="replace").replace("\r\n", "\n"))


def main() -> None:
    """Fuzz until the time is over or something is found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("corpus", nargs="?", type=Path, default=Path("dist", "fuzz"))
    options = parser.parse_args()
    options.corpus.mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(FILES.values()):
        for target in range(len(TARGETS)):
            (options.corpus / f"sample-{target}-{number}").write_bytes(bytes([target]) + text.encode())
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
