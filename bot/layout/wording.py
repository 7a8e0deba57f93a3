"""What of a score has no word of the question to be named by, in the reader's language."""

from collections.abc import Mapping

from retrieval.models import Share, Stream


def fact(share: Share, phrases: Mapping[str, str]) -> str:
    """What a share of no stream was given for: a kind of answer, or a feature, maybe one of a stream's."""
    if share.field == "answer":
        return phrases.get(f"kind_{share.token}", phrases["field_answer"])
    stream, _, feature = share.token.partition(" ")
    if stream in set(Stream) and feature:
        named = phrases.get(_feature(feature))
        return f"{phrases[f'stream_{stream}']} · {named}" if named else phrases["field_learned"]
    return phrases.get(_feature(share.token), phrases["field_learned"])


def _feature(token: str) -> str:
    return f"feature_{token.replace(' ', '_')}"
