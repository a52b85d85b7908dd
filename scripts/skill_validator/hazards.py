"""Shell text -> what in it endangers whoever runs it."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from itertools import islice, pairwise
from typing import TYPE_CHECKING, NamedTuple

from .downloads import INTERPRETERS, SHELLS, runs_of_downloads
from .shell import Command, commands, line_of, nodes, parsed, text_of

if TYPE_CHECKING:
    from tree_sitter import Node

SUSPECTS = re.compile(
    r"\bcurl |\bwget |base64|\bxxd |openssl enc|\brm -|mkfs|\bdd |/dev/(?:tcp|sd|nvme|hd|disk|vd|mmc)|\bnc |\bncat |"
    r"ch(?:mod|own) -R|sslVerify|SSL_NO_VERIFY|strict-ssl|TLS_REJECT|HTTPSVERIFY|--insecure|--no-verify-ssl|"
    r"trusted-host|index-url|urlopen|requests\.get|:\(\)|\bfind [/~]|Invoke-|\biwr |\birm |\bscp |\brsync "
)
FETCHERS = {"curl", "wget", "fetch", "iwr", "irm", "invoke-webrequest", "aria2c", "http"}
EVERYTHING = re.compile(
    r"(/|~|\$HOME|\$\{HOME\}|/(etc|usr|var|home|boot|bin|root|System|Users)|/?\*|[A-Z]:\\?)(/\.?\*?|/)?"
)
SECRETS = re.compile(
    r"\.ssh\b|id_rsa|id_ed25519|\.aws\b|\.netrc|\.npmrc|\.pypirc|\.kube|\.gnupg|/etc/(passwd|shadow)|\.git-credentials|"
    r"(^|[@/\s=])\.env\b|credentials|keychain|\.bash_history|\.zsh_history|\.docker/config|cookies\.sqlite|Login Data"
)
TOLD = re.compile(r"\$\((?:env|printenv|set|history)\b|`(?:env|printenv)`")
UPLOADS = re.compile(
    r"(-d|--data(-binary|-raw|-urlencode|-ascii)?|-F|--form|-T|--upload-file|--post-file|--post-data|--body-file)(=.*)?"
    r"|-[dFT].+"
)
NO_TLS = re.compile(
    r"--insecure|--no-check-certificate|--insecure-skip-tls-verify(=true)?|--trusted-host(=.*)?|"
    r"http\.sslVerify=false|--no-verify-ssl"
)
NO_TLS_SETTINGS = re.compile(
    r"(NODE_TLS_REJECT_UNAUTHORIZED|PYTHONHTTPSVERIFY)=[\"']?0|GIT_SSL_NO_VERIFY=[\"']?(1|true)|"
    r"http\.sslVerify[ =][\"']?false|strict-ssl[ =]false|--(?:extra-)?index-url[ =]http://(?!localhost|127\.)"
)
LOCAL = re.compile(r"localhost|127\.0\.0\.1|\[::1\]|0\.0\.0\.0|\.local\b|\.test\b|host\.docker\.internal")
RUN_BY_PYTHON = re.compile(r"\b(exec|eval)\(.{0,200}(b64decode|urlopen|requests\.get|fromhex)")
INSTALLERS = re.compile(  # the scripts by which the makers of a tool tell everyone to install it
    r"https://(?:astral\.sh/|sh\.rustup\.rs|get\.docker\.com|bun\.(?:sh|com)/|deno\.land/|fnm\.vercel\.app|aka\.ms/|"
    r"aspire\.dev/|ollama\.com/|fly\.io/|get\.pnpm\.io/|install\.python-poetry\.org|pixi\.sh/|mise\.run|claude\.ai/|"
    r"raw\.githubusercontent\.com/(?:Homebrew/install|nvm-sh/nvm|helm/helm|k3d-io/k3d|nektos/act)/|"
    r"get\.(?:helm\.sh|k3s\.io|volta\.sh)|foundry\.paradigm\.xyz|cli\.github\.com/|deb\.nodesource\.com/|"
    r"install\.[\w-]+\.\w+/?(?=[\s|])|[\w.-]+/(?:[\w.-]+/)*install(?:er)?\.sh(?=[\s|]))"
)
MOST = 20  # what is looked at inside one command: substitutions nest without end
PROMPT = re.compile(r"(?m)^[$%>] (?=\S)")


class Danger(NamedTuple):
    """Something dangerous in a text: its line from 1 on, the kind of danger, and what it does."""

    line: int
    kind: str
    message: str


@functools.lru_cache(maxsize=1024)
def hazards(code: str) -> tuple[Danger, ...]:
    """The dangerous commands of a shell text, each once, in the order of their lines."""
    if not SUSPECTS.search(code):
        return ()
    code = PROMPT.sub("  ", code)
    root = parsed(code)
    found = dict.fromkeys((*_pipelines(root), *_alone(root), *_settings(code), *_downloads(root)))
    first = {(h.line, h.kind): h for h in reversed(found)}
    return tuple(sorted(first.values()))


def fetches(code: str) -> bool:
    """Whether a shell text talks to the network."""
    if not re.search(r"curl|wget|\bnc\b|ncat|\bnpx\b|uvx|Invoke-|iwr|https?://", code):
        return False
    names = {command.name for command in commands(parsed(code))}
    return bool({*FETCHERS, "nc", "ncat", "npx", "uvx"} & names)


def _pipelines(root: Node) -> Iterator[Danger]:
    """What one command hands to the next through a pipe."""
    for pipe in nodes(root, "pipeline"):
        parts = [list(islice(commands(child), 1)) for child in pipe.children if child.is_named]
        firsts = [part[0] for part in parts if part]
        for number, command in enumerate(firsts):
            before = firsts[:number]
            source = next((c.name for c in before if c.name in FETCHERS or _decodes(c)), "")
            if source and _runs_input(command):
                how = "fetched" if source in FETCHERS else "decoded"
                kind = "installer" if how == "fetched" and INSTALLERS.search(text_of(pipe)) else "fetched"
                yield Danger(line_of(pipe), kind, f"runs what {source} has {how}")
            elif _uploads(command) and any(SECRETS.search(text_of(c.node)) or _tells_environment(c) for c in before):
                yield Danger(line_of(pipe), "leaking", f"hands secrets to {command.name}")


def _runs_input(command: Command) -> bool:
    """Whether a command runs what comes through the pipe: a shell does, an interpreter does unless told what to run."""
    if command.name in SHELLS:
        return "-c" not in command.words
    if command.name == "xargs":
        return bool(SHELLS & set(command.words))
    return command.name in INTERPRETERS and not [word for word in command.words if word != "-"]


def _decodes(command: Command) -> bool:
    words = set(command.words)
    if command.name in {"base64", "openssl", "base32"}:
        return bool(words & {"-d", "-D", "--decode", "-di"})
    return command.name == "xxd" and any(word.startswith("-r") for word in words)


def _uploads(command: Command) -> bool:
    if command.name in {"nc", "ncat", "netcat"}:
        return True
    return command.name in {"curl", "wget"} and any(UPLOADS.fullmatch(word) for word in command.words)


def _tells_environment(command: Command) -> bool:
    return not command.words and (command.name or text_of(command.node).strip()) in {
        "env",
        "printenv",
        "set",
        "history",
    }


def _alone(root: Node) -> Iterator[Danger]:
    """What a command does by itself."""
    for command in commands(root):
        text, line = text_of(command.node), line_of(command.node)
        if _runs_fetched(command, text):
            yield Danger(line, "fetched", f"{command.name} runs what it has fetched or decoded")
        elif fault := _destroys(command):
            yield Danger(line, "destructive", fault)
        elif _leaks(command):
            yield Danger(line, "leaking", f"{command.name} sends secrets away or opens a shell to others")
        elif _skips_tls(command) and not LOCAL.search(text):
            yield Danger(line, "tls", f"{command.name} does not check certificates")


def _runs_fetched(command: Command, text: str) -> bool:
    """Whether a command runs what another one inside it fetches."""
    if command.name in INTERPRETERS and RUN_BY_PYTHON.search(text):
        return True
    is_runner = command.name in {*SHELLS, *INTERPRETERS, "eval", "source", "."}
    return is_runner and _substitutes_fetched(command.node)


def _substitutes_fetched(node: Node) -> bool:
    for kind in ("command_substitution", "process_substitution"):
        for inner in islice(nodes(node, kind), MOST):
            if any(c.name in FETCHERS or _decodes(c) for c in islice(commands(inner), MOST)):
                return True
    return False


def _destroys(command: Command) -> str:
    targets = [word for word in command.words if not word.startswith("-")]
    flags = "".join(word.lstrip("-") for word in command.words if word.startswith("-"))
    everything = next((word for word in targets if EVERYTHING.fullmatch(word.replace('"', ""))), "")
    if (
        command.name == "rm"
        and ("r" in flags.lower() or "--recursive" in command.words)
        and everything not in {"", "*"}
    ):
        return f"deletes everything below {everything}"
    if command.name in {"chmod", "chown"} and "R" in flags and everything in {"/", "/*", "~", "/etc", "/usr"}:
        return f"changes everything below {everything}"
    if command.name == "dd" and any(re.match(r"of=/dev/(sd|nvme|hd|disk|vd|mmc)", word) for word in targets):
        return "overwrites a disk"
    if command.name.startswith("mkfs") and any(word.startswith("/dev/") for word in targets):
        return "formats a disk"
    if command.name == "find" and targets[:1] in (["/"], ["~"]) and "-delete" in command.words:
        return f"deletes everything below {targets[0]}"
    return ""


def _leaks(command: Command) -> bool:
    if command.name in {"nc", "ncat", "netcat"} and {"-e", "-c", "--exec"} & set(command.words):
        return True
    if command.name in {"scp", "rsync"} and command.words:
        return bool(SECRETS.search(" ".join(command.words[:-1]))) and ":" in command.words[-1]
    if command.name not in {"curl", "wget"}:
        return False
    pairs = pairwise((*command.words, ""))
    sent = [f"{word} {after}" for word, after in pairs if UPLOADS.fullmatch(word)]
    asked = [word for word in command.words if "://" in word and ("$(" in word or "`" in word)]
    return any(SECRETS.search(text) or TOLD.search(text) for text in (*sent, *asked))


def _skips_tls(command: Command) -> bool:
    short = command.name == "curl" and any(re.fullmatch(r"-[a-zA-Z]*k[a-zA-Z]*", word) for word in command.words)
    return short or any(NO_TLS.fullmatch(word) for word in command.words)


def _settings(code: str) -> Iterator[Danger]:
    """Dangers that are no command: variables, redirections, functions."""
    for number, line in enumerate(code.split("\n"), 1):
        if line.lstrip().startswith("#"):
            continue
        if NO_TLS_SETTINGS.search(line):
            yield Danger(number, "tls", "certificates are not checked")
        if re.search(r"/dev/tcp/[\w.$]", line) and re.search(r"\b(bash|sh|exec)\b.*(-i\b|>&)", line):
            yield Danger(number, "leaking", "opens a shell to others")
        if re.search(r">\s*/dev/(sd|nvme|hd|disk|vd)[a-z0-9]*", line):
            yield Danger(number, "destructive", "overwrites a disk")
        if re.search(r":\(\)\s*\{\s*:\s*\|\s*:\s*&\s*\}\s*;\s*:", line):
            yield Danger(number, "destructive", "starts processes without end")


def _downloads(root: Node) -> Iterator[Danger]:
    """Files that are fetched and then run by the same text."""
    for command, by in runs_of_downloads(root):
        yield Danger(line_of(command.node), "fetched", f"runs what {by} has fetched")
