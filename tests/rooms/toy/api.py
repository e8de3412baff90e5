from django.http import HttpRequest
from ninja import Router

router = Router(tags=["umbrellas"])


@router.get("/{market}/umbrellas", url_name="api-umbrellas")
def umbrellas(request: HttpRequest, market: str) -> dict[str, int]:
    """How many there are."""
    return {"umbrellas": 3}
