"""Every response to anybody has every security header. No route can be forgotten."""

from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.test import Client
from django.urls import get_resolver
from django.urls.resolvers import URLResolver

from mypolis.membership.accounts.models import Account
from tests.doors import ApiDoor, PageDoor
from tests.post import Post
from tests.web.belongings import NOBODYS, belongings
from tests.web.safety.headers import CSP, assert_headers
from tests.web.safety.sessions import signed_in

# Every route of the portal with one of its URLs. A new route fails the first test until it is listed here.
ADDRESSES = {
    "healthz": "/healthz",
    "readyz": "/readyz",
    "metrics": "/metrics",
    ".well-known/security.txt": "/.well-known/security.txt",
    ".well-known/change-password": "/.well-known/change-password",
    "api/v1/openapi.json": "/api/v1/openapi.json",
    "api/v1/": "/api/v1/",
    "api/v1/<market>": "/api/v1/ru",
    "api/v1/<market>/captcha": "/api/v1/ru/captcha",
    "api/v1/<market>/documents/<key>": "/api/v1/ru/documents/rules",
    "api/v1/<market>/journeys": "/api/v1/ru/journeys",
    "api/v1/<market>/journeys/<token>": "/api/v1/ru/journeys/x",
    "api/v1/<market>/journeys/<token>/back": "/api/v1/ru/journeys/x/back",
    "api/v1/<market>/journeys/<token>/resend": "/api/v1/ru/journeys/x/resend",
    "api/v1/<market>/journeys/<token>/return": "/api/v1/ru/journeys/x/return",
    "api/v1/<market>/me": "/api/v1/ru/me",
    "api/v1/<market>/me/devices": "/api/v1/ru/me/devices",
    "api/v1/<market>/me/devices/signout": "/api/v1/ru/me/devices/signout",
    "api/v1/<market>/me/password": "/api/v1/ru/me/password",
    "api/v1/<market>/partner": "/api/v1/ru/partner",
    "api/v1/<market>/plan-books": "/api/v1/ru/plan-books",
    "api/v1/<market>/cover/entries": "/api/v1/ru/cover/entries",
    "inbox/": "/inbox/",
    "inbox/messages.json": "/inbox/messages.json",
    "inbox/people.json": "/inbox/people.json",
    "inbox/colleagues.json": "/inbox/colleagues.json",
    "inbox/messages/<int:message_id>.html": "/inbox/messages/1.html",
    "design/": "/design/",
    "": "/",
    "<market:market>/": "/ru/",
    "<market:market>/home/": "/ru/home/",
    "<market:market>/more/": "/ru/more/",
    "<market:market>/brand.css": "/ru/brand.css",
    "<market:market>/logo.svg": "/ru/logo.svg",
    "<market:market>/legal/<slug:key>/": "/ru/legal/rules/",
    "<market:market>/i/<str:token>": "/ru/i/x",
    "<market:market>/return/": "/ru/return/?state=x",
    "<market:market>/register/": "/ru/register/",
    "<market:market>/register/<slug:way>/": "/ru/register/open/",
    "<market:market>/signin/": "/ru/signin/",
    "<market:market>/change-email/": "/ru/change-email/",
    "<market:market>/change-mobile/": "/ru/change-mobile/",
    "<market:market>/link-authenticator/": "/ru/link-authenticator/",
    "<market:market>/unlink-authenticator/": "/ru/unlink-authenticator/",
    "<market:market>/recover/": "/ru/recover/",
    "<market:market>/recover-username/": "/id/recover-username/",
    "<market:market>/recover-username/<slug:way>/": "/id/recover-username/group/",
    "language/": "/language/",
    "<market:market>/e/<str:token>": "/ru/e/x",
    "<market:market>/security/": "/ru/security/",
    "<market:market>/security/password/": "/ru/security/password/",
    "<market:market>/app.webmanifest": "/ru/app.webmanifest",
    "<market:market>/icons/<slug:name>.png": "/ru/icons/192.png",
    "<market:market>/sw.js": "/ru/sw.js",
    "<market:market>/offline/": "/ru/offline/",
    "<market:market>/card/": "/ru/card/",
    "<market:market>/card/offline/": "/ru/card/offline/",
    "<market:market>/card/<str:card>/": "/ru/card/{card}/",
    "<market:market>/card/<str:card>/activate/": "/ru/card/{card}/activate/",
    "<market:market>/card/<str:card>/desk/": "/ru/card/{card}/desk/",
    "<market:market>/card/<str:card>/pdf/": "/ru/card/{card}/pdf/",
    "<market:market>/card/<str:card>/looks/": "/ru/card/{card}/looks/",
    "<market:market>/card/<str:card>/lost/": "/ru/card/{card}/lost/",
    "<market:market>/v/<str:code>": "/ru/v/x",
    "<market:market>/l/<str:code>": "/ru/l/x",
    "<market:market>/g/<str:code>": "/ru/g/x",
    "<market:market>/guarantees/": "/ru/guarantees/",
    "<market:market>/guarantees/ask/": "/ru/guarantees/ask/",
    "<market:market>/guarantees/<uuid:guarantee>/": "/ru/guarantees/00000000-0000-4000-8000-000000000000/",
    "<market:market>/guarantees/<uuid:guarantee>/letter.pdf": (
        "/ru/guarantees/00000000-0000-4000-8000-000000000000/letter.pdf"
    ),
    "api/v1/<market>/provider": "/api/v1/ru/provider",
    "api/v1/<market>/provider/card-checks": "/api/v1/ru/provider/card-checks",
    "api/v1/<market>/guarantees": "/api/v1/ru/guarantees",
    "api/v1/<market>/guarantees/<number>": "/api/v1/ru/guarantees/NOTHING",
    "api/v1/<market>/guarantees/<number>/letter": "/api/v1/ru/guarantees/NOTHING/letter",
    "api/v1/<market>/provider/guarantees": "/api/v1/ru/provider/guarantees",
    "api/v1/<market>/policies": "/api/v1/ru/policies",
    "api/v1/<market>/policies/<policy>": "/api/v1/ru/policies/{policy}",
    "api/v1/<market>/cover": "/api/v1/ru/cover",
    "api/v1/<market>/benefits/<benefit>": "/api/v1/ru/benefits/{benefit}",
    "api/v1/<market>/cards": "/api/v1/ru/cards",
    "api/v1/<market>/cards/<card>": "/api/v1/ru/cards/{card}",
    "api/v1/<market>/cards/<card>/activate": "/api/v1/ru/cards/{card}/activate",
    "api/v1/<market>/cards/<card>/looks": "/api/v1/ru/cards/{card}/looks",
    "api/v1/<market>/cards/<card>/pdf": "/api/v1/ru/cards/{card}/pdf",
    "api/v1/<market>/cards/<card>/qr": "/api/v1/ru/cards/{card}/qr",
    "api/v1/<market>/cards/<card>/reissue": "/api/v1/ru/cards/{card}/reissue",
    "api/v1/<market>/card-check/<token>": "/api/v1/ru/card-check/x",
    "api/v1/<market>/letters": "/api/v1/ru/letters",
    "api/v1/<market>/letters/<letter>/pdf": "/api/v1/ru/letters/{letter}/pdf",
    "api/v1/<market>/letter-check/<code>": "/api/v1/ru/letter-check/x",
    "api/v1/<market>/cover/search": "/api/v1/ru/cover/search",
    "api/v1/<market>/policies/<policy>/documents": "/api/v1/ru/policies/{policy}/documents",
    "api/v1/<market>/policies/<policy>/documents/<document>": "/api/v1/ru/policies/{policy}/documents/{document}",
    "api/v1/<market>/policies/<policy>/payments": "/api/v1/ru/policies/{policy}/payments",
    "api/v1/<market>/family": "/api/v1/ru/family",
    "api/v1/<market>/family/privacy": "/api/v1/ru/family/privacy",
    "api/v1/<market>/family/seers": "/api/v1/ru/family/seers",
    "api/v1/<market>/family/claimable": "/api/v1/ru/family/claimable",
    "api/v1/<market>/claim-consents": "/api/v1/ru/claim-consents",
    "api/v1/<market>/claim-consents/<consent>/end": "/api/v1/ru/claim-consents/{consent}/end",
    "api/v1/<market>/mandates": "/api/v1/ru/mandates",
    "api/v1/<market>/mandates/<mandate>/accept": "/api/v1/ru/mandates/{mandate}/accept",
    "api/v1/<market>/mandates/<mandate>/decline": "/api/v1/ru/mandates/{mandate}/decline",
    "api/v1/<market>/mandates/<mandate>/end": "/api/v1/ru/mandates/{mandate}/end",
    "api/v1/<market>/mandates/<mandate>/widen": "/api/v1/ru/mandates/{mandate}/widen",
    "<market:market>/cover/": "/ru/cover/",
    "<market:market>/cover/search/": "/ru/cover/search/",
    "<market:market>/cover/<str:policy>/": "/ru/cover/{policy}/",
    "<market:market>/cover/<str:policy>/<str:benefit>/": "/ru/cover/{policy}/{benefit}/",
    "<market:market>/cover/<str:policy>/documents/<str:document>/": "/ru/cover/{policy}/documents/{document}/",
    "<market:market>/cover/<str:policy>/letters/new/": "/ru/cover/{policy}/letters/new/",
    "<market:market>/letters/<str:letter>/": "/ru/letters/{letter}/",
    "<market:market>/claims/": "/ru/claims/",
    "<market:market>/claims/new/": "/ru/claims/new/",
    "<market:market>/claims/<uuid:claim>/": "/ru/claims/{claim}/",
    "<market:market>/claims/<uuid:claim>/documents/": "/ru/claims/{draft}/documents/",
    "<market:market>/claims/<uuid:claim>/documents/<uuid:file>/remove/": (
        "/ru/claims/{draft}/documents/{claim_file}/remove/"
    ),
    "<market:market>/claims/<uuid:claim>/bills/": "/ru/claims/{draft}/bills/",
    "<market:market>/claims/<uuid:claim>/bills/<uuid:line>/": "/ru/claims/{draft}/bills/{line}/",
    "<market:market>/claims/<uuid:claim>/bills/<uuid:line>/remove/": "/ru/claims/{draft}/bills/{line}/remove/",
    "<market:market>/claims/<uuid:claim>/pay/": "/ru/claims/{draft}/pay/",
    "<market:market>/claims/<uuid:claim>/review/": "/ru/claims/{draft}/review/",
    "<market:market>/claims/<uuid:claim>/discard/": "/ru/claims/{draft}/discard/",
    "<market:market>/uploads/": "/ru/uploads/?claim={draft}",
    "<market:market>/uploads/<uuid:upload>/": "/ru/uploads/{upload}/",
    "api/v1/<market>/claims": "/api/v1/ru/claims",
    "api/v1/<market>/claims/<claim>": "/api/v1/ru/claims/{claim}",
    "api/v1/<market>/claims/<claim>/account": "/api/v1/ru/claims/{returned}/account",
    "api/v1/<market>/claims/<claim>/answers": "/api/v1/ru/claims/{claim}/answers",
    "api/v1/<market>/claims/<claim>/appeal": "/api/v1/ru/claims/{explained}/appeal",
    "api/v1/<market>/claims/<claim>/eob": "/api/v1/ru/claims/{explained}/eob?format=pdf",
    "api/v1/<market>/claims/<claim>/files/<file>": "/api/v1/ru/claims/{claim}/files/{claim_file}",
    "api/v1/<market>/claims/<claim>/send-again": "/api/v1/ru/claims/{explained}/send-again",
    "api/v1/<market>/claims/<claim>/submit": "/api/v1/ru/claims/{draft}/submit",
    "api/v1/<market>/claims/<claim>/withdraw": "/api/v1/ru/claims/{claim}/withdraw",
    "api/v1/<market>/uploads": "/api/v1/ru/uploads?claim={draft}",
    "api/v1/<market>/uploads/<upload>": "/api/v1/ru/uploads/{upload}",
    "api/v1/<market>/partner/claims": "/api/v1/ru/partner/claims",
    "api/v1/<market>/partner/claims/<number>/decision": "/api/v1/ru/partner/claims/x/decision",
    "api/v1/<market>/partner/claims/<number>/files/<file>": "/api/v1/ru/partner/claims/x/files/x",
    "api/v1/<market>/partner/claims/<number>/information-request": "/api/v1/ru/partner/claims/x/information-request",
    "api/v1/<market>/partner/claims/<number>/duplicate": "/api/v1/ru/partner/claims/x/duplicate",
    "api/v1/<market>/partner/clinic-bills": "/api/v1/ru/partner/clinic-bills",
    "api/v1/<market>/claims/<claim>/clinic-bill": "/api/v1/ru/claims/{claim}/clinic-bill",
    "<market:market>/claims/<uuid:claim>/files/<uuid:file>/": "/ru/claims/{claim}/files/{claim_file}/",
    "<market:market>/claims/<uuid:claim>/acknowledgement.pdf": "/ru/claims/{claim}/acknowledgement.pdf",
    "<market:market>/claims/<uuid:claim>/answers/": "/ru/claims/{claim}/answers/",
    "<market:market>/claims/<uuid:claim>/withdraw/": "/ru/claims/{claim}/withdraw/",
    "<market:market>/claims/<uuid:claim>/explanation/": "/ru/claims/{explained}/explanation/",
    "<market:market>/claims/<uuid:claim>/explanation.pdf": "/ru/claims/{explained}/explanation.pdf",
    "<market:market>/claims/<uuid:claim>/appeal/": "/ru/claims/{explained}/appeal/",
    "<market:market>/claims/<uuid:claim>/account/": "/ru/claims/{returned}/account/",
    "<market:market>/claims/<uuid:claim>/again/": "/ru/claims/{explained}/again/",
    "<market:market>/claims/<uuid:claim>/clinic-bill/": "/ru/claims/{claim}/clinic-bill/",
    "<market:market>/claims/statement/<int:year>.pdf": "/ru/claims/statement/{claim_year}.pdf",
    "<market:market>/family/": "/ru/family/",
    "<market:market>/family/people/<str:key>/": "/ru/family/people/{person}/",
    "<market:market>/family/share/": "/ru/family/share/",
    "<market:market>/family/share/sent/": "/ru/family/share/sent/",
    "<market:market>/family/seers/": "/ru/family/seers/",
    "<market:market>/family/privacy/": "/ru/family/privacy/",
    "<market:market>/family/claims/": "/ru/family/claims/",
    "<market:market>/family/claims/<str:key>/ask/": "/ru/family/claims/{person}/ask/",
    "<market:market>/family/consents/<uuid:key>/end/": "/ru/family/consents/{consent}/end/",
    "<market:market>/claim-consent/<str:token>": "/ru/claim-consent/x",
    "<market:market>/family/mandates/<uuid:key>/": "/ru/family/mandates/{mandate}/",
    "<market:market>/family/mandates/<uuid:key>/end/": "/ru/family/mandates/{mandate}/end/",
    "<market:market>/family/mandates/<uuid:key>/claims/": "/ru/family/mandates/{given}/claims/",
    "<market:market>/bank-account/": "/ru/bank-account/",
    "<market:market>/bank-accounts/": "/ru/bank-accounts/",
    "<market:market>/bank-accounts/<uuid:key>/default/": "/ru/bank-accounts/{bank_account}/default/",
    "<market:market>/bank-accounts/<uuid:key>/remove/": "/ru/bank-accounts/{bank_account}/remove/",
    "api/v1/<market>/bank-accounts": "/api/v1/ru/bank-accounts",
    "api/v1/<market>/bank-accounts/<bank_account>": "/api/v1/ru/bank-accounts/{bank_account}",
    "api/v1/<market>/bank-accounts/<bank_account>/default": "/api/v1/ru/bank-accounts/{bank_account}/default",
    "api/v1/schemas/plan-book.json": "/api/v1/schemas/plan-book.json",
    "design/look.css": "/design/look.css",
    "hooks/mail/<slug:reporter>/": "/hooks/mail/x/",
    "hooks/sms/<slug:gateway>/": "/hooks/sms/x/",
    # Last, because they sign the member out.
    "api/v1/<market>/signout": "/api/v1/ru/signout",
    "<market:market>/signout/": "/ru/signout/",
}
THE_SAME_FOR_ALL = {
    *(".well-known/security.txt", "<market:market>/brand.css", "<market:market>/logo.svg", "<market:market>/sw.js"),
    *("<market:market>/app.webmanifest", "<market:market>/icons/<slug:name>.png", "<market:market>/offline/"),
}
NOTHING_RUNS = {"default-src": "'none'", "frame-ancestors": "'none'"}
_CLAIM = "<market:market>/claims/<uuid:claim>"
FILES = {  # with the policy for private files: a PDF that is shown, and files that are saved
    "<market:market>/cover/<str:policy>/documents/<str:document>/": NOTHING_RUNS,
    "<market:market>/letters/<str:letter>/": NOTHING_RUNS,
    f"{_CLAIM}/files/<uuid:file>/": {**NOTHING_RUNS, "sandbox": ""},
    f"{_CLAIM}/acknowledgement.pdf": NOTHING_RUNS,
    f"{_CLAIM}/explanation.pdf": NOTHING_RUNS,
    "<market:market>/claims/statement/<int:year>.pdf": NOTHING_RUNS,
    "api/v1/<market>/claims/<claim>/files/<file>": {**NOTHING_RUNS, "sandbox": ""},
    "api/v1/<market>/claims/<claim>/eob": {**NOTHING_RUNS, "sandbox": ""},
    "<market:market>/card/<str:card>/pdf/": {**NOTHING_RUNS, "sandbox": ""},
    "api/v1/<market>/cards/<card>/pdf": {**NOTHING_RUNS, "sandbox": ""},
    "api/v1/<market>/letters/<letter>/pdf": {**NOTHING_RUNS, "sandbox": ""},
    "api/v1/<market>/policies/<policy>/documents/<document>": {**NOTHING_RUNS, "sandbox": ""},
}
DRAWN = {
    "default-src": "'none'",
    "style-src": "'unsafe-inline'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
    "sandbox": "",
}
# URLs of things that belong to the member. They show the thing; those that only accept a form are left out.
OF_THEIRS = {route for route, address in ADDRESSES.items() if "{" in address} - {
    *("api/v1/<market>/cards/<card>/activate", "api/v1/<market>/cards/<card>/reissue"),
    *(f"api/v1/<market>/mandates/<mandate>/{answer}" for answer in ("accept", "decline", "end", "widen")),
    *("<market:market>/family/mandates/<uuid:key>/end/", "<market:market>/cover/<str:policy>/letters/new/"),
    *("<market:market>/family/claims/<str:key>/ask/", "<market:market>/family/consents/<uuid:key>/end/"),
    "api/v1/<market>/claim-consents/<consent>/end",
    "<market:market>/card/<str:card>/activate/",
    *(f"{_CLAIM}/{form}/" for form in ("answers", "again", "clinic-bill")),
    *(f"{_CLAIM}/{part}/remove/" for part in ("documents/<uuid:file>", "bills/<uuid:line>")),
    *(f"api/v1/<market>/claims/<claim>/{act}" for act in ("account", "answers", "appeal", "clinic-bill")),
    *(f"api/v1/<market>/claims/<claim>/{act}" for act in ("send-again", "submit", "withdraw")),
    *("<market:market>/uploads/<uuid:upload>/", "api/v1/<market>/uploads/<upload>"),  # HEAD alone
    *(f"<market:market>/bank-accounts/<uuid:key>/{act}/" for act in ("default", "remove")),
    *(f"api/v1/<market>/bank-accounts/<bank_account>{act}" for act in ("", "/default")),
}
SHOWN = {
    "stranger": set[str](),
    "member by page": {route for route in OF_THEIRS if not route.startswith("api/")},
    "member by token": {route for route in OF_THEIRS if route.startswith("api/")},
}
METHODS = ("GET", "HEAD", "POST", "PUT", "OPTIONS")


