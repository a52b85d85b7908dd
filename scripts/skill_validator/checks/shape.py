"""The page format: what a page and its traps are made of."""

from __future__ import annotations

import ast
import re
from collections import Counter
from itertools import product

from ..closing import NOT_TRAPS, closing, label_of
from ..derived import listed
from ..diagnostics import Faults, check
from ..languages import nearest
from ..markdown import slug
from ..model import Document, Skill
from ..parts import Example, Place, Verdict
from ..python import parse, syntax
from ..renamed import renamed

NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
DOCSTRING = re.compile(r'^[ \t]*"""[\s\S]*?"""', re.MULTILINE)
EMPTY = ast.dump(ast.Module([], []))


@check
def broken_file(skill: Skill) -> Faults:
    """Every file that the validator reads is UTF-8 and in the language that its name says.

    Breach: a manifest.json that ends in a comma, a proof module with a syntax error, a page in Latin-1. Mend it: save
    the file as UTF-8, and correct the line.
    """
    yield from ((flaw, flaw.message) for flaw in skill.flaws if flaw.subject == "file")


@check
def different_title(skill: Skill) -> Faults:
    """A page's first heading is its title in the frontmatter, word for word, and the only one of level one.

    Breach: `title: Close sessions` over `# Closing sessions`. Mend it: choose one. The one that SKILL.md's index does
    not give either is reported.
    """
    rows = listed(skill)
    for page in skill.pages:
        title = page.frontmatter.text("title")
        if page.is_blank:
            continue
        further = (h for h in page.headings if h.level == 1 and h != page.title and not label_of(h.text))
        yield from ((heading, f"a second heading of level one: {heading.text!r}") for heading in further)
        if page.title is None:
            lower = next((h for h in page.headings if title and h.text == title), page)
            yield lower, "no heading of level one"
        elif title and page.title.text != title:
            row = rows.get(page.path.stem)
            if row and row.cells[2] == page.title.text:
                yield page.frontmatter.at("title"), f"title {title!r} differs from the heading {page.title.text!r}"
            else:
                yield page.title, f"heading {page.title.text!r} differs from title {title!r}"


@check
def misnamed_trap(skill: Skill) -> Faults:
    """A trap's heading makes a slug of lower-case words and single hyphens that no other trap of the page has.

    The slug is the anchor, the name of the proof and the filter. Breach: two sections `## Late commit`, or `## Why?!`.
    Mend it: name the fault in two or three words, once.
    """
    for page in skill.pages:
        seen = Counter(slug(trap.title) for trap in page.traps)
        for trap in page.traps:
            if seen[slug(trap.title)] > 1 or not NAME.fullmatch(trap.slug):
                yield trap, f"{trap.title!r} does not make a name of its own: {trap.slug!r}"


@check
def renamed_trap(skill: Skill) -> Faults:
    """A trap has the name by which the manifest and its proof know it.

    Breach: the heading `## Late commit` was made `## Late commits`, and nothing else was. Mend it: give the heading its
    name back, or change the proof, the checklist and the links too, and run `--fix`.
    """
    for trap in renamed(skill):
        yield trap.place, f"the manifest and a proof tell of the trap {trap.former!r}, no section has this name"


@check
def misplaced_section(skill: Skill) -> Faults:
    """`New and correct` and `When not to use it` are called so, and stand in this order after the traps.

    Breach: a trap below `## When not to use it`, a section `## When not to use`. Mend it: move the section, or rename
    it.
    """
    for page in skill.pages:
        deep = (h for h in page.headings if h.level > 2 and h.text in NOT_TRAPS)
        yield from (
            (heading, f"section {heading.text!r} stands at level {heading.level}, not at two") for heading in deep
        )
        sections = [h for h in page.headings if h.level == 2]
        meant = [closing(heading.text) for heading in sections]
        ranks = [NOT_TRAPS.index(name) + 1 if name else 0 for name in meant]
        for heading, name in zip(sections, meant, strict=True):
            if name and heading.text != name:
                yield heading, f"section {heading.text!r} is called {name!r}"
        for heading, rank, before in zip(sections[1:], ranks[1:], ranks, strict=False):
            if rank < before or rank == before > 0:
                yield heading, f"section {heading.text!r} stands too late"


