"""What a reply can best do without, where all of it does not fit into a message."""

from bot.conversation.replies import Kind, Reply


def shortened(reply: Reply) -> Reply:
    """The reply without what it can best do without: its last article, passage or farthest sentence."""
    if len(reply.articles) > 1:
        return reply.model_copy(update={"articles": reply.articles[:-1]})
    if len(reply.passages) > 1:
        left = {"passages": reply.passages[:-1], "remaining": reply.remaining + 1}
        return reply.model_copy(update=left)
    if len(reply.context) > 1:
        place = next((i for i, sentence in enumerate(reply.context) if sentence.is_passage), 0)
        last_is_farther = len(reply.context) - 1 - place >= place
        kept = reply.context[:-1] if last_is_farther else reply.context[1:]
        return reply.model_copy(update={"context": kept})
    return _shorten_insight(reply)


def _shorten_insight(reply: Reply) -> Reply:
    """The same of many articles: without its oldest figure, its last event, its earliest point."""
    if reply.kind is Kind.COMPARISON and len(reply.figures) > 1:
        return reply.model_copy(update={"figures": reply.figures[:-1]})
    if len(reply.events) > 1:
        return reply.model_copy(update={"events": reply.events[:-1]})
    if reply.trend is not None and reply.trend.points:
        left = reply.trend.model_copy(update={"points": reply.trend.points[1:]})
        return reply.model_copy(update={"trend": left})
    return reply
