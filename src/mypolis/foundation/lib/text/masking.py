"""What may be shown of a value to somebody who should recognise it, but not learn it."""

DOT = "•"


def mask_tail(value: str, keep: int = 4) -> str:
    """Dots for all but the last `keep` characters; a value no longer than that is dots throughout."""
    hidden = len(value) - keep if len(value) > keep else len(value)
    return DOT * hidden + value[hidden:]


def mask_email(address: str) -> str:
    """The first letter and the domain: "jelena@x.rs" is "j•••@x.rs". The length of the rest is not told."""
    local, at, domain = address.rpartition("@")
    shown = local[:1] if len(local) > 1 else ""
    return f"{shown}{DOT * 3}@{domain}" if at else DOT * 3


def first_letter(address: str) -> str:
    """The first letter alone, for somebody who proved nothing of the address: "jelena@x.rs" is "j•••"."""
    local = address.rpartition("@")[0]
    return f"{local[:1] if len(local) > 1 else ''}{DOT * 3}"


def unbroken(text: str) -> str:
    """The same in words that no line may break: a number in the middle of a sentence."""
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\N{NON-BREAKING HYPHEN}")
