from django.http import HttpRequest, HttpResponse


def umbrellas(request: HttpRequest, market: str) -> HttpResponse:
    """How many there are."""
    return HttpResponse("3 umbrellas")
