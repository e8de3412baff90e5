"""The reader of templates finds what it should; otherwise the rules would check nothing."""

import pytest

from tests.house.pages.template_text import look_at


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>Hello {{ name }}</p>", ["Hello"]),
        ('<input placeholder="Your name">', ["Your", "name"]),
        ('{% include "a.html" with label="Go on" only %}', ["Go", "on"]),
        ('{% button label="Go on" kind="plain" %}', ["Go", "on"]),
        ('{% badge "Paid" "good" %}', ["Paid"]),
        ('{{ name|default:"Nobody" }}', ["Nobody"]),
        ("{% if a %}Да{% endif %}", ["Да"]),
        ('<p class="lead">{% translate "Hello" %}</p>', []),
        ("{% blocktranslate trimmed with a=b %}Hello {{ a }}{% endblocktranslate %}", []),
        ("{# Hello #}{% comment %}Hello{% endcomment %}", []),
        ("{% block page_class %} page-narrow{% endblock %}", []),
        ('{% include "a.html" with label=_("Go on") name="user" %}', []),
    ],
)
def test_only_bare_words_are_told(source: str, words: list[str]) -> None:
    assert look_at(source).words == words


def test_attributes_are_seen_through_the_tags_around_them() -> None:
    source = '<a {% if a %}onclick="x()"{% endif %} style="{{ b }}">'
    assert look_at(source).elements == [("a", {"onclick": "x()", "style": ""})]
