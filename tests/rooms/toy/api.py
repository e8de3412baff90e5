from django.http import HttpRequest
from ninja import Router

router = Router(tags=["umbrellas"])


@router.get("/{market}/umbrellas", url_name="api-umbrellas")
def umbrellas(request: HttpRequest, market: str) -> dict[str, int]:
    """The number of umbrellas."""
    return {"umbrellas": 3}
