"""A folder becomes a skill."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from packages import ROOT, changed, package
from sample import FILES
from skill_validator.model import Proof
from skill_validator.parts import Flaw
from skill_validator.skill import LONGEST_SCRIPT, SkillUnreadableError, find_skills, page_of, read_skill

HEAD = "---\nname: orders\ndescription: Orders.\n---\n"


def write(root: Path, *names: str, **files: str) -> Path:
    """A folder with these files; those without a text are empty, but for SKILL.md."""
    for name, text in {**dict.fromkeys(names, ""), **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text or (HEAD if name.endswith("SKILL.md") else ""), encoding="utf-8", newline="")
    return root


def unread(path: Path) -> str:
    """Why nothing was found at `path`, without the path."""
    with pytest.raises(SkillUnreadableError) as caught:
        list(find_skills(path))
    return str(caught.value).removeprefix(f"{path}: ")


def test_a_folder_reads_as_the_same_texts_in_memory(tmp_path: Path) -> None:
    read, built = read_skill(write(tmp_path / "orders", **FILES)), package()

    def moved(path: Path) -> Path:
        return ROOT / path.relative_to(tmp_path / "orders")

    assert {moved(path): text for path, text in read.texts.items()} == dict(built.texts)
    assert {moved(path) for path in read.files} == built.files
    assert [moved(d.path) for d in read.documents] == sorted(d.path for d in built.documents)
    assert {moved(d.path) for d in read.pages} == {d.path for d in built.pages}
    assert (read.flaws, read.is_checkout, read.run, read.line) == ((), False, None, 1)


def test_what_is_listed_and_what_is_read(tmp_path: Path) -> None:
    names = [
        "SKILL.md", "README.md", "rules/deep/a.md", "scripts/run.py", "manifest.json", "rules/manifest.json",
        "tests/notes.md", "tests/proofs/test_a.py", "tests/proofs/conftest.py", "tests/proofs/deep/test_b.py",
        "dist/a.md", "node_modules/a.md", ".git/a.md", ".hidden.md", "__pycache__/a.md",
    ]  # fmt: skip
    skill = read_skill(write(tmp_path, *names))
    assert sorted(path.relative_to(tmp_path).as_posix() for path in skill.texts) == [
        "README.md", "SKILL.md", "manifest.json", "rules/deep/a.md", "tests/proofs/test_a.py",
    ]  # fmt: skip
    unlisted = {".git/a.md", ".hidden.md", "__pycache__/a.md", "node_modules/a.md"}
    assert {path.relative_to(tmp_path).as_posix() for path in skill.files if path.is_file()} == set(names) - unlisted
    assert tmp_path / "rules" / "deep" in skill.files
    assert skill.is_checkout


def test_what_is_not_utf_8_is_a_flaw_at_its_line(tmp_path: Path) -> None:
    write(tmp_path, "SKILL.md")
    (tmp_path / "a.md").write_bytes(b"# A\r\n\nGr\xf6\xdfe [b](c)\n")
    skill = read_skill(tmp_path)
    assert skill.flaws == (Flaw(tmp_path / "a.md", 3, "not UTF-8: byte 0xf6"),)
    assert skill.texts[tmp_path / "a.md"] == "# A\r\n\nGr\ufffd\ufffde [b](c)\n"


def test_a_symbolic_link_to_a_folder_is_listed_and_not_followed(tmp_path: Path) -> None:
    write(tmp_path, "orders/SKILL.md", "other/a.md")
    (tmp_path / "orders" / "others").symlink_to(tmp_path / "other")
    (tmp_path / "orders" / "loop").symlink_to(tmp_path / "orders")
    (tmp_path / "orders" / "gone.md").symlink_to(tmp_path / "nothing.md")
    (tmp_path / "orders" / "a.md").symlink_to(tmp_path / "other" / "a.md")
    skill = read_skill(tmp_path / "orders")
    assert sorted(path.name for path in skill.files) == ["SKILL.md", "a.md", "gone.md", "loop", "others"]
    assert sorted(path.name for path in skill.texts) == ["SKILL.md"]
    assert {path.name: end for path, end in skill.symlinks.items()} == {
        "a.md": tmp_path / "other" / "a.md",
        "gone.md": tmp_path / "nothing.md",
        "loop": tmp_path / "orders",
        "others": tmp_path / "other",
    }


def test_symbolic_links_end_below_the_skill_by_its_own_name(tmp_path: Path) -> None:
    write(tmp_path, "orders/SKILL.md", "orders/rules/a.md")
    root = tmp_path / "alias"
    root.symlink_to(tmp_path / "orders")
    (tmp_path / "orders" / "b.md").symlink_to(tmp_path / "orders" / "rules" / "a.md")
    (tmp_path / "orders" / "c.md").symlink_to("c.md")
    skill = read_skill(root)
    assert skill.symlinks == {root / "b.md": root / "rules" / "a.md", root / "c.md": root / "c.md"}


def test_code_and_data_beside_the_pages_are_read_as_scripts(tmp_path: Path) -> None:
    write(
        tmp_path, "SKILL.md", "tests/a.py", "picture.svg", **{"a.py": "print()", "run": "#!/bin/sh\n", "c.json": "{}"}
    )
    (tmp_path / "long.txt").write_text("x" * (LONGEST_SCRIPT + 1))
    (tmp_path / "odd.txt").write_bytes(b"\xff")
    assert {path.name: text for path, text in read_skill(tmp_path).scripts.items()} == {
        "a.py": "print()",
        "c.json": "{}",
        "odd.txt": "\ufffd",
        "run": "#!/bin/sh\n",
    }


BINARIES = {
    "a page with NUL": ("a.md", b"# A\n\0", "binary data"),
    "a page that is a picture": ("a.md", b"\x89PNG\r\n\x1a\n\0", "an image, a document or an archive"),
    "a program that is called a picture": ("a.png", b"\x7fELF\2\1\1\0", "an executable"),
    "a script with NUL": ("a.py", b"print()\0", "binary data"),
}


@pytest.mark.parametrize(("name", "data", "kind"), BINARIES.values(), ids=BINARIES)
def test_what_is_not_what_its_name_says_is_a_flaw(tmp_path: Path, name: str, data: bytes, kind: str) -> None:
    write(tmp_path, "SKILL.md")
    (tmp_path / name).write_bytes(data)
    assert read_skill(tmp_path).flaws == (Flaw(tmp_path / name, 1, kind, "binary"),)


def test_a_picture_is_what_its_name_says(tmp_path: Path) -> None:
    write(tmp_path, "SKILL.md")
    (tmp_path / "a.png").write_bytes(b"\x89PNG\r\n\x1a\n\0")
    assert read_skill(tmp_path).flaws == ()


def test_a_script_that_cannot_be_opened_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, "SKILL.md", **{"a.py": "print()"})
    opened = Path.open

    def refuse(path: Path, *arguments: Any, **options: Any) -> object:
        if path.suffix == ".py":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **options)

    monkeypatch.setattr(Path, "open", refuse)
    assert read_skill(tmp_path).scripts == {}


def test_hidden_files_that_git_ignores_are_not_shipped(tmp_path: Path) -> None:
    names = (".env", ".venv/a.py", ".DS_Store", "scripts/__pycache__/a.pyc")
    write(tmp_path, "SKILL.md", ".git/config", *names, **{".gitignore": ".venv/\n__pycache__/\n.env\n"})
    assert {path.name for path in read_skill(tmp_path).hidden} == {".git", ".gitignore", ".DS_Store"}
    (tmp_path / ".gitignore").write_bytes(b"\xff")
    assert len(read_skill(tmp_path).hidden) == 6


def test_a_manifest_is_ours_when_it_has_most_of_our_fields() -> None:
    assert package().manifest is not None
    few = package(add={"manifest.json": '{"name": "orders", "rules": []}'})
    assert (few.manifest, few.foreign_manifest is None, few.pages) == (None, False, ())
    assert package(add={"manifest.json": "{"}).manifest is not None


def test_a_file_that_cannot_be_opened_is_no_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path, *_: str) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    root = write(tmp_path, "SKILL.md")
    monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(SkillUnreadableError) as caught:
        read_skill(root)
    assert str(caught.value) == f"{tmp_path / 'SKILL.md'}: Permission denied"


def test_of_a_file_that_no_agent_could_read_the_beginning_is_read(tmp_path: Path) -> None:
    (tmp_path / "SKILL.md").write_text("---\nname: long\n---\n" + "a line\n" * 300_000)
    skill = read_skill(tmp_path)

    assert (skill.main.frontmatter.text("name"), len(skill.main.text)) == ("long", 65_532)
    assert [(f.line, f.message) for f in skill.flaws] == [
        (1, "larger than 2,000,000 bytes; only its beginning was read")
    ]


@pytest.mark.parametrize("name", ["SKILL.md", "skill.md"], ids=["a folder", "nothing of that name"])
def test_without_a_file_skill_md_nothing_is_read(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(SkillUnreadableError) as caught:
        read_skill(tmp_path)
    assert str(caught.value) == f"{tmp_path / 'SKILL.md'}: not a readable file"


def test_a_skill_is_found_by_its_folder_or_its_file(tmp_path: Path) -> None:
    write(tmp_path, "SKILL.md", "inner/SKILL.md")
    assert list(find_skills(tmp_path)) == [tmp_path.resolve()]
    assert list(find_skills(tmp_path / "SKILL.md")) == [tmp_path.resolve()]


def test_many_skills_are_found_at_any_depth_and_none_inside_another(tmp_path: Path) -> None:
    write(tmp_path, "b/SKILL.md", "a/deep/SKILL.md", "b/inner/SKILL.md", "node_modules/c/SKILL.md", ".git/d/SKILL.md")
    write(tmp_path, ".claude/skills/e/SKILL.md", "f/skill.md")
    assert [root.relative_to(tmp_path.resolve()).as_posix() for root in find_skills(tmp_path)] == [
        ".claude/skills/e",
        "a/deep",
        "b",
    ]


def test_where_there_is_no_skill(tmp_path: Path) -> None:
    write(tmp_path, "a/b.md")
    assert unread(tmp_path / "none") == "no such folder"
    assert unread(tmp_path / ("a" * 300)) == "no such folder"
    assert unread(tmp_path / "a" / "b.md") == "not a SKILL.md"
    assert unread(tmp_path) == "no SKILL.md in it or below it"


MIRRORS = {
    "a rule": ("test_orders_totals.py", "rules/orders-totals.md"),
    "a page of further traps": ("test_orders_totals_more.py", "references/orders-totals-more.md"),
    "SKILL.md": ("test_skill.py", "SKILL.md"),
    "no page": ("test_orders_none.py", None),
}


@pytest.mark.parametrize(("module", "page"), MIRRORS.values(), ids=MIRRORS)
def test_the_page_that_a_module_mirrors(tmp_path: Path, module: str, page: str | None) -> None:
    write(tmp_path, **FILES)
    assert page_of(tmp_path, tmp_path / "tests" / "proofs" / module) == (tmp_path / page if page else None)


def test_proofs_are_the_test_functions_of_the_modules() -> None:
    module = ROOT / "tests/proofs/test_orders_totals.py"
    assert [p for p in package().proofs or () if p.path == module] == [
        Proof(module, 1, ROOT / "rules/orders-totals.md", "float-sum"),
        Proof(module, 2, ROOT / "rules/orders-totals.md", "new-and-correct"),
    ]
    assert package(drop=[name for name in changed() if name.startswith("tests/")]).proofs is None


def test_more_pages_count_only_in_references() -> None:
    names = {"docs/a-more.md": "", "rules/b-more.md": "", "references/c-more.md": ""}
    pages = {page.path.relative_to(ROOT).as_posix() for page in package(add=names).pages}
    assert pages - {page.path.relative_to(ROOT).as_posix() for page in package().pages} == {
        "rules/b-more.md",
        "references/c-more.md",
    }


def test_what_clients_read_of_a_plugin_is_read_where_it_lies_inside(tmp_path: Path) -> None:
    root = tmp_path / "orders"
    (root / ".claude-plugin").mkdir(parents=True)
    (root / "SKILL.md").write_text("")
    (root / ".claude-plugin" / "plugin.json").write_text('{"name": "orders"}')
    (tmp_path / "elsewhere.json").write_text("{}")
    (root / ".claude-plugin" / "marketplace.json").symlink_to(tmp_path / "elsewhere.json")
    skill = read_skill(root)

    assert skill.plugin is not None
    assert (skill.plugin.values, skill.marketplace) == ({"name": "orders"}, None)
