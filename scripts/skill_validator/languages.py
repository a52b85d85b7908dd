"""The names of languages as fences say them, and the nearest of some names to a misspelt one."""

from __future__ import annotations

from collections.abc import Iterable

# What a fence may say for a language that the validator parses.
ALIASES = {
    "bash": "bash",
    "cfg": "ini",
    "ini": "ini",
    "json": "json",
    "postgresql": "sql",
    "py": "python",
    "py3": "python",
    "python": "python",
    "python3": "python",
    "sh": "sh",
    "shell": "sh",
    "sql": "sql",
    "toml": "toml",
    "yaml": "yaml",
    "yml": "yaml",
    "zsh": "sh",
}

# What the highlighters of GitHub and editors know besides. A stranger's fence is misspelt where it is near one of
# the names above and is none of these.
OTHERS = frozenset(
    """
    1c abap abnf ada adoc apache apex apl applescript arduino arm armasm asciidoc asm aspnet assembly astro autohotkey
    awk azurecli basic bat batch batchfile bazel bibtex bicep bison blade bnf brainfuck bsh c c++ c3 cairo cc cjs
    clarity clj clojure cmake cmd cobol code coffee coffeescript console cpp cr cron crontab crystal cs csharp cshtml
    csp css csv cts cuda cypher d dart dax delphi dhall diff django docker dockerfile dockerignore dos dot dotenv dtd
    ebnf edn eex ejs elisp elixir elm email env erb erl erlang excel f90 fasta fish flow fortran fs fsharp ftl gcode
    gdscript gherkin git gitattributes gitignore glsl gml go golang gradle graphql graphviz groovy h haml handlebars
    haskell haxe hbs hcl heex helm hex hjson hlsl hpp hs htm html htmlbars http hurl hxx hy iecst ignore inf info java
    javascript jinja jinja2 jl jql jqlang jq js json5 jsonc jsonl jsonnet jsp jsx julia jupyter just justfile k kdl ki
    kotlin kql ks kt kts kusto latex ldif lean less lisp liquid llvm log logs lua m make makefile markdown markup
    mathematica matlab md mdc mdx mermaid mjs ml mojo move mts mysql nasm ndjson nextflow nginx nim nix nushell nu
    objc objectivec objective-c ocaml octave odin openscad output pascal patch perl perl6 php pl plain plaintext
    plantuml plist plpgsql plsql po pony postcss powerquery powershell prisma prolog promql prompt properties proto
    protobuf ps1 pseudo pseudocode psql pug puppet purescript pwsh pycon pytb python-repl q qml r racket raku rb
    reason reasonml regex regexp requirements rest rescript rmd robot ron rs rst rs ruby rust sass sas scala scheme
    scss sed sent session shell-session shellscript shellsession smali smalltalk smarty sol solidity soql sparql spec
    spl spss sql+jinja sqlite starlark stata styl stylus sv svelte svg swift systemd systemverilog sysml tcl tcsh
    template terminal terraform tex text textproto tf tfvars thrift toon tql tree ts tsql tsv tsx twig txt typ
    typescript typespec typst unison url v vb vba vbnet vbs verilog vhdl vim viml vue vtt wasm wat webidl wgsl wiki wit
    xaml xhtml xml xpath xquery xsd xslt yacc yang zig zsh-session
    """.split()  # noqa: SIM905 - a list of strings would be a line each
)


def nearest(word: str, names: Iterable[str]) -> str | None:
    """The one of `names` that a single slip of the fingers turns into `word`: a letter lost, added, changed, swapped.

    Words of fewer than four letters are too near to everything.
    """
    if len(word) < 4:
        return None
    return next((name for name in sorted(names) if len(name) > 2 and _one_slip(word, name)), None)


def _one_slip(word: str, name: str) -> bool:
    if word == name or abs(len(word) - len(name)) > 1:
        return False
    start = next((n for n, (a, b) in enumerate(zip(word, name, strict=False)) if a != b), min(len(word), len(name)))
    rest, other = word[start:], name[start:]
    swapped = rest[:2] == other[1::-1] and rest[2:] == other[2:] if len(other) > 1 else False
    return rest[1:] == other[1:] or rest[1:] == other or rest == other[1:] or swapped
