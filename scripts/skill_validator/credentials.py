"""Text -> the secrets in it: tokens known by their shape, passwords in addresses, private keys, assigned passwords.

The shapes are those that the issuers document; detect-secrets and gitleaks know them too. Placeholders are no secrets.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator

# What a token begins with -> what it is, and its whole shape.
SHAPES = {
    "AKIA": ("AWS access key", r"AKIA[0-9A-Z]{16}\b"),
    "ASIA": ("AWS access key", r"ASIA[0-9A-Z]{16}\b"),
    "ghp_": ("GitHub token", r"ghp_[A-Za-z0-9]{36}"),
    "gho_": ("GitHub token", r"gho_[A-Za-z0-9]{36}"),
    "ghs_": ("GitHub token", r"ghs_[A-Za-z0-9]{36}"),
    "github_pat_": ("GitHub token", r"github_pat_[A-Za-z0-9_]{50,90}"),
    "glpat-": ("GitLab token", r"glpat-[A-Za-z0-9_-]{20,40}"),
    "xoxb-": ("Slack token", r"xoxb-[0-9]{8,14}-[A-Za-z0-9-]{16,60}"),
    "xoxp-": ("Slack token", r"xoxp-[0-9]{8,14}-[A-Za-z0-9-]{16,80}"),
    "hooks.slack.com/services/": ("Slack webhook", r"hooks\.slack\.com/services/T\w{8,12}/B\w{8,12}/\w{20,30}"),
    "sk_live_": ("Stripe key", r"sk_live_[A-Za-z0-9]{16,99}"),
    "rk_live_": ("Stripe key", r"rk_live_[A-Za-z0-9]{16,99}"),
    "whsec_": ("webhook secret", r"whsec_[A-Za-z0-9+/=]{28,60}"),
    "AIza": ("Google API key", r"AIza[A-Za-z0-9_-]{35}"),
    "GOCSPX-": ("Google client secret", r"GOCSPX-[A-Za-z0-9_-]{28}"),
    "sk-ant-": ("Anthropic key", r"sk-ant-[A-Za-z0-9_-]{24,120}"),
    "sk-proj-": ("OpenAI key", r"sk-proj-[A-Za-z0-9_-]{24,180}"),
    "sk-": ("OpenAI key", r"\bsk-[A-Za-z0-9]{32,60}\b"),
    "hf_": ("Hugging Face token", r"\bhf_[A-Za-z0-9]{34}\b"),
    "npm_": ("npm token", r"\bnpm_[A-Za-z0-9]{36}\b"),
    "pypi-AgE": ("PyPI token", r"pypi-AgE[A-Za-z0-9_-]{50,250}"),
    "SG.": ("SendGrid key", r"\bSG\.[A-Za-z0-9_-]{20,24}\.[A-Za-z0-9_-]{39,50}"),
    "dop_v1_": ("DigitalOcean token", r"dop_v1_[a-f0-9]{64}"),
    "dapi": ("Databricks token", r"\bdapi[a-f0-9]{32}\b"),
    "shpat_": ("Shopify token", r"shpat_[a-fA-F0-9]{32}"),
    "lin_api_": ("Linear key", r"lin_api_[A-Za-z0-9]{40}"),
    "sbp_": ("Supabase token", r"\bsbp_[a-f0-9]{40}\b"),
    "AccountKey=": ("Azure storage key", r"AccountKey=[A-Za-z0-9+/]{86}=="),
    "eyJ": ("JSON web token", r"\beyJ[A-Za-z0-9_-]{10,400}\.eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{20,700}"),
    "Bearer ": ("bearer token", r"Bearer (?=[A-Za-z_.-]{0,40}[0-9])[A-Za-z0-9_.-]{28,200}"),
    "PRIVATE KEY": ("private key", r"-----BEGIN (?:[A-Z]{2,9} )?PRIVATE KEY-----\\?n?\s{0,9}[A-Za-z0-9+/=]{40,99}"),
}
PATTERNS = {prefix: (what, re.compile(shape)) for prefix, (what, shape) in SHAPES.items()}
ADDRESS = re.compile(r"://([^\s:/@\"'`<>()|,]{0,60}):([^\s:/@\"'`<>()|]{1,90})@([\w.\[-]{1,200})")
FIELDS = (
    "password",
    "passwd",
    "secret",
    "api_key",
    "apikey",
    "api-key",
    "access_key",
    "auth_token",
    "access_token",
    "bearer",
)
ASSIGNED = re.compile(
    r"""[\w-]{0,24}(?:["']?\s{0,4}(?::\s?\w{1,20}\s{0,2})?[:=]{1,2}>?\s{0,4}(["'`])(?P<quoted>[^\s"'`]{8,120})\1"""
    r"""|(?:=|:\s)(?P<bare>[A-Za-z0-9+/_!@#-]{16,120}=?)(?=\s|$))"""
)
FAKE = re.compile(
    r"example|placeholder|change|your|dummy|sample|fake|test|demo|redacted|secret|pass|token|insert|replace|todo|foobar|"
    r"hunter2|letmein|xxx|\*\*|\.\.\.|1234|abcd|deadbeef|local|dev\b|here|key[-_]|user|admin|postgres|default|none|null",
    re.IGNORECASE,
)
UNFILLED = re.compile(r"[{}<>$%\[\]…*]|^[A-Z_]+$")
ENTROPY = 3.0  # bits a character: English words are below, random letters and digits above
JWT_SAMPLES = ("eyJzdWIiOiIxMjM0NTY3ODkwI", "eyJleGFtcGxl")


def secrets(text: str) -> Iterator[tuple[int, str]]:
    """The secrets of a text: offset, and what it is. The secret itself is not repeated."""
    for prefix, (what, pattern) in PATTERNS.items():
        if prefix in text:
            for found in pattern.finditer(text):
                if not _is_fake_token(found[0].removeprefix(prefix)):
                    yield found.start(), what
    for found in ADDRESS.finditer(text) if "://" in text else ():
        user, password, host = found.groups()
        if not _is_fake_password(user, password, host):
            yield found.start(), f"password of {user or 'an account'} in an address"
    yield from _assigned(text)


def _assigned(text: str) -> Iterator[tuple[int, str]]:
    """Literals that look random and are assigned to what is called a password."""
    small = text.lower()
    for field in FIELDS:
        at = small.find(field)
        while at >= 0:
            found = ASSIGNED.match(text, at + len(field))
            value = found["quoted"] or found["bare"] if found else ""
            if value and _is_random(value) and not FAKE.search(value) and not UNFILLED.search(value):
                yield at, f"literal {field}"
            at = small.find(field, at + len(field))


def _is_fake_token(token: str) -> bool:
    if "EXAMPLE" in token or any(sample in token for sample in JWT_SAMPLES):
        return True
    counted = len(set(token.lower()))
    return counted < 7 or bool(
        re.search(r"x{4}|0{5}|1234567|abcdefg|\.\.\.|your|placeholder|example", token, re.IGNORECASE)
    )


def _is_fake_password(user: str, password: str, host: str) -> bool:
    if password == user or UNFILLED.search(password) or FAKE.search(password) or password.isdecimal():
        return True
    is_near = "." not in host or host.startswith(("127.", "0.0.", "localhost")) or "example" in host
    varied = any(c.isdecimal() for c in password) and any(c.isalpha() for c in password)
    return not varied or len(password) < 7 or (is_near and not _is_random(password))


def _is_random(text: str) -> bool:
    """Whether a text has letters and digits, and more bits a character than words have."""
    kinds = any(c.isdecimal() for c in text) and any(c.isalpha() for c in text)
    counts = Counter(text).values()
    bits = -sum(n / len(text) * math.log2(n / len(text)) for n in counts)
    return (
        kinds
        and len(text) >= 10
        and bits > ENTROPY
        and not re.fullmatch(r"[\w.-]+\.[a-z]{2,4}|[a-z]+[-_/.][\w./-]*", text)
    )
