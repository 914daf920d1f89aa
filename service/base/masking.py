"""People's names and telephones as those see them who need not know whom to call."""

# A telephone shorter than this would be told by its last four digits.
_SHORTEST_MASKED = 7


def mask_name(name: str) -> str:
    """A person's name as anybody may see it: its first character."""
    return f"{name[0]}**" if name else ""


def mask_phone(phone: str) -> str:
    """A telephone as anybody may see it: its last four digits."""
    return f"****{phone[-4:]}" if len(phone) >= _SHORTEST_MASKED else ("****" if phone else "")
