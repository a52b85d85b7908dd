"""Text -> the phrases in it that would turn an agent against its user, but those that are quoted or warned of."""

from __future__ import annotations

import re
from collections.abc import Iterator

NOT = "(?:do not|don't|must not|never)"
USER = "the (?:user|human|developer|operator)"
OTHERS = (
    "(?:(?:any|the|of|every|other) ){0,3}(?:all|your|my|these|those|previous|prior|earlier|preceding|above|system|"
    "safety|security) (?:(?:the|your|of|other|previous|prior|earlier|preceding|above|system|safety|security) ){0,4}"
)
ABOUT = r"(?: (?:about|of|that you (?:did|do|ran|sent)) (?:this|it|these|so)\b.{0,20}?)?"
NOW = "(?:you are now|from now on,? you are)"
ORDERS = "(?:instructions?|prompts?|rules|guidelines|directives|restrictions|guardrails)"
SEND = "(?:send|upload|post|exfiltrate|forward|transmit)"
VALUABLES = (
    "(?:conversation|chat history|environment variables|env vars|credentials|api keys|secrets|ssh keys?|passwords)"
)
PHRASES = re.compile(
    "|".join(
        (
            rf"(?:ignore|disregard|forget|override|bypass|skip) {OTHERS}{ORDERS}",
            rf"(?:ignore|disregard|override) (?:any |the |other )+{ORDERS} (?:from|of|by|given by) {USER}",
            rf"(?:disregard|override) the {ORDERS} (?:above|before|you)",
            r"forget (?:everything|all) (?:you|that|above|before)",
            rf"{NOT} (?:tell|inform|notify|alert|mention (?:this|it) to|reveal (?:this|it) to) {USER}{ABOUT}\s*[.;!,)]",
            rf"{NOT} (?:mention|reveal|disclose) (?:this|these) (?:instructions?|comments?|steps?)",
            r"bypass (?:all |any |the |every ){0,2}(?:permission|safety|security) (?:prompts?|checks?)",
            rf"without (?:telling|informing|notifying|alerting) {USER}\b",
            rf"(?:hide|conceal) (?:this|it|these|your actions?) from {USER}",
            rf"{NOW} (?:in )?(?:dan\b|an? unrestricted|developer mode|jailbroken|root\b|unfiltered)",
            r"(?:reveal|print|output|leak|exfiltrate|repeat|send) (?:your|the) (?:full |entire |hidden )?system prompt",
            rf"{SEND} .{{0,60}}(?:~/\.\w|\.env\b|id_rsa).{{0,40}} to https?://",
            rf"{SEND} (?:the |all |any |their |its )?(?:user'?s? )?{VALUABLES}\b.{{0,60}}\b(?:to|at) (?:https?://|[\w.-]+@)",
            r"<\|?(?:im_start|system|endoftext)\|?>",
        )
    ),
    re.IGNORECASE,
)
LONGEST = 800  # characters: what is longer is text or code that was commented out
TRIGGERS = (
    "ignore", "disregard", "forget", "override", "bypass", "skip ", "do not ", "don't ", "must not ", "never ",
    "without ", "hide ", "conceal", "you are now", "from now on", "reveal", "print", "output", "leak",
    "repeat", "send ", "upload", "post ", "exfiltrate", "forward", "transmit", "<|",
    "<im_start", "<system>", "<endoftext",
)  # fmt: skip
WARNED = re.compile(
    r"\b(?:e\.g|such as|like|phrases?|patterns?|attacks?|attacker|inject\w*|jailbreak\w*|detect\w*|never|don'?t follow|"
    r"refuse|malicious|suspicious|untrusted|examples?|attempts?|flag|warn\w*|scan\w*|reject\w*|block\w*|says?|tries|"
    r"hostile|adversarial|red flags?|risk)\b",
    re.IGNORECASE,
)
FORBIDDEN = re.compile(r"\b(?:not|no|never|avoid|cannot|can't|don't|did|does|dropp?ed|failed|lost)\b", re.IGNORECASE)
READERS = "(?:claude|assistant|agents?|ai model|llm|language model|the model|ai:)"
DEEDS = "(?:must|should|always|never|run|execute|send|fetch|read|ignore|install|upload|do not)"
ADDRESSED = re.compile(
    rf"\b{READERS}\b[^.!?]{{0,80}}\b{DEEDS}\b"
    r"|\b(?:run|execute|curl|wget|fetch|download|install|upload|exfiltrate)\b.{0,60}"
    r"(?:https?://|\||~/\.|\.env\b|\$\()"
    r"|\byou (?:must|should|will|are to) (?:always |never |first )?"
    r"(?:send|run|execute|ignore|fetch|upload|install|approve|read|post)\b"
    r"|\b(?:always|secretly|silently|quietly) (?:run|execute|send|add|include|approve|read|fetch|install|insert)\b",
    re.IGNORECASE | re.DOTALL,
)


def persuasions(text: str, *, is_hidden: bool = False) -> Iterator[tuple[int, str]]:
    """The phrases: offset and words. In hidden text nothing is quoted or warned of."""
    flat = text.replace("\n", " ")
    small = flat.lower()
    for start in sorted({at for word in TRIGGERS for at in _places(small, word)}):
        found = PHRASES.match(flat, start)
        if found and (is_hidden or not _is_harmless(text, found.start(), found.end())):
            yield start, found[0].strip()


def _places(text: str, word: str) -> Iterator[int]:
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)


def _is_harmless(text: str, start: int, end: int) -> bool:
    """Whether a phrase is quoted, or stands in a sentence that warns of it, forbids it or asks about it."""
    if _is_quoted(text, start, end) or WARNED.search(text[max(0, start - 160) : end + 160]):
        return True
    before = re.split(r"[.!?]\s|\n\s*\n", text[max(0, start - 160) : start])[-1]
    return text[start : start + 7].lower() == "without" and bool(FORBIDDEN.search(before))


def addresses_agent(text: str) -> bool:
    """Whether a hidden text tells an agent to do something."""
    return len(text) < LONGEST and "```" not in text and bool(ADDRESSED.search(text))


def _is_quoted(text: str, start: int, end: int) -> bool:
    """Whether quotation marks or backticks stand around a phrase in its line."""
    before = text[max(0, start - LONGEST) : start].rpartition("\n")[2]
    after = text[end : end + LONGEST].partition("\n")[0]
    return any(
        before.count(opening) % 2 == 1 and closing in after
        for opening, closing in (('"', '"'), ("`", "`"), ("'", "'"), ("*", "*"))
    ) or ("“" in before and "”" in after)
