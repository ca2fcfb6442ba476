"""Identifiers that sort by time: UUID version 7 (RFC 9562)."""


def uuid7(unix_ms: int, random_bits: int) -> str:
    """Return the UUIDv7 of a time in milliseconds since 1970 and 74 random bits."""
    rand_a = (random_bits >> 62) & 0xFFF
    rand_b = random_bits & ((1 << 62) - 1)
    value = (unix_ms & ((1 << 48) - 1)) << 80 | 0x7 << 76 | rand_a << 64 | 0b10 << 62 | rand_b
    text = f"{value:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"
