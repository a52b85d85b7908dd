"""Checks of what stands between the `---` lines."""

from __future__ import annotations

from dataclasses import replace

from packages import ROOT, lone, package
from skill_validator.parts import Flaw
from tables import Faults, NearMisses, silent, told

HEAD = "---\nname: orders\ndescription: Orders.\n"
TOTALS = "rules/orders-totals.md"

FAULTS: Faults = {
    "broken-frontmatter": {
        "SKILL.md begins with its heading": (lone("# Orders\n"), ["SKILL.md:1: no frontmatter at the first byte"]),
        "a blank line comes first": (
            lone(f"\n{HEAD}---\n"),
            ["SKILL.md:1: a blank line stands before the frontmatter"],
        ),
        "a byte order mark comes first": (
            lone(f"\ufeff{HEAD}---\n"),
            ["SKILL.md:1: a byte order mark stands before the frontmatter"],
        ),
        "the first line is indented": (
            lone(f" {HEAD}---\n"),
            ["SKILL.md:1: the line that opens the frontmatter is indented"],
        ),
        "the second line of hyphens is missing": (
            lone(HEAD),
            ["SKILL.md:1: frontmatter is never closed by a line ---"],
        ),
        "the second line of hyphens comes after the body": (
            lone(f"{HEAD}\n# Orders\n\nTake them.\n\n---\n"),
            ["SKILL.md:1: frontmatter is not closed before the body begins"],
        ),
        "a value holds a colon and a space": (
            lone("---\nname: orders\ndescription: Use when: totals\n---\n"),
            ["SKILL.md:3: not YAML: the value of 'description' holds a colon and a space: quote it"],
        ),
        "a key is given twice": (lone(f"{HEAD}name: orders\n---\n"), ["SKILL.md:4: key 'name' is given twice"]),
        "the frontmatter is a list": (
            lone("---\n- orders\n---\n"),
            ["SKILL.md:2: not a mapping of keys to values"],
        ),
        "a rule has none": (
            package({TOTALS: ("---\ntitle", "title")}),
            [f"{TOTALS}:1: no frontmatter at the first byte"],
        ),
        "a reference that needs none has a broken one": (
            package({"references/review-checklist.md": ("# Review", "---\ntitle: [\n---\n# Review")}),
            ["references/review-checklist.md:2: not YAML: the '[' in the value of 'title' is never closed"],
        ),
    },
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
    "misread-value": {
        "a version is a number": (
            lone(f"{HEAD}version: 1.10\n---\n"),
            ["SKILL.md:4: version: YAML reads 1.10 as the number 1.1, not as text"],
        ),
        "a version is a number too long to be written out": (
            lone(f"{HEAD}version: 0x{'f' * 5000}\n---\n"),
            [f"SKILL.md:4: version: YAML reads 0x{'f' * 54}...f as a number of 20,000 bits, not as text"],
        ),
        "a tag is false": (
            lone(f"{HEAD}tags: [se, no]\n---\n"),
            ["SKILL.md:4: tags.1: YAML reads no as false, not as text"],
        ),
        "a date stands in metadata": (
            lone(f"{HEAD}metadata:\n  updated: 2026-01-31\n---\n"),
            ["SKILL.md:5: metadata.updated: YAML reads 2026-01-31 as a date, not as text"],
        ),
        "a description ends at a comment": (
            lone("---\nname: orders\ndescription: Solves issue #3 and #4\n---\n"),
            ["SKILL.md:3: description: YAML takes '#3 and #4' for a comment, and the text ends before it: quote it"],
        ),
        "a title is in typographic quotes": (
            package({TOTALS: ("title: Add money exactly", "title: \u201cAdd money exactly\u201d")}),
            [f"{TOTALS}:2: title: begins with a typographic quote, which YAML takes for a letter of the text"],
        ),
    },
    "mixed-line-ends": {
        "one line is of another system": (
            lone(f"{HEAD}---\n# Orders\n\na\r\nb\n"),
            ["SKILL.md:7: the line ends in '\\r\\n', most of this file in '\\n'"],
        ),
        "one line is left over": (
            lone(f"{HEAD}---\n# Orders\n".replace("\n", "\r\n") + "a\nb\r\n"),
            ["SKILL.md:6: the line ends in '\\n', most of this file in '\\r\\n'"],
        ),
        "a bare return stands in the body": (
            lone(f"{HEAD}---\na\rb\n"),
            ["SKILL.md:5: the line ends in '\\r', most of this file in '\\n'"],
        ),
    },
    "bare-return": {
        "a field ends so": (
            lone("---\nname: orders\rdescription: Orders.\n---\n"),
            ["SKILL.md:2: the line ends in a bare carriage return"],
        ),
        "all lines end so": (
            lone(f"{HEAD}---\n".replace("\n", "\r")),
            ["SKILL.md:1: the line ends in a bare carriage return"],
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
    "broken-frontmatter": {
        "the package is sound": package(),
        "a colon stands in quotes": lone('---\nname: orders\ndescription: "Use when: totals"\n---\n'),
        "a value holds three hyphens": lone("---\nname: orders\ndescription: a --- b\n---\n"),
        "a line of hyphens ends in a blank": lone("--- \nname: orders\ndescription: Orders.\n---\t\n# Orders\n"),
        "lines end as on Windows": lone(f"{HEAD}---\n".replace("\n", "\r\n")),
        "a reference has no frontmatter": lone(f"{HEAD}---\n", **{"references/a.md": "# A\n"}),
        "a reference begins with a line across the page": lone(
            f"{HEAD}---\n", **{"references/a.md": "---\n\n# A\n", "references/b.md": "\n---\ntext\n\n---\n"}
        ),
        "a template has gaps in its frontmatter": lone(
            f"{HEAD}---\n", **{"assets/a.md": "---\ntitle: [\n---\n", "page.template.md": "---\ntitle: {{\n---\n"}
        ),
        "a text without headings needs no frontmatter": lone(f"{HEAD}---\n", **{"notes.md": "text\n"}),
        "values over several lines": lone(
            "---\nname: orders\ndescription: >-\n  Use when: totals\n  are due.\n"
            'tags: [\n  a,\n  b\n]\nlicense: "M\n  IT"\n---\n'
        ),
        "comments and blank lines": lone(
            "---\n# who: we\nname: orders\n\n# what\ndescription: Orders. # totals\n---\n"
        ),
        "an anchor that nobody takes up": lone("---\nname: &n orders\ndescription: Orders.\n---\n"),
        "a file in another encoding has its own check": replace(
            package({TOTALS: ("---\ntitle", "title")}), flaws=(Flaw(ROOT / TOTALS, 1, "not UTF-8"),)
        ),
    },
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
    "misread-value": {
        "the package is sound": package(),
        "numbers are in quotes": lone(f"{HEAD}version: '1.0'\ntags: ['no']\nmetadata: {{a: \"2026-01-31\"}}\n---\n"),
        "a version of three parts is text": lone(f"{HEAD}version: 1.0.0\nmetadata: {{version: 1.0.0-rc.1}}\n---\n"),
        "a blank value is none": lone(f"{HEAD}author:\n---\n"),
        "switches and counts in metadata": lone(f"{HEAD}metadata:\n  internal: true\n  priority: 5\n---\n"),
        "what lies deeper in metadata is some client's": lone(f"{HEAD}metadata: {{some-client: {{a: 1.5}}}}\n---\n"),
        "a hash without a blank is no comment": lone("---\nname: orders\ndescription: C# and issue(#3)\n---\n"),
        "a hash in quotes": lone("---\nname: orders\ndescription: 'Solves issue #3'\n---\n"),
        "a comment behind a field that is no prose": lone(f"{HEAD}license: MIT # as all of ours\n---\n"),
        "a package has its own check": package({"SKILL.md": ("version: 1.0.0", "version: 1.0")}),
        "a broken frontmatter has its own check": lone("# Orders\n"),
    },
    "mixed-line-ends": {
        "the package is sound": package(),
        "lines end as on Windows": lone(f"{HEAD}---\n".replace("\n", "\r\n")),
        "the last line does not end": lone(f"{HEAD}---\r\n# Orders".replace("\r\n", "\n")),
        "a bare return in the frontmatter has its own check": lone("---\nname: orders\rdescription: O.\n---\n"),
    },
    "bare-return": {
        "the package is sound": package(),
        "lines end as on Windows": lone(f"{HEAD}---\n".replace("\n", "\r\n")),
        "a bare return in the body has its own check": lone(f"{HEAD}---\na\rb\n"),
        "no frontmatter": lone("# Orders\r"),
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
