"""Every kind of reply, about a sample answer."""

from typing import Any

from sample import explanation

from bot.conversation.replies import Kind, Reply
from bot.conversation.small_talk import SmallTalk
from retrieval.models import Answer, Article, ContextSentence, NewsRequest, SentenceKind


def replies(of: Answer) -> list[Reply]:
    """Every kind of reply that there can be about an answer."""
    best = of.passages[0]
    article = Article(
        title=best.title, url=best.url, summary=best.text, published=best.published, file=best.file, record=3
    )
    around = [best.before, best.text, best.heading]
    context = tuple(
        ContextSentence(text=text, kind=SentenceKind.TEXT, is_passage=text is best.text)
        for text in around
        if text is not None
    )
    about: dict[Kind, dict[str, Any]] = {
        Kind.WELCOME: {"questions": (of.question, of.understood)},
        Kind.ANSWER: {"passages": of.passages[:3], "remaining": 4},
        Kind.LIKELY: {"passages": of.passages[:1], "remaining": 4},
        Kind.DECLINED: {"passages": of.passages[:1], "questions": (of.question, of.understood)},
        Kind.MORE: {"passages": of.passages[:3], "first": 4, "remaining": 1},
        Kind.CONTEXT: {"passages": (best,), "context": context},
        Kind.WHY: {"passages": (best,), "explanation": explanation(best)},
        Kind.SOURCES: {"articles": (article,) * 20, "total": 100},
        Kind.FIGURES: {"passages": (best,), "explanation": explanation(best)},
        Kind.NEWS: {"articles": (article,) * 5, "total": 100, "news": NewsRequest(subject=of.question)},
        Kind.ARTICLE: {"articles": (article,)},
        Kind.SMALL_TALK: {"talk": SmallTalk.THANKS},
    }
    return [Reply(kind=kind, answer=of, **about.get(kind, {})) for kind in Kind]