def routes(patterns: Any, before: str = "") -> list[str]:
    """Yield every route of the URL configuration, as it is written there."""
    found = []
    for pattern in patterns:
        path = before + str(pattern.pattern)
        found += routes(pattern.url_patterns, path) if isinstance(pattern, URLResolver) else [path]
    return found


def test_every_route_is_walked_here() -> None:
    """Pages of the desk are walked in `tests/staff/test_rights.py`."""
    assert {one for one in routes(get_resolver().url_patterns) if not one.startswith("desk/")} == set(ADDRESSES)


@pytest.mark.parametrize("who", ["stranger", "member by page", "member by token"])
@pytest.mark.parametrize("method", METHODS)
def test_every_answer_of_every_route_carries_every_header(
    client: Client, post: Post, tmp_path: Path, method: str, who: str
) -> None:
    headers = _known_as(who, client, post)
    names = NOBODYS if who == "stranger" else belongings(Account.objects.get(), tmp_path)
    met = set()
    for route, address in ADDRESSES.items():
        response = client.generic(method, address.format(**names), headers=headers)
        shown = response.status_code == 200
        if shown:
            met.add(route)
        csp = FILES.get(route) or (DRAWN if route.endswith("logo.svg") else CSP) if shown else CSP
        try:
            assert_headers(response, cacheable=shown and route in THE_SAME_FOR_ALL, csp=csp, saved=route in FILES)
        except AssertionError as error:
            raise AssertionError(f"{method} {address} ({response.status_code}): {error}") from error
        if method in ("GET", "HEAD", "OPTIONS"):
            assert not [name for name in response.cookies if not name.startswith("csrf")], address
    if method == "GET":
        assert met >= SHOWN[who]


