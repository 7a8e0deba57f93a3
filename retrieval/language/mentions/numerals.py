"""The value of a number, however it is written: 15, 十五, 1.5亿, 二〇二四."""

from functools import lru_cache

from retrieval.regex import regex

DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
SMALL = {"十": 10, "百": 100, "千": 1000}
LARGE = {"万": 10**4, "亿": 10**8}
HAN = "零〇一二两三四五六七八九十百千万亿"
"""What Chinese numerals are made of."""
NUMERAL = regex(rf"(\d[\d,]*(?:\.\d+)?|[{HAN}]+)([百千万亿]*)")
"""A number and what multiplies it."""
DECIMALS = 6
REMEMBERED = 1024
"""Numerals of which the value is kept: years, months and small numbers come again and again."""


@lru_cache(REMEMBERED)
def value(written: str) -> float | None:
    """What a numeral comes to; None where it is none (万一, 千百)."""
    match = NUMERAL.fullmatch(written)
    if match is None:
        return None
    number = _value(match[1])
    if number is None:
        return None
    for unit in match[2]:
        number *= SMALL.get(unit) or LARGE[unit]
    return round(number, DECIMALS)


def _value(written: str) -> float | None:
    if written[0].isdigit():
        return float(written.replace(",", ""))
    if all(one in DIGITS for one in written):
        return float("".join(str(DIGITS[one]) for one in written))
    total = part = digit = 0
    for one in written:
        if one in DIGITS:
            digit = DIGITS[one]
        elif one in SMALL:
            part += (digit or 1) * SMALL[one]
            digit = 0
        else:
            total = (total + part + digit) * LARGE[one]
            part = digit = 0
    return float(total + part + digit) or None
