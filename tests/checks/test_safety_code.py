"""Checks of what the code of a page does that whoever copies it would regret."""

from __future__ import annotations

from packages import package
from skill_validator.model import Skill
from strangers import bash, block, python
from tables import Faults, NearMisses, silent, told

PUT_TOGETHER = "runs SQL that was put together from strings"


def js(code: str) -> Skill:
    """A skill with a block of JavaScript, whose code begins in line 39."""
    return block("js", code)


def query(call: str, label: str = "Then:") -> Skill:
    """A skill with a function that makes this call, in line 40."""
    return python(f"async def go(session, text, log, x):\n    {call}", label)


FAULTS: Faults = {
    "disabled-tls": {
        "JavaScript": (
            js("a()\nnew https.Agent({ rejectUnauthorized: false })"),
            ["SKILL.md:40: certificates are not checked"],
        ),
        "an attribute": (
            python("def go(session):\n    session.verify = False"),
            ["SKILL.md:40: verify = False switches the check of certificates off"],
        ),
        "an unverified context": (
            python("import ssl\n\ncontext = ssl._create_unverified_context()"),
            ["SKILL.md:41: certificates are not checked by _create_unverified_context"],
        ),
        "a keyword of a pool": (
            python("def go(urllib3):\n    return urllib3.PoolManager(cert_reqs='CERT_NONE')"),
            ["SKILL.md:40: certificates are not checked: CERT_NONE"],
        ),
        "git": (bash("git -c http.sslVerify=false clone x"), ["SKILL.md:39: git does not check certificates"]),
    },
    "unsafe-call": {
        "JavaScript": (js("eval(input)"), ["SKILL.md:39: runs text as code"]),
        "yaml.unsafe_load": (
            python("import yaml\n\n\ndef go(text):\n    return yaml.unsafe_load(text)"),
            ["SKILL.md:43: yaml.unsafe_load makes objects that the data names, unlike safe_load"],
        ),
    },
    "shell-injection": {
        "JavaScript": (js("exec(`ls ${folder}`)"), ["SKILL.md:39: hands text that was put together to a shell"]),
        "a command in a name": (
            python("import os\n\n\ndef go(x):\n    line = 'ls {}'.format(x)\n    os.system(line)"),
            ["SKILL.md:43: system hands text that was put together to a shell"],
        ),
    },
    "sql-injection": {
        "JavaScript": (
            js("db.query(`SELECT * FROM orders WHERE id = ${id}`)"),
            ["SKILL.md:39: runs SQL that was put together from strings"],
        ),
        "a value without a table": (
            query('await session.execute(f"SELECT {x}")'),
            [f"SKILL.md:40: execute {PUT_TOGETHER}"],
        ),
        "an argument of a function": (
            query('await session.execute(text(f"SELECT pg_sleep({x})"))'),
            [f"SKILL.md:40: text {PUT_TOGETHER}"],
        ),
        "what is a constant later on": (
            python("LIMIT = input()\n\n\ndef go(c):\n    c.execute(f'SELECT {LIMIT}')\n\n\nLIMIT = '5'"),
            [f"SKILL.md:43: execute {PUT_TOGETHER}"],
        ),
        "a sum": (query('await session.execute("SELECT " + x)'), [f"SKILL.md:40: execute {PUT_TOGETHER}"]),
        "in a Correct example": (
            query('await session.execute(f"SELECT 1, {x}")', "**Correct:** short"),
            [f"SKILL.md:40: execute {PUT_TOGETHER}"],
        ),
    },
}

NEAR_MISSES: NearMisses = {
    "disabled-tls": {
        "plain text on purpose": python("def go(Redis):\n    return Redis(ssl=False)"),
        "a signature": python("def go(jwt, t):\n    return jwt.decode(t, verify=False)"),
        "a subscript": python("def go(x):\n    x[0] = False  # verify"),
        "a comment": bash("# NODE_TLS_REJECT_UNAUTHORIZED=0"),
    },
    "unsafe-call": {
        "what a script does with its input": package(add={"scripts/sum.py": "print(eval(input()))\n"}),
        "constants": python("import os\n\nprint(eval('1'), os.environ['eval('])"),
        "not Python": python("eval(("),
        "a full loader": python("import yaml\n\n\ndef go(text):\n    return yaml.full_load(text)"),
    },
    "shell-injection": {
        "no arguments": python("import os\n\nos.popen(cmd='ls')\nprint(os.getoutput())"),
        "a sum of constants": python("import os\n\nos.system('ls' + ' -l')"),
    },
    "sql-injection": {
        "a sum that begins with a name": python("def go(c, a):\n    c.execute(a + ' x')\n    c.execute('x'.format())"),
        "percent in SQL": python("def go(c, a):\n    c.execute(a % 2)\n    c.query(f'{a}')"),
        "names of columns and of a table": query('await session.execute(f"SELECT {x}, {x} FROM {x}")'),
        "a line for the log": query('log.info(f"select {x}")'),
        "constants": python('LIMIT = 5\n\n\ndef go(c):\n    c.execute(f"SELECT {1} LIMIT {LIMIT}")'),
        "a parameter": query('await session.execute(text("SELECT :x"), {"x": x})'),
        "an Incorrect example": query('await session.execute(f"SELECT {x}")', "**Incorrect:** injected"),
        "no SQL": query('await session.execute(f"selection of {x}")'),
    },
}


test_fault = told(FAULTS)
test_near_miss = silent(NEAR_MISSES)
