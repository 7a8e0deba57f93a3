"""Records that are there twice: which count, and what their keeper is told.

Of records with the same text under one link (or, without a link, under one title) the first counts. What is
known of all records before is kept as 64-bit digests, some 150 bytes a record.
"""

from array import array
from collections.abc import Callable

from retrieval.corpus import links
from retrieval.corpus.articles import Found
from retrieval.corpus.problems import Report
from retrieval.digests import DigestTable, digest_of
from retrieval.models import Article


class Known:
    """The records so far: where the first of each content, id, link and text stands.

    Args:
        left_out: called with each article that does not count.
    """

    def __init__(self, left_out: Callable[[Article], None] = lambda _article: None) -> None:
        self._left_out = left_out
        self._contents, self._ids, self._links, self._texts = (DigestTable() for _ in range(4))
        self._files: list[str] = []
        self._file_of, self._record_of = array("I"), array("I")

    def counts(self, found: Found, report: Report) -> bool:
        """Whether an article counts; the report is told if it, or a part of it, was there before."""
        article = found.article
        number = self._note(article)
        same = self._contents.add(key(article), number)
        clash = self._ids.add(int(article.id, 16), number) if same is None else None
        link = digest_of(links.same_page(article.url)) if article.url else None
        same_link = None if link is None else self._links.add(link, number)
        same_text = self._texts.add(digest_of(_text(article)), number)
        code = message = ""
        if same is not None:
            code = "duplicate_url" if article.url else "duplicate_text"
            under = "under the same link" if article.url else "without a link"
            message = f"the same text {under} as {self._place(same)}, which is kept; remove one of them"
        elif clash is not None:
            code = "id_clash"
            message = f"another text with the id of {self._place(clash)}, which is kept; change a word"
        elif same_link is not None:
            code = "duplicate_url_conflict"
            message = f"another text under the same link as {self._place(same_link)}; both are kept"
        elif same_text is not None:
            code = "duplicate_text"
            message = f"the same text as {self._place(same_text)}, from another source or none; both are kept"
        if code:
            report.add(code, message, record=article.record, line=found.line or None)
        is_counted = same is None and clash is None
        if not is_counted:
            self._left_out(article)
        return is_counted

    def _note(self, article: Article) -> int:
        """Number a record, so that its place can be told."""
        if not self._files or self._files[-1] != article.file:
            self._files.append(article.file)
        self._file_of.append(len(self._files) - 1)
        self._record_of.append(article.record)
        return len(self._file_of) - 1

    def _place(self, number: int) -> str:
        return f"record {self._record_of[number]} of {self._files[self._file_of[number]]}"


def key(article: Article) -> int:
    """What a record is known by, as 64 bits: its text, and its link or else its title."""
    return digest_of(f"{links.same_page(article.url) if article.url else article.title}\0{_text(article)}")


def _text(article: Article) -> str:
    return "".join(article.summary.split())
