"""Small numbers as Chinese writes them."""

DIGITS = "零一二三四五六七八九"


def chinese(number: int) -> str:
    """A number from 0 to 99 in Chinese: 十九."""
    tens, ones = divmod(number, 10)
    if not tens:
        return DIGITS[ones]
    return f"{DIGITS[tens] if tens > 1 else ''}十{DIGITS[ones] if ones else ''}"
