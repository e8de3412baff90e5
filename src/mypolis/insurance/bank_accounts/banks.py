"""Names of banks by their codes. A name is a hint for the member: a bank that is missing here is no error.

Banks merge and change their names; the codes stay.
"""

from mypolis.foundation.markets.claim_rules import AccountKind

SERBIAN = {
    "105": "AIK Banka",
    "115": "Yettel Bank",
    "155": "Halkbank",
    "160": "Banca Intesa",
    "165": "Addiko Bank",
    "170": "UniCredit Bank",
    "190": "Alta Banka",
    "200": "Banka Poštanska štedionica",
    "205": "NLB Komercijalna banka",
    "220": "ProCredit Bank",
    "265": "Raiffeisen banka",
    "325": "OTP banka",
    "340": "Erste Bank",
}
RUSSIAN = {
    "044525187": "ВТБ",
    "044525225": "Сбербанк",
    "044525593": "Альфа-Банк",
    "044525700": "Райффайзенбанк",
    "044525823": "Газпромбанк",
    "044525974": "Т-Банк",
}
INDONESIAN = {
    "014": "BCA",
    "451": "BSI",
    "009": "BNI",
    "002": "BRI",
    "200": "BTN",
    "022": "CIMB Niaga",
    "011": "Danamon",
    "008": "Mandiri",
    "016": "Maybank Indonesia",
    "028": "OCBC",
    "019": "Panin",
    "013": "Permata",
    "110": "Bank BJB",
    "111": "Bank DKI",
    "113": "Bank Jateng",
    "114": "Bank Jatim",
    "542": "Bank Jago",
    "426": "Bank Mega",
    "147": "Bank Muamalat",
    "046": "DBS Indonesia",
    "535": "SeaBank",
    "153": "Sinarmas",
    "023": "UOB Indonesia",
}
_BY_KIND: dict[AccountKind, dict[str, str]] = {"rs": SERBIAN, "ru": RUSSIAN, "id": INDONESIAN, "iban": {}}


def bank_name(kind: AccountKind, code: str) -> str:
    """Return the bank's name, or its code if we do not know the name. "" for an IBAN."""
    return _BY_KIND[kind].get(code, code)
