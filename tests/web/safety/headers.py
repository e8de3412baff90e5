"""Checks the security headers of a response: every response must have all of them."""

from typing import Any

CSP = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "font-src": "'self'",
    "connect-src": "'self'",
    "manifest-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "service-worker",
}
PINNED = {
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": (
        "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), "
        "magnetometer=(), microphone=(), midi=(), payment=(), usb=(), "
        "publickey-credentials-create=(self), publickey-credentials-get=(self)"
    ),
}
FORBIDDEN = ("Access-Control-Allow-Origin", "Server", "X-Powered-By", "Refresh", "Content-Disposition")


def policy(response: Any) -> dict[str, str]:
    """Return the directives of the content security policy."""
    parts = [part.strip() for part in response["Content-Security-Policy"].split(";") if part.strip()]
    return {name: value for name, _space, value in (part.partition(" ") for part in parts)}


def assert_headers(response: Any, *, cacheable: bool = False, csp: dict[str, str] = CSP, saved: bool = False) -> None:
    """Check that every header has the expected value.

    `cacheable`: the response is the same for everybody. `saved`: it is a file with a name.
    """
    assert {name: response.get(name) for name in PINNED} == PINNED
    assert policy(response) == csp
    assert response["Referrer-Policy"] == ("strict-origin" if _has_a_token(response) else "same-origin")
    assert not [name for name in FORBIDDEN if name in response and not (saved and name == "Content-Disposition")]
    kept = response["Cache-Control"]
    assert ("public" in kept and "no-store" not in kept) if cacheable else "no-store" in kept
    kind = response.get("Content-Type", "").replace('"', "")
    if response.streaming or response.content:
        assert kind
        assert "charset=utf-8" in kind or not (kind.startswith("text/") or kind.partition(";")[0].endswith("xml"))
    for cookie in response.cookies.values():
        assert (cookie["httponly"], cookie["samesite"], cookie["path"], cookie["domain"]) == (True, "Lax", "/", "")


def _has_a_token(response: Any) -> bool:
    match = response.wsgi_request.resolver_match
    return match is not None and not match.kwargs.keys().isdisjoint({"token", "code"})
