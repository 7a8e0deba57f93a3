"""Terms as the cluster knows them: words that its whitespace analysis leaves as they are."""

import base64
from collections.abc import Iterable

from retrieval.language.lexicon import CHARACTER_BITS, DIGEST, TokenKeys, token_key

SURROGATES = range(0xD800, 0xE000)
CHARACTER = (1 << int(CHARACTER_BITS)) - 1


def term_name(key: int) -> str:
    """One or two characters as they are; the digest of a longer token in letters of ASCII."""
    first, second = key >> int(CHARACTER_BITS), key & CHARACTER
    if key >= DIGEST or first in SURROGATES or second in SURROGATES:
        return base64.urlsafe_b64encode(key.to_bytes(8)).rstrip(b"=").decode()
    return f"{chr(first) if first else ''}{chr(second)}"


def term_names(keys: TokenKeys) -> list[str]:
    """The names of many keys."""
    return [term_name(key) for key in keys.tolist()]


def token_names(tokens: Iterable[str]) -> list[str]:
    """The names of tokens."""
    return [term_name(token_key(token)) for token in tokens]
