"""How many SMS a text takes (GSM 03.38 and 03.40)."""

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = frozenset("\f^{}\\[~]|€")


def segments(text: str) -> int:
    """1 up to 160 signs of the GSM alphabet, or 70 when a letter is outside it; then one per 153 or 67."""
    if _BASIC.issuperset(set(text) - _EXTENDED):
        length, single, each = len(text) + sum(sign in _EXTENDED for sign in text), 160, 153
    else:
        length, single, each = len(text.encode("utf-16-be")) // 2, 70, 67
    return 1 if length <= single else -(-length // each)
