"""The tool for message catalogues: what it finds, keeps and refuses."""

from pathlib import Path

import pytest

from tools import messages
from tools.messages import Found, in_python, in_template

PYTHON = """
from django.utils.translation import gettext as _, ngettext_lazy, pgettext
title = _("Sign " "in")
tries = ngettext_lazy("%(n)d try", "%(n)d tries", "n")
may = pgettext("month", "May")
"""


@pytest.fixture
def catalogue(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Empty catalogues for a package with three messages."""
    monkeypatch.setattr(messages, "LOCALE", tmp_path)
    monkeypatch.setattr(messages, "in_package", lambda: tuple(in_python(PYTHON, "a.py")))
    messages.extract()


def test_a_text_that_is_no_plain_string_is_refused() -> None:
    source = "from django.utils.translation import gettext as _\n_(name)"
    with pytest.raises(ValueError, match=r"a\.py:2"):
        list(in_python(source, "a.py"))


def test_messages_of_a_module_are_found() -> None:
    assert list(in_python(PYTHON, "a.py")) == [
        Found("a.py", "Sign in"),
        Found("a.py", "%(n)d try", plural="%(n)d tries"),
        Found("a.py", "May", context="month"),
    ]


def test_messages_of_a_template_are_what_django_asks_for() -> None:
    source = """{% load i18n %}{# _("not this") #}{% translate "It's here" %}{{ _("Yes") }}
        {% blocktranslate trimmed count n=n %}
            {{ n }} try at 100%
        {% plural %}
            {{ n }} tries at 100%
        {% endblocktranslate %}{% translate "May" context "month" %}"""
    found = {(one.context, one.msgid) for one in in_template(source, "a.html")}
    assert found == {(None, "It's here"), (None, "Yes"), (None, "%(n)s try at 100%%"), ("month", "May")}


@pytest.mark.usefixtures("catalogue")
def test_a_translation_for_nothing_or_with_too_few_forms_is_refused() -> None:
    refused = messages.take("ru", {"Sign in": ["Войти"], "%(n)d try": ["одна", "две"], "Gone": "Нет"})
    assert refused == ["Sign in", "%(n)d try", "Gone"]
    assert len(messages.export("ru")) == 3


@pytest.mark.usefixtures("catalogue")
def test_translations_come_in_are_kept_and_are_compiled() -> None:
    given = {"Sign in": "Войти", "%(n)d try": ["%(n)d раз", "%(n)d раза", "%(n)d раз"], "month|May": "Май"}
    assert messages.take("ru", given) == []
    messages.extract()
    messages.compile_()
    assert messages.export("ru") == []
    assert messages.compiled("ru") == {name: [text] if isinstance(text, str) else text for name, text in given.items()}


@pytest.mark.usefixtures("catalogue")
def test_a_message_that_nobody_says_any_more_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    messages.take("id", {"Sign in": "Masuk"})
    monkeypatch.setattr(messages, "in_package", lambda: (Found("a.py", "Sign in to it"),))
    messages.extract()
    assert "Masuk" not in messages.po_path("id").read_text()
    assert [one["msgid"] for one in messages.export("id")] == ["Sign in to it"]


@pytest.mark.usefixtures("catalogue")
def test_check_tells_what_is_missing_and_what_is_stale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(messages, "LANGUAGES", ("id",))
    messages.take("id", {"Sign in": "Masuk", "month|May": "Mei"})
    problems = "\n".join(messages.check())
    assert "id: django.mo is not in step" in problems
    assert "id: no translation of '%(n)d try'" in problems
    messages.take("id", {"%(n)d try": ["%(n)d kali"]})
    messages.compile_()
    assert messages.check() == []
