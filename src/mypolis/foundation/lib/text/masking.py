"""Masks values, so that people recognise their own value but others do not learn it."""

DOT = "•"


def mask_tail(value: str, keep: int = 4) -> str:
    """Replace all but the last `keep` characters by dots; a shorter value becomes dots only."""
    hidden = len(value) - keep if len(value) > keep else len(value)
    return DOT * hidden + value[hidden:]


def mask_email(address: str) -> str:
    """The first letter and the domain: "jelena@x.rs" is "j•••@x.rs". It hides the length of the rest."""
    local, at, domain = address.rpartition("@")
    shown = local[:1] if len(local) > 1 else ""
    return f"{shown}{DOT * 3}@{domain}" if at else DOT * 3


def first_letter(address: str) -> str:
    """The first letter alone, for people who have not proved that they know the address: "jelena@x.rs" is "j•••"."""
    local = address.rpartition("@")[0]
    return f"{local[:1] if len(local) > 1 else ''}{DOT * 3}"


def unbroken(text: str) -> str:
    """Replace spaces by no-break spaces and hyphens by non-breaking ones: a number stays on one line."""
    return text.replace(" ", "\N{NO-BREAK SPACE}").replace("-", "\N{NON-BREAKING HYPHEN}")
