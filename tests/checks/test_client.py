"""Checks of the fields that Claude Code reads."""

from __future__ import annotations

from packages import lone, package
from skill_validator.model import Skill
from tables import Faults, NearMisses, silent, told


def having(fields: str) -> Skill:
    """A skill with these fields from its line 4 on."""
    return lone(f"---\nname: orders\ndescription: Use when orders come in.\n{fields}\n---\n")


FAULTS: Faults = {
    "invalid-tool": {
        "a rule is open": (
            having("allowed-tools: Read, Bash(git:*"),
            ["SKILL.md:4: allowed-tools: 'Bash(git:*' is not a tool with a rule in brackets"],
        ),
        "a rule is closed twice": (
            having("allowed-tools: Bash(git:*)) Read"),
            ["SKILL.md:4: allowed-tools: 'Bash(git:*))' is not a tool with a rule in brackets"],
        ),
        "a rule is empty": (
            having("disallowed-tools:\n  - Bash( )"),
            ["SKILL.md:5: disallowed-tools: 'Bash( )' has an empty rule"],
        ),
        "an entry is blank": (having("allowed-tools: [Read, '']"), ["SKILL.md:4: allowed-tools: a blank entry"]),
    },
    "unknown-tool": {
        "a tool in lower case": (
            having("allowed-tools: bash Read"),
            ["SKILL.md:4: allowed-tools: no tool is called 'bash', did you mean 'Bash'"],
        ),
        "a misspelt tool with a rule": (
            having("allowed-tools:\n- Read\n- Wirte(src/**)"),
            ["SKILL.md:6: allowed-tools: no tool is called 'Wirte', did you mean 'Write'"],
        ),
        "an entry is two": (
            having("allowed-tools: [Read Write]"),
            ["SKILL.md:4: allowed-tools: no tool is called 'Read Write'"],
        ),
        "a tool of another client": (
            having("allowed-tools: ['Azure MCP/documentation']"),
            ["SKILL.md:4: allowed-tools: no tool is called 'Azure MCP/documentation'"],
        ),
        "a server with one underscore": (
            having("allowed-tools: mcp_github_search"),
            ["SKILL.md:4: allowed-tools: no tool is called 'mcp_github_search'"],
        ),
    },
    "unknown-model": {
        "an alias is misspelt": (
            having("model: sonet"),
            ["SKILL.md:4: no model is called 'sonet', did you mean 'sonnet'"],
        ),
        "a model of others": (having("model: gpt-5"), ["SKILL.md:4: no model is called 'gpt-5'"]),
    },
    "invalid-argument": {
        "a name is a number": (having("arguments: first 2"), ["SKILL.md:4: arguments: '2' is not a name"]),
        "a name is two words": (
            having("arguments:\n- file\n- the line"),
            ["SKILL.md:6: arguments: 'the line' is not a name"],
        ),
        "a name is given twice": (
            having("arguments: [file, line, file]"),
            ["SKILL.md:4: arguments: 'file' is given twice"],
        ),
    },
    "idle-agent": {
        "there is no context": (having("agent: Explore"), ["SKILL.md:4: agent does nothing without context: fork"]),
    },
}

NEAR_MISSES: NearMisses = {
    "invalid-tool": {
        "the package is sound": package(),
        "a rule with blanks, commas and brackets": having("allowed-tools: Bash(git log --format=%h, (a)), Read"),
        "commas and blanks": having("allowed-tools: Read ,Write,  Bash(git:*)"),
        "an empty text allows nothing": having("allowed-tools: ''"),
        "an entry of another type has its own check": having("allowed-tools: [3]"),
        "another type has its own check": having("allowed-tools: 3"),
    },
    "unknown-tool": {
        "the package is sound": package(),
        "tools of every kind": having(
            "allowed-tools: Read, Agent(Explore), Skill(orders), mcp__github__search, mcp__github, mcp__a-b__*, *"
        ),
        "tools that older clients had": having("allowed-tools: Task, MultiEdit, LS, TodoWrite"),
        "what is no entry has its own check": having("allowed-tools: Raed("),
    },
    "unknown-model": {
        "the package is sound": package(),
        "an alias": having("model: inherit"),
        "an alias with a long context": having("model: sonnet[1m]"),
        "a full name": having("model: claude-opus-4-5-20251101"),
        "a name at another provider": having("model: us.anthropic.claude-sonnet-4-20250514-v1:0"),
        "a blank model has its own check": having("model: ' '"),
    },
    "invalid-argument": {
        "the package is sound": package(),
        "names": having("arguments: file line_2"),
        "a list of names": having("arguments: [file, line-to-end]"),
        "an entry of another type has its own check": having("arguments: [1]"),
    },
    "idle-agent": {
        "the package is sound": package(),
        "an agent in its context": having("context: fork\nagent: Explore"),
        "a wrong context has its own check": having("context: frok\nagent: Explore"),
        "a blank agent has its own check": having("agent: ''"),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
