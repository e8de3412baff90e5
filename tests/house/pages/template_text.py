"""Reads templates: what a browser would get, and untranslated words."""

import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

UNSEEN = re.compile(
    r"\{#.*?#\}"
    r"|\{%\s*comment\b.*?%\}.*?\{%\s*endcomment\s*%\}"
    r"|\{%\s*block\s+\w+_class\s*%\}.*?\{%\s*endblock\b.*?%\}"
    r"|\{%\s*blocktrans(?:late)?\b.*?%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}",
    re.DOTALL,
)
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
DRAWS = r"include|with|badge|bar|button|card|list_row|notice|state"
LITERAL = re.compile(
    r"""\b(?:\w*label|title|text|heading)=(["'])(.+?)\1"""
    r"""|(?:\bdefault:|%\s*badge )(["'])([^\W\d_a-z].*?)\3"""
)
WORD = re.compile(r"[^\W\d_]{2,}")
SPOKEN = {"alt", "title", "placeholder", "aria-label", "aria-description", "label"}


@dataclass
class Seen:
    """The contents of a template: elements with their attributes, and untranslated words."""

    elements: list[tuple[str, dict[str, str | None]]] = field(default_factory=list)
    words: list[str] = field(default_factory=list)


def look_at(source: str) -> Seen:
    """Read an HTML, Markdown or plain text template."""
    reader = _Reader()
    visible = UNSEEN.sub("", source)
    reader.feed(TAG.sub("", visible))
    reader.close()
    for tag in TAG.findall(visible):
        if re.match(rf"\{{%\s*(?:{DRAWS})\b|\{{\{{", tag):
            reader.seen.words += [word for _, one, _, two in LITERAL.findall(tag) for word in WORD.findall(one + two)]
    return reader.seen


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.seen = Seen()
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside = tag
        self.seen.elements.append((tag, dict(attrs)))
        for name, value in attrs:
            if name in SPOKEN and value:
                self.seen.words += WORD.findall(value)

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside not in ("script", "style"):
            self.seen.words += WORD.findall(data)