@check
def incomplete_trap(skill: Skill) -> Faults:
    """A trap has one Incorrect example and at least one Correct example, both in Python, in this order.

    Breach: a section with prose only. Mend it: add the missing side, labelled `**Correct:** why`.
    """
    for page in skill.pages:
        for trap in page.traps if not any(f.subject == "fence" for f in page.flaws) else ():
            verdicts = [e.verdict for e in trap.examples if e.verdict and _is_meant_as_python(e)]
            if len(verdicts) == 1 and any(_is_mislabelled(e) for e in trap.examples):
                continue
            if not verdicts.count(Verdict.INCORRECT):
                yield trap, f"trap {trap.title!r} has no Incorrect example"
            elif verdicts.count(Verdict.INCORRECT) > 1:
                second = trap.sides(Verdict.INCORRECT)[1]
                yield _label(page, second), f"trap {trap.title!r} has a second Incorrect example"
            elif not verdicts.count(Verdict.CORRECT):
                yield trap, f"trap {trap.title!r} has no Correct example"
            elif verdicts[0] is not Verdict.INCORRECT:
                first = trap.sides(Verdict.CORRECT)[0]
                yield _label(page, first), f"trap {trap.title!r} does not begin with its one Incorrect example"


@check
def unknown_label(skill: Skill) -> Faults:
    """A trap's Python blocks are labelled `**Incorrect:**` or `**Correct:**`; one `**Setup:**` may stand above.

    Breach: `**Wrong:**`, `### Correct`, or a block without a label. The label is compared as a whole, never by a part
    of it. Mend it: label the block, or move it out of the trap.
    """
    for page in skill.pages:
        headings = (h for h in page.headings if h != page.title and label_of(h.text))
        yield from ((h, f"heading {h.text!r} stands where a label belongs: '**{label_of(h.text)}**'") for h in headings)
        first = page.traps[0].line if page.traps else len(page.text)
        inside = {e for trap in page.traps for e in trap.examples}
        setups = [e for e in page.examples if e.is_setup]
        for example in page.examples:
            if example.is_setup and (example.line > first or example != setups[0]):
                yield example, "a second Setup, or one below the first trap"
            elif example in inside and _is_mislabelled(example):
                said = f"label {example.label!r}" if example.label else "no label"
                yield _label(page, example), f"{said}: a trap's example is labelled 'Incorrect:' or 'Correct:'"


@check
def identical_examples(skill: Skill) -> Faults:
    """The two sides of a trap are different programs, not only different comments or docstrings.

    Breach: the same code twice. Such a pair teaches nothing, and no proof can tell its sides apart. Mend it: show the
    fault on one side and its cure on the other.
    """
    for page in skill.documents:
        for trap in page.traps:
            for wrong, right in product(trap.sides(Verdict.INCORRECT), trap.sides(Verdict.CORRECT)):
                if wrong.code == right.code or (
                    _words(wrong) == _words(right) and _form(wrong) == _form(right) != EMPTY
                ):
                    yield right, f"the two sides of {trap.title!r} are the same program"


@check
def lost_name(skill: Skill) -> Faults:
    """A Correct example offers every public name that the Incorrect one does, so that one proof can serve both.

    Breach: `fetch_all` on one side, `fetch_everything` on the other. Mend it: give both sides the same names.
    """
    for page in skill.pages:
        for trap in page.traps:
            for wrong, right in product(trap.sides(Verdict.INCORRECT), trap.sides(Verdict.CORRECT)):
                lost = sorted(_public(wrong) - _public(right))
                if lost and _tree(right).body:
                    yield right, f"the Correct side lacks {', '.join(lost)}"


def _is_mislabelled(example: Example) -> bool:
    return example.language == "python" and not example.verdict and not example.is_setup


def _label(page: Document, example: Example) -> Place:
    """Where the label of a block stands, within the few lines above it; the block's own place without one."""
    lines = page.text.split("\n")
    near = range(example.line - 2, max(example.line - 6, 0), -1)
    label = example.label or "correct:"
    return Place(
        page.path, next((n for n in near if label in lines[n - 1] or label in lines[n - 1].lower()), example.line)
    )


def _is_meant_as_python(example: Example) -> bool:
    """Python, or a misspelling of it or nothing, which have a check of their own."""
    return example.language in {"python", ""} or nearest(example.language, ["python"]) is not None


def _tree(example: Example) -> ast.Module:
    try:
        return parse(example.code)
    except SyntaxError:
        return ast.Module([], [])


def _words(example: Example) -> list[str]:
    """What two layouts of one program have in common: cheap to compare before their trees are."""
    code = DOCSTRING.sub("", example.code) if '"""' in example.code else example.code
    return re.findall(r"\w+", re.sub(r"#.*", "", code))


class _Undocumented(ast.NodeTransformer):
    """The same tree without docstrings and other texts that nothing is done with."""

    def visit_Expr(self, node: ast.Expr) -> ast.Expr | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else node


def _form(example: Example) -> str:
    """What a program is made of, whatever its layout, comments and docstrings."""
    try:
        return ast.dump(_Undocumented().visit(syntax(example.code)))  # a tree of its own, since it is changed
    except SyntaxError:
        return EMPTY
    except RecursionError:
        return example.code


def _public(example: Example) -> set[str]:
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return {n.name for n in _tree(example).body if isinstance(n, definitions) and not n.name.startswith("_")}
