"""The fields that Claude Code reads: tools, models, arguments, subagents."""

from __future__ import annotations

import re

from ..diagnostics import Faults, check, warning
from ..granted import ALLOWED, DISALLOWED, entries
from ..model import Skill
from ..schemas import tools
from ..schemas.similar import hint

MCP = re.compile(r"mcp__[A-Za-z0-9_.*-]+")
TOOL = re.compile(r"(?P<name>[^()]+)(?P<rule>\(.*\))?")
ALIASES = ("default", "best", "fable", "opus", "sonnet", "haiku", "opusplan", "inherit")
MODEL = re.compile(rf"(?:{'|'.join(ALIASES)})(?:\[1m\])?|.*claude.*|arn:.*", re.IGNORECASE)
ARGUMENT = re.compile(r"[A-Za-z_][\w-]*")


@check
def invalid_tool(skill: Skill) -> Faults:
    """An entry of `allowed-tools` is a tool's name, and a rule in round brackets where it is narrowed.

    Breach: `Bash(git:*` (not closed), `Bash()` (nothing allowed), a blank entry. Mend it: `Bash(git:*)`.
    """
    for place, field, entry in entries(skill.main.frontmatter, ALLOWED, DISALLOWED):
        found = TOOL.fullmatch(entry)
        if not entry:
            yield place, f"{field}: a blank entry"
        elif found is None or entry.count("(") != entry.count(")"):
            yield place, f"{field}: {entry!r} is not a tool with a rule in brackets"
        elif found["rule"] and not found["rule"][1:-1].strip():
            yield place, f"{field}: {entry!r} has an empty rule"


@warning
def unknown_tool(skill: Skill) -> Faults:
    """An entry of `allowed-tools` names a tool that Claude Code has, or one of an MCP server.

    Breach: `bash` (names are read with their case), `Raed`, `mcp_github_search` (two underscores). Mend it: correct the
    name; a tool of another client goes unnoticed in this one.
    """
    for place, field, entry in entries(skill.main.frontmatter, ALLOWED, DISALLOWED):
        found = TOOL.fullmatch(entry)
        if found and found["name"] not in {*tools(), "*"} and not MCP.fullmatch(found["name"]):
            yield place, f"{field}: no tool is called {found['name']!r}{hint(found['name'], tools())}"


@warning
def unknown_model(skill: Skill) -> Faults:
    """`model` is an alias that Claude Code has, or the full name of a model of its makers.

    Breach: `model: sonet`, `model: gpt-5`. Mend it: `sonnet`, `opus`, `haiku`, `inherit`, or leave it out.
    """
    model = skill.main.frontmatter.text("model")
    if model.strip() and not MODEL.fullmatch(model.strip()):
        yield skill.main.frontmatter.at("model"), f"no model is called {model!r}{hint(model, ALIASES)}"


@check
def invalid_argument(skill: Skill) -> Faults:
    """`arguments` are names, each given once, that SKILL.md can say as `$name`.

    Breach: `arguments: [1, file name]`, the same name twice. Mend it: one word a name, letters first.
    """
    frontmatter = skill.main.frontmatter
    names = frontmatter.text("arguments").split() or frontmatter.texts("arguments")
    seen: set[str] = set()
    for number, name in enumerate(names):
        if not ARGUMENT.fullmatch(name):
            yield frontmatter.at("arguments", number), f"arguments: {name!r} is not a name"
        elif name in seen:
            yield frontmatter.at("arguments", number), f"arguments: {name!r} is given twice"
        seen.add(name)


@warning
def idle_agent(skill: Skill) -> Faults:
    """`agent` goes with `context: fork`, which is what starts it.

    Breach: `agent: Explore` alone: the client reads it and does nothing. Mend it: add the context, or drop the agent.
    """
    frontmatter = skill.main.frontmatter
    if frontmatter.text("agent").strip() and "context" not in frontmatter.values:
        yield frontmatter.at("agent"), "agent does nothing without context: fork"
