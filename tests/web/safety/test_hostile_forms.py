"""Forms that no browser sends: a clear error, never a server error."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mypolis.foundation.journeys.models import Journey
from tests.house.pages.test_pages import assert_guarded, assert_well_made
from tests.web.site import FIRST_PAGES

FORMS = ["/rs/register/", "/rs/signin/", "/rs/recover/", "/id/register/", "/id/register/group/", "/id/signin/",
         "/id/recover-username/group/", "/ru/register/", "/ru/recover/"]  # fmt: skip
FIELDS = ["email", "mobile", "national_id", "policy_number", "participant_number", "username", "password", "captcha",
          "captcha_form", "birth_date", "birth_date_day", "birth_date_month", "birth_date_year", "surname",
          "policy_type", "code", "accept_rules"]  # fmt: skip
BOUNDED = "multipart/form-data; boundary=x"
MULTIPART = b'--x\r\nContent-Disposition: form-data; name="step"\r\n\r\nidentity\r\n--x--\r\n'


@pytest.fixture
def visitor(client: Client, db: None) -> Client:
    """A client that gets the error page instead of the exception."""
    client.raise_request_exception = False
    return client


def first_step(client: Client, address: str) -> str:
    """Return the name of the step that the page shows."""
    name: str = client.get(address).context["step"].name
    return name


@pytest.mark.parametrize("address", FORMS)
@pytest.mark.parametrize(
    "value",
    [
        "\x00",
        "a\x00b",
        "\u202eabc",
        "\ufeff",
        "\N{PILE OF POO}",
        "<script>alert(1)</script>",
        "%s{{7*7}}",
        "9" * 60_000,
    ],
    ids=lambda value: ascii(value)[:20],
)
def test_odd_values_in_every_field_show_the_form_again(visitor: Client, address: str, value: str) -> None:
    fields = FIELDS if len(value) < 1_000 else FIELDS[:3]
    response = visitor.post(address, {"step": first_step(visitor, address), **dict.fromkeys(fields, value)})
    assert response.status_code == 422
    assert_well_made(response)
    assert b"<script>alert" not in response.content


@pytest.mark.parametrize("address", FORMS)
@pytest.mark.parametrize(
    "form",
    [{"step": "nothing"}, {"step": ""}, {"step": "code"}, {"step": "a\x00"}, {"back": "nothing"}, {"back": ""}],
    ids=str,
)
def test_a_step_that_is_not_there_leads_back_to_the_page(visitor: Client, address: str, form: Any) -> None:
    response = visitor.post(address, form)
    assert (response.status_code, response.get("Location")) == (302, address)


@pytest.mark.parametrize("address", FORMS)
@pytest.mark.parametrize("form", [{}, {"resend": "1"}, {"switch_language": "xx"}, {"switch_language": "\x00"}], ids=str)
def test_a_form_without_a_step_never_fails(visitor: Client, address: str, form: Any) -> None:
    assert visitor.post(address, form).status_code in (302, 422)
    assert visitor.get(address).status_code == 200


@pytest.mark.parametrize("address", FORMS)
def test_more_than_a_hundred_fields_are_a_400(visitor: Client, address: str) -> None:
    response = visitor.post(address, {f"field{number}": "x" for number in range(150)})
    assert response.status_code == 400
    assert_well_made(response)
    assert_guarded(response)


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_above_256_kilobytes_is_a_413(visitor: Client, content_type: str) -> None:
    big = b"step=identity&email=" + b"a" * 300_000
    if content_type.startswith("multipart"):
        big = MULTIPART.replace(b"identity", b"a" * 300_000)
    response = visitor.generic("POST", "/rs/signin/", big, content_type)
    assert response.status_code == 413
    assert_well_made(response)
    assert_guarded(response)


def test_a_file_where_a_text_belongs_is_an_empty_field(visitor: Client) -> None:
    file = SimpleUploadedFile("a.txt", b"x" * 10_000)
    response = visitor.post("/rs/signin/", {"step": "credentials", "email": file, "password": file})
    assert response.status_code == 422


@pytest.mark.parametrize("charset", ["rot13", "hex", "idna", "punycode", "utf-16", "utf-7", "nothing"])
@pytest.mark.parametrize("kind", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
def test_a_form_is_read_as_utf_8_whatever_it_claims(visitor: Client, charset: str, kind: str) -> None:
    body = MULTIPART if "multipart" in kind else b"step=identity"
    response = visitor.generic("POST", "/rs/recover/", body, f"{kind}; charset={charset}")
    assert response.status_code == 422


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=", b"x"),
        ("multipart/form-data; boundary=" + "x" * 300, b"x"),
        (BOUNDED, b"--x\r\nContent-Disposition: form-data; name*=utf-8''%ff\r\n\r\n\r\n--x--"),
        (BOUNDED, b"--x\r\n" + b"A: b\r\n" * 2_000 + b"\r\n--x--"),
        (BOUNDED, MULTIPART.replace(b"\r\n\r\n", b"\r\nContent-Transfer-Encoding: base64\r\n\r\n=")),
        ("application/json", b'{"step": "identity"}'),
        ("text/plain", b"step=identity"),
        ("", b"step=identity"),
        ("application/x-www-form-urlencoded", b"%%%=%zz&\xff=\xfe&step=%00"),
    ],
)  # fmt: skip
def test_a_body_that_is_no_form_never_fails(visitor: Client, content_type: str, body: bytes) -> None:
    response = visitor.generic("POST", "/rs/recover/", body, content_type)
    assert response.status_code in (302, 400, 422)


@pytest.mark.parametrize("cookie", ["", "x", "\x00", "a" * 4_000, "é", "../..", '"', "a b; c"])
@pytest.mark.parametrize("address", [*FIRST_PAGES, "/rs/home/", "/"])
def test_cookies_that_nobody_set_are_as_none(visitor: Client, address: str, cookie: str) -> None:
    market = address.split("/")[1]
    kind = address.split("/")[2] if market else ""
    for name in (f"journey-{kind}", "session", "device", "language"):
        visitor.cookies[f"{name}-{market or 'all'}"] = cookie
    response = visitor.get(address)
    assert response.status_code == (302 if "home" in address else 200)


@pytest.mark.parametrize("address", [*FIRST_PAGES, "/id/claims/", "/id/uploads/", "/nowhere/"])
def test_a_null_character_in_the_query_is_a_400(visitor: Client, address: str) -> None:
    response = visitor.get(f"{address}?claim=a%00b")
    assert response.status_code == 400
    assert_guarded(response)
    assert visitor.get(f"/api/v1{address}?claim=a%00b")["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("token", ["x", "%00", "%ff", "é", "a" * 5_000, "%2e%2e", "%0d%0aX:y", "<script>"])
@pytest.mark.parametrize("kind", ["i", "e"])
def test_a_link_that_nobody_sent_is_a_410(visitor: Client, kind: str, token: str) -> None:
    for response in (visitor.get(f"/ru/{kind}/{token}"), visitor.post(f"/ru/{kind}/{token}", {"step": "identity"})):
        assert response.status_code == 410
        assert_well_made(response)
    assert not Journey.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {"user-agent": "a\x00b\r\nc"},
        {"user-agent": "\xff" * 5_000},
        {"accept-language": "\x00" * 300},
        {"referer": "http://elsewhere.test/\x00"},
        {"x-forwarded-for": "not an address, \x00"},
        {"forwarded": "for=x"},
        {"content-length": "many"},
    ],
    ids=str,
)
def test_odd_headers_change_nothing(visitor: Client, headers: dict[str, str]) -> None:
    form = {"step": "credentials", "email": "a@b.example", "password": "wrong"}
    assert visitor.post("/rs/signin/", form, headers=headers).status_code in (302, 422)
    assert visitor.get("/rs/signin/", headers=headers).status_code == 200
