from django.http import HttpRequest, HttpResponse


def umbrellas(request: HttpRequest, market: str) -> HttpResponse:
    """The number of umbrellas."""
    return HttpResponse("3 umbrellas")