def _known_as(who: str, client: Client, post: Post) -> dict[str, str]:
    """Return the headers that identify somebody; the client keeps the cookies."""
    if who == "stranger":
        return {}
    door = PageDoor(client) if who == "member by page" else ApiDoor(client)
    signed_in(door, "ru")
    return {"authorization": f"Bearer {door.access}"} if isinstance(door, ApiDoor) else {}


@pytest.mark.parametrize("path", ["/nothing", "/ru/nothing/", "/ru/signin", "/static/web/nothing.css", "/api/v1/ru/x"])
def test_what_is_not_there_carries_them_too(client: Client, db: None, path: str) -> None:
    assert_headers(client.get(path))


def test_a_style_sheet_carries_them_too(client: Client, db: None) -> None:
    response = client.get("/static/web/mypolis.css")
    assert response.status_code == 200
    assert_headers(response, cacheable=True)


def test_a_drawing_says_its_charset(client: Client, db: None) -> None:
    assert client.get("/static/web/icons.svg")["Content-Type"] == "image/svg+xml; charset=utf-8"


def test_refusals_before_any_page_carry_them_too(client: Client, db: None) -> None:
    client.raise_request_exception = False
    foreign = client.get("/ru/", headers={"host": "elsewhere.test"})
    assert foreign.status_code == 400
    big = client.post("/ru/signin/", b"a=" + b"b" * 300_000, "application/x-www-form-urlencoded")
    assert big.status_code == 413
    forged = Client(enforce_csrf_checks=True).post("/ru/i/x", {"step": "identity"})
    assert forged.status_code == 403
    for response in (foreign, big, forged):
        assert_headers(response)


@pytest.mark.parametrize("address", ["/ru/signin/", "/api/v1/ru", "/static/web/mypolis.css", "/healthz"])
def test_behind_tls_every_answer_asks_for_tls_for_a_year(db: None, address: str, settings: Any) -> None:
    settings.SECURE_HSTS_SECONDS = 365 * 24 * 3600
    response = Client().get(address, secure=True)
    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_what_a_caller_says_of_tls_and_host_is_not_believed_without_a_proxy(client: Client, db: None) -> None:
    assert django_settings.SECURE_PROXY_SSL_HEADER is None
    assert django_settings.USE_X_FORWARDED_HOST is False
    response = client.get("/ru/home/", headers={"x-forwarded-proto": "https", "x-forwarded-host": "elsewhere.test"})
    assert response["Location"] == "/ru/signin/"
    assert not response.wsgi_request.is_secure()
    assert response.wsgi_request.get_host() == "testserver"
