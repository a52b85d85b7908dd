"""One fault in the links of a skill is one diagnostic."""

from __future__ import annotations

from facts import by_check, each_fact
from packages import said, stranger
from skill_validator.model import Skill
from strangers import inside, sentence, skill

C = "references/columns.md"
R = "references/errors.md"

FACTS = {
    "a row of a table": (
        skill(("[columns](references/columns.md)","[columns](references/column.md)")),
        "SKILL.md:27", "dead-link", "no such file: references/column.md, did you mean references/columns.md"),
    "the second line of a paragraph": (
        skill(("(references/errors.md#refused-files) and","(references/error.md#refused-files) and")),
        "SKILL.md:10", "dead-link", "no such file: references/error.md, did you mean references/errors.md"),
    "the third line of a paragraph": (
        skill(("(references/columns.md#amounts)","(references/column.md#amounts)")),
        "SKILL.md:11", "dead-link", "no such file: references/column.md, did you mean references/columns.md"),
    "a link in a reference is written from the root": (
        stranger({R:("(columns.md#amounts)","(references/columns.md#amounts)")}),
        "references/errors.md:5", "dead-link", "no such file: references/columns.md, did you mean columns.md"),
    "a link in a reference goes up too far": (
        stranger({R:("(columns.md#amounts)","(../columns.md#amounts)")}),
        "references/errors.md:5", "dead-link", "no such file: ../columns.md, did you mean columns.md"),
    "the case differs": (
        skill(("[columns](references/columns.md)","[columns](references/Columns.md)")),
        "SKILL.md:27", "dead-link", "no such file: references/Columns.md, did you mean references/columns.md"),
    "the case of a folder differs": (
        skill(("[columns](references/columns.md)","[columns](References/columns.md)")),
        "SKILL.md:27", "dead-link", "no such file: References/columns.md, did you mean references/columns.md"),
    "a backslash": (
        skill(("[columns](references/columns.md)","[columns](references\\columns.md)")),
        "SKILL.md:27", "dead-link", "no such file: references\\columns.md, a path has forward slashes"),
    "a definition leads nowhere": (
        skill(("[errors]: references/errors.md","[errors]: references/error.md")),
        "SKILL.md:34", "dead-link", "no such file: references/error.md, did you mean references/errors.md"),
    "an image is missing": (
        skill(("(assets/flow.svg)","(assets/flow.png)")),
        "SKILL.md:30", "dead-link", "no such file: assets/flow.png"),
    "an HTML link leads nowhere": (
        skill(('<a href="references/errors.md">','<a href="references/error.md">')),
        "SKILL.md:32", "dead-link", "no such file: references/error.md, did you mean references/errors.md"),
    "an HTML image is missing": (
        sentence('<img src="assets/flow.png">'),
        "SKILL.md:19", "dead-link", "no such file: assets/flow.png"),
    "an HTML image in a block is missing": (
        skill(("## Totals",'<p>\n<img\n  src="assets/flow.png">\n</p>\n\n## Totals')),
        "SKILL.md:37", "dead-link", "no such file: assets/flow.png"),
    "a list": (
        skill(("## Totals","- one\n- two [a](references/a.md)\n- three\n\n## Totals")),
        "SKILL.md:37", "dead-link", "no such file: references/a.md"),
    "a list in a list": (
        skill(("## Totals","- one\n  - two\n\n    more text\n    and [a](references/a.md)\n\n## Totals")),
        "SKILL.md:40", "dead-link", "no such file: references/a.md"),
    "a quote": (
        skill(("## Totals","> one\n> two [a](references/a.md)\n\n## Totals")),
        "SKILL.md:37", "dead-link", "no such file: references/a.md"),
    "a heading": (
        skill(("## Totals","## [Totals](references/a.md)")),
        "SKILL.md:36", "dead-link", "no such file: references/a.md"),
    "a table of a reference": (
        stranger({C:("| id | integer |","| [id](ids.md) | integer |")}),
        "references/columns.md:5", "dead-link", "no such file: ids.md"),
    "an image is deleted": (
        stranger(drop=["assets/flow.svg"]),
        "SKILL.md:30", "dead-link", "no such file: assets/flow.svg"),
    "an anchor is misspelt": (
        skill(("(references/columns.md#amounts)","(references/columns.md#amount)")),
        "SKILL.md:11", "dead-anchor", "no heading in references/columns.md makes the anchor #amount"),
    "an anchor is in another case": (
        skill(("(references/columns.md#amounts)","(references/columns.md#Amounts)")),
        "SKILL.md:11", "dead-anchor", "no heading in references/columns.md makes the anchor #Amounts"),
    "an anchor has an underscore": (
        stranger({R:("columns.md#amounts","columns.md#a_mounts")}),
        "references/errors.md:5", "dead-anchor", "no heading in columns.md makes the anchor #a_mounts"),
    "an anchor of the same page is misspelt": (
        sentence("See [totals](#total)."),
        "SKILL.md:19", "dead-anchor", "no heading in this document makes the anchor #total"),
    "an anchor counts too far": (
        sentence("See [totals](#totals-1)."),
        "SKILL.md:19", "dead-anchor", "no heading in this document makes the anchor #totals-1"),
    "the anchor of an HTML link is misspelt": (
        skill(('<a href="references/errors.md">','<a href="references/errors.md#refused">')),
        "SKILL.md:32", "dead-anchor", "no heading in references/errors.md makes the anchor #refused"),
    "an absolute path": (
        skill(("[columns](references/columns.md)","[columns](/references/columns.md)")),
        "SKILL.md:27", "escaping-link", "leads out of the skill: /references/columns.md"),
    "a path on the author's machine": (
        skill(("[columns](references/columns.md)","[columns](/home/ann/skills/orders/references/columns.md)")),
        "SKILL.md:27", "escaping-link", "leads out of the skill: /home/ann/skills/orders/references/columns.md"),
    "a path in the author's home": (
        skill(("[columns](references/columns.md)","[columns](~/skills/columns.md)")),
        "SKILL.md:27", "escaping-link", "leads out of the skill: ~/skills/columns.md"),
    "a path on Windows": (
        skill(("[columns](references/columns.md)","[columns](C:\\Users\\ann\\columns.md)")),
        "SKILL.md:27", "escaping-link", "leads out of the skill: C:\\Users\\ann\\columns.md"),
    "a path on Windows with slashes": (
        skill(("[columns](references/columns.md)","[columns](C:/Users/ann/columns.md)")),
        "SKILL.md:27", "escaping-link", "leads out of the skill: C:/Users/ann/columns.md"),
    "out of the skill": (
        skill(("[columns](references/columns.md)","[columns](../shared/columns.md)")),
        "SKILL.md:27", "outside-link", "leads out of the skill: ../shared/columns.md"),
    "out of the skill from a reference": (
        stranger({R:("(columns.md#amounts)","(../../columns.md#amounts)")}),
        "references/errors.md:5", "outside-link", "leads out of the skill: ../../columns.md"),
    "a file: address": (
        skill(("[columns](references/columns.md)","[columns](file:///home/ann/columns.md)")),
        "SKILL.md:27", "wrong-scheme",
        ("scheme 'file' is refused by readers of Markdown: file:///home/ann/columns.md")),
    "a javascript: address": (
        skill(("[columns](references/columns.md)","[columns](javascript:alert(1))")),
        "SKILL.md:27", "wrong-scheme", "scheme 'javascript' is refused by readers of Markdown: javascript:alert(1)"),
    "an image in the address": (
        skill(("(assets/flow.svg)","(data:image/png;base64,iVBORw0KGgo=)")),
        "SKILL.md:30", "wrong-scheme",
        ("scheme 'data' is refused by readers of Markdown: data:image/png;base64,iVBORw0KGgo=")),
    "a data: address": (
        skill(("[columns](references/columns.md)","[columns](data:text/html,x)")),
        "SKILL.md:27", "wrong-scheme", "scheme 'data' is refused by readers of Markdown: data:text/html,x"),
    "htps": (
        skill(("https://www.rfc","htps://www.rfc")),
        "SKILL.md:32", "wrong-scheme",
        ("unknown scheme 'htps', did you mean 'https': htps://www.rfc-editor.org/rfc/rfc4180")),
    "one slash": (
        skill(("https://www.rfc","https:/www.rfc")),
        "SKILL.md:32", "wrong-scheme", "not a web address: https:/www.rfc-editor.org/rfc/rfc4180"),
    "no colon": (
        skill(("https://www.rfc","https//www.rfc")),
        "SKILL.md:32", "wrong-scheme", "not a web address: https//www.rfc-editor.org/rfc/rfc4180"),
    "no slashes": (
        skill(("https://www.rfc","https:www.rfc")),
        "SKILL.md:32", "wrong-scheme", "not a web address: https:www.rfc-editor.org/rfc/rfc4180"),
    "httpss": (
        skill(("https://www.rfc","httpss://www.rfc")),
        "SKILL.md:32", "wrong-scheme",
        ("unknown scheme 'httpss', did you mean 'https': httpss://www.rfc-"
         "editor.org/rfc/rfc4180")),
    "htttp": (
        skill(("https://www.rfc","htttp://www.rfc")),
        "SKILL.md:32", "wrong-scheme",
        ("unknown scheme 'htttp', did you mean 'http': htttp://www.rfc-editor.org/rfc/rfc4180")),
    "no host": (
        skill(("https://www.rfc-editor.org/rfc/rfc4180","https://")),
        "SKILL.md:32", "wrong-scheme", "not a web address: https://"),
    "an autolink to a file": (
        sentence("<file:///etc/hosts>"),
        "SKILL.md:19", "wrong-scheme", "scheme 'file' is refused by readers of Markdown: file:///etc/hosts"),
    "mailtoo": (
        sentence("[x](mailtoo:a@b.c)"),
        "SKILL.md:19", "wrong-scheme", "unknown scheme 'mailtoo', did you mean 'mailto': mailtoo:a@b.c"),
    "an HTML link to javascript:": (
        sentence('<a href="javascript:x()">x</a>'),
        "SKILL.md:19", "wrong-scheme", "scheme 'javascript' is refused by readers of Markdown: javascript:x()"),
    "no target": (
        skill(("[columns](references/columns.md)","[columns]()")),
        "SKILL.md:27", "broken-link", "link 'columns' leads nowhere"),
    "no target in angles": (
        skill(("[columns](references/columns.md)","[columns](<>)")),
        "SKILL.md:27", "broken-link", "link 'columns' leads nowhere"),
    "a hash": (
        skill(("[columns](references/columns.md)","[columns](#)")),
        "SKILL.md:27", "broken-link", "link 'columns' leads nowhere"),
    "an undefined reference": (
        skill(("[errors][errors]","[errors][error]")),
        "SKILL.md:28", "broken-link", "no link is defined for [error]"),
    "an undefined reference in a paragraph": (
        inside("[errors][mistakes]"),
        "SKILL.md:10", "broken-link", "no link is defined for [mistakes]"),
    "a definition is missing": (
        skill(("[errors]: references/errors.md\n\n","")),
        "SKILL.md:28", "broken-link", "no link is defined for [errors]"),
    "a space in the target": (
        skill(("[columns](references/columns.md)","[columns](references/the columns.md)")),
        "SKILL.md:27", "broken-link", "a target with a space makes no link: [columns](references/the columns.md)"),
    "an HTML link without a target": (
        sentence('<a href="">x</a>'),
        "SKILL.md:19", "broken-link", "a link leads nowhere"),
    "a space before the target": (
        sentence("[a] (references/columns.md)"),
        "SKILL.md:19", "broken-link", "makes no link: [a] (references/columns.md)"),
    "the brackets are swapped": (
        sentence("(columns)[references/columns.md]"),
        "SKILL.md:19", "broken-link", "makes no link: (columns)[references/columns.md]"),
    "a code span is misspelt": (
        skill(("`references/columns.md`","`references/column.md`")),
        "SKILL.md:19", "dead-mention", "no such file: references/column.md, did you mean references/columns.md"),
    "the extension in a code span is misspelt": (
        skill(("`assets/schema.json`","`assets/schema.jsn`")),
        "SKILL.md:19", "dead-mention", "no such file: assets/schema.jsn"),
    "the name in a code span is misspelt": (
        skill(("`assets/schema.json`","`assets/schemas.json`")),
        "SKILL.md:19", "dead-mention", "no such file: assets/schemas.json, did you mean assets/schema.json"),
    "the case in a code span differs": (
        skill(("`references/columns.md`","`References/columns.md`")),
        "SKILL.md:19", "dead-mention", "no such file: References/columns.md, did you mean references/columns.md"),
    "the case of a bare name differs": (
        skill(("`references/columns.md`","`Columns.md`")),
        "SKILL.md:19", "dead-mention", "no such file: Columns.md, did you mean columns.md"),
    "a script in a shell block is misspelt": (
        skill(("```bash\npython3 scripts/totals.py","```bash\npython3 scripts/total.py")),
        "SKILL.md:16", "dead-mention", "no such file: scripts/total.py, did you mean scripts/totals.py"),
    "a script in a code span is misspelt": (
        sentence("Run `python3 scripts/sum.py -v`."),
        "SKILL.md:19", "dead-mention", "no such file: scripts/sum.py"),
    "a name in plain words is misspelt": (
        sentence("Read references/fields.md too."),
        "SKILL.md:19", "dead-mention", "no such file: references/fields.md"),
    "the only script is deleted": (
        stranger(drop=["scripts/totals.py"]),
        "SKILL.md:16", "unshipped-script", "no such file: scripts/totals.py, and no folder scripts"),
    "the references are miscounted": (
        skill(("There are 2 reference files","There are 3 reference files")),
        "SKILL.md:23", "wrong-count", "claims 3 references, there are 2"),
}  # fmt: skip
FAULTS = by_check(FACTS)


@each_fact(FACTS)
def test_one_fault_is_one_diagnostic(skill: Skill, expected: str) -> None:
    assert said(skill) == [expected]
