"""Checks of the fields in a frontmatter: which there are, and what they may hold."""

from __future__ import annotations

from dataclasses import replace

from packages import lone, package
from tables import Faults, NearMisses, silent, told

HEAD = "---\nname: orders\ndescription: Orders.\n"
TOTALS = "rules/orders-totals.md"


FAULTS: Faults = {
    "invalid-field": {
        "a name has capitals and spaces": (
            lone("---\nname: My Orders\ndescription: Orders.\n---\n"),
            ["SKILL.md:2: name: 'My Orders' is not lower-case words joined by single hyphens"],
        ),
        "a name is YAML's true": (
            lone("---\nname: on\ndescription: Orders.\n---\n"),
            ["SKILL.md:2: name: YAML reads on as true, not as text: quote it"],
        ),
        "a required field is missing": (
            lone("---\nname: orders\n---\n"),
            ["SKILL.md:2: field 'description' is missing"],
        ),
        "a required field is misspelt": (
            lone("---\nname: orders\nDiscription: Orders.\n---\n"),
            ["SKILL.md:3: field 'description' is missing: 'Discription' is not it"],
        ),
        "a description is blank": (
            lone('---\nname: orders\ndescription: " "\n---\n'),
            ["SKILL.md:3: description: blank"],
        ),
        "a description is too long": (
            lone(f"---\nname: orders\ndescription: {'x' * 1025}\n---\n"),
            ["SKILL.md:3: description: 1,025 characters, over 1,024"],
        ),
        "a switch is in quotes": (
            lone(f"{HEAD}user-invocable: 'false'\n---\n"),
            ["SKILL.md:4: user-invocable: 'false' is not true or false"],
        ),
        "a switch is of old YAML": (
            lone(f"{HEAD}user-invocable: No\n---\n"),
            [
                (
                    "SKILL.md:4: user-invocable: No is a truth value for old YAML and text for the client: "
                    "write true or false"
                )
            ],
        ),
        "an effort is misspelt": (
            lone(f"{HEAD}effort: hihg\n---\n"),
            ["SKILL.md:4: effort: 'hihg' is not one of low, medium, high, xhigh, max, did you mean 'high'"],
        ),
        "paths are a mapping": (
            lone(f"{HEAD}paths: {{a: b}}\n---\n"),
            ["SKILL.md:4: paths: a mapping is not a text or a list of texts"],
        ),
        "a hook is on no event": (
            lone(f"{HEAD}hooks:\n  PreTool: [{{hooks: [{{type: command, command: a}}]}}]\n---\n"),
            ["SKILL.md:5: hooks: 'PreTool' is not an event of the client, did you mean 'PreToolUse'"],
        ),
        "a hook has no command": (
            lone(f"{HEAD}hooks:\n  Stop:\n    - hooks:\n        - type: command\n---\n"),
            ["SKILL.md:7: hooks.Stop.0.hooks.0: field 'command' is missing"],
        ),
        "a hook has no time": (
            lone(f"{HEAD}hooks:\n  Stop:\n    - hooks:\n        - {{type: command, command: a, timeout: 0}}\n---\n"),
            ["SKILL.md:7: hooks.Stop.0.hooks.0.timeout: 0 is not above 0"],
        ),
        "an event has no hooks": (
            lone(f"{HEAD}hooks:\n  Stop: []\n---\n"),
            ["SKILL.md:5: hooks.Stop: empty"],
        ),
        "a version is a number": (
            package({"SKILL.md": ("version: 1.0.0", "version: 1.0")}),
            ["SKILL.md:5: version: YAML reads 1.0 as the number 1.0, not as text: quote it"],
        ),
        "a package's version has two parts": (
            package({"SKILL.md": ("version: 1.0.0", 'version: "1.0"')}),
            ["SKILL.md:5: version: '1.0' is not a semantic version"],
        ),
        "a package has no targets": (
            package({"SKILL.md": ('targets:\n  anyio: ">=4.16"', "targets: {}")}),
            ["SKILL.md:8: targets: empty"],
        ),
        "a target is a number": (
            package({"SKILL.md": ('anyio: ">=4.16"', "anyio: 4.16")}),
            ["SKILL.md:9: targets.anyio: YAML reads 4.16 as the number 4.16, not as text: quote it"],
        ),
        "a tag is a date": (
            package({TOTALS: ("[orders, money]", "[orders, 2026-01-31]")}),
            [f"{TOTALS}:6: tags.1: YAML reads 2026-01-31 as a date, not as text: quote it"],
        ),
        "a tag is given twice": (
            package({TOTALS: ("[orders, money]", "\n- orders\n- money\n- orders")}),
            [f"{TOTALS}:9: tags: 'orders' is given twice"],
        ),
        "a rule's impact is none of the four": (
            package({TOTALS: ("impact: HIGH", "impact: HUGE")}),
            [f"{TOTALS}:4: impact: 'HUGE' is not one of CRITICAL, HIGH, MEDIUM, LOW"],
        ),
        "a page of further traps has no tags": (
            package({"references/orders-totals-more.md": ("tags: [orders, taxes]\n", "")}),
            ["references/orders-totals-more.md:2: field 'tags' is missing"],
        ),
        "a long value is shown in part": (
            lone(f"---\nname: {'Ab' * 32}\ndescription: Orders.\n---\n"),
            [f"SKILL.md:2: name: '{('Ab' * 32)[:55]}...' is not lower-case words joined by single hyphens"],
        ),
    },
    "unknown-field": {
        "a field is misspelt": (
            lone(f"{HEAD}licence: MIT\n---\n"),
            ["SKILL.md:4: unknown field 'licence', did you mean 'license'"],
        ),
        "a field has the wrong hyphen": (
            lone(f"{HEAD}Allowed_Tools: Read\n---\n"),
            ["SKILL.md:4: unknown field 'Allowed_Tools', did you mean 'allowed-tools'"],
        ),
        "a field is like no other": (lone(f"{HEAD}zoo: 1\n---\n"), ["SKILL.md:4: unknown field 'zoo'"]),
        "a rule has a field of SKILL.md": (
            package({TOTALS: ("impact: HIGH", "impact: HIGH\npaths: [a]")}),
            [f"{TOTALS}:5: unknown field 'paths'"],
        ),
    },
    "foreign-name": {
        "the folder has another name": (
            package({"SKILL.md": ("name: orders", "name: order")}),
            ["SKILL.md:2: name 'order' differs from its folder 'orders'"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "invalid-field": {
        "the package is sound": package(),
        "a skill needs name and description only": lone(f"{HEAD}---\n"),
        "paths may be one text": lone(f"{HEAD}paths: '*.py, *.pyi'\n---\n"),
        "a version has a suffix": package({"SKILL.md": ("version: 1.0.0", "version: 1.0.0-rc.1+a")}),
        "a missing frontmatter has its own check": lone("# Orders\n"),
        "a list for a frontmatter has its own check": lone("---\n- a\n---\n"),
        "a hint in brackets is a list for YAML": lone(
            f"{HEAD}argument-hint: [issue] [[file]]\n---\n".replace("] [[file]]", "]")
        ),
        "names are numbers in quotes": lone("---\nname: '2048'\ndescription: Orders.\n---\n"),
        "switches are true and False": lone(f"{HEAD}user-invocable: true\ndisable-model-invocation: False\n---\n"),
        "hooks of every kind": lone(
            f"{HEAD}hooks:\n  PreToolUse:\n    - matcher: Bash\n      hooks:\n"
            "        - {type: command, command: ./check.sh, timeout: 5, once: true}\n"
            "        - {type: prompt, prompt: Is it safe?}\n"
            "        - {type: http, url: 'http://127.0.0.1:8000'}\n---\n"
        ),
        "metadata may hold anything": lone(f"{HEAD}metadata: {{a: {{b: [c]}}}}\n---\n"),
        "everything that the client reads": lone(
            f"{HEAD}when_to_use: At noon.\narguments: [a, b]\nmodel: inherit\neffort: xhigh\ncontext: fork\n"
            "agent: Explore\nshell: bash\ndisallowed-tools: [Bash]\n---\n"
        ),
    },
    "unknown-field": {
        "the package is sound": package(),
        "metadata may hold anything": lone(f"{HEAD}metadata:\n  zoo: '1'\n---\n"),
        "what only installers read is known": lone(f"{HEAD}path_patterns: ['*.py']\n---\n"),
        "a slip of a required field has its own check": lone("---\nname: orders\ndescriptions: Orders.\n---\n"),
    },
    "foreign-name": {
        "the package is sound": package(),
        "the root of a repository may have any name": replace(
            package({"SKILL.md": ("name: orders", "name: order")}), is_checkout=True
        ),
        "a missing name has its own check": lone("---\ndescription: Orders.\n---\n"),
        "a name that is none has its own check": lone("---\nname: My Orders\ndescription: Orders.\n---\n"),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
