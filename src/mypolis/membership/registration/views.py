"""The page behind a personal link. The engine shows all other pages of registration."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_http_methods

from mypolis.foundation.journeys.views import open_link


@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, market: str, token: str) -> HttpResponse:
    """Registration by invitation: GET shows its first page and uses nothing up."""
    return open_link(request, market, kind="register", way="invitation", entry={"invitation": token})
