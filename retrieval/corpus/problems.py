"""What can be wrong with a record file, and how bad each thing is."""

from collections.abc import Mapping

from retrieval.models import Level, Problem

MOST = 10_000
"""Problems listed of one file; of more, the last one tells the number."""

LEVELS: Mapping[str, Level] = {
    # A record, or a whole file of them, is lost.
    "empty_file": Level.ERROR,
    "empty_summary": Level.ERROR,
    "file_too_large": Level.ERROR,
    "id_clash": Level.ERROR,
    "malformed_file": Level.ERROR,
    "malformed_row": Level.ERROR,
    "missing_reader": Level.ERROR,
    "missing_summary": Level.ERROR,
    "missing_title": Level.ERROR,
    "more_problems": Level.ERROR,
    "not_record_format": Level.ERROR,
    "undecodable": Level.ERROR,
    "unreadable": Level.ERROR,
    "unsafe_file": Level.ERROR,
    # A record is kept, but not as it stands in its file.
    "bidi_chars_removed": Level.WARNING,
    "control_chars_removed": Level.WARNING,
    "duplicate_url": Level.WARNING,
    "duplicate_url_conflict": Level.WARNING,
    "encoding_fallback": Level.WARNING,
    "html_cleaned": Level.WARNING,
    "invalid_bytes_replaced": Level.WARNING,
    "keyword_duplicate": Level.WARNING,
    "long_title": Level.WARNING,
    "malformed_date": Level.WARNING,
    "malformed_fields": Level.WARNING,
    "malformed_link": Level.WARNING,
    "markdown_cleaned": Level.WARNING,
    "missing_link": Level.WARNING,
    "multi_link": Level.WARNING,
    "repeated_field": Level.WARNING,
    "stray_text": Level.WARNING,
    "text_before_record": Level.WARNING,
    "unsafe_link": Level.WARNING,
    # Nothing is changed.
    "duplicate_text": Level.INFO,
    "field_like_line_in_text": Level.INFO,
    "label_alias": Level.INFO,
    "long_sentence": Level.INFO,
    "not_record_file": Level.INFO,
    "unknown_field": Level.INFO,
}


class Report:
    """Collects the problems of one file."""

    def __init__(self, file: str) -> None:
        self._file = file
        self._problems: list[Problem] = []
        self._unlisted = 0

    def add(self, code: str, message: str, *, record: int | None = None, line: int | None = None) -> None:
        """Add a problem; its level is that of its code."""
        if len(self._problems) < MOST:
            self._problems.append(_problem(self._file, code, message, record, line))
        else:
            self._unlisted += 1

    def problems(self) -> list[Problem]:
        """The problems so far, in the order of the file's lines."""
        found = sorted(self._problems, key=lambda problem: problem.line or 0)
        if self._unlisted:
            message = (
                f"{self._unlisted} more problems are not listed; repair the first {MOST} and check again"
            )
            found.append(_problem(self._file, "more_problems", message, None, None))
        return found


def shown(text: str, longest: int = 60) -> str:
    """A piece of a file within a message: on one line, shortened."""
    piece = " ".join(text[: longest * 4].split())
    piece = "".join(character if character.isprintable() else "\ufffd" for character in piece)
    return piece if len(piece) <= longest else f"{piece[:longest]}…"


def _problem(file: str, code: str, message: str, record: int | None, line: int | None) -> Problem:
    return Problem(file=file, record=record, line=line, code=code, level=LEVELS[code], message=message)
