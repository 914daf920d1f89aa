"""Unified social credit codes (GB 32100-2015) that are well formed and belong to nobody.

The organisation code in the middle begins with DEM. Codes given out so far are all digits or begin with M (MA, MB ...),
so a code made here passes every check of form and cannot be a real firm's.
"""

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"  # no I, O, Z, S, V
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))  # GB 32100-2015: 3^(i-1) mod 31
_ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)  # GB 11714-1997
_INVENTED = "DEM"


def organisation_code(serial: int) -> str:
    """The nine characters of an invented organisation, its own check character last."""
    body = f"{_INVENTED}{serial:05d}"
    total = sum(int(char, 36) * weight for char, weight in zip(body, _ORGANISATION_WEIGHTS, strict=True))
    check = 11 - total % 11
    return body + {10: "X", 11: "0"}.get(check, str(check))


def credit_code(serial: int, *, region: str, authority: str = "91") -> str:
    """An invented credit code. region: six digits; authority: registering authority and kind of body (91 enterprise,
    12 public institution, 52 private non-profit, 93 farmers' co-operative, N2 rural collective)."""
    body = authority + region + organisation_code(serial)
    total = sum(ALPHABET.index(char) * weight for char, weight in zip(body, _WEIGHTS, strict=True))
    return body + ALPHABET[(31 - total % 31) % 31]
