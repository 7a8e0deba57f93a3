"""The layout of record files: where a record begins, and what of the text belongs to which field."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto

from retrieval.corpus import dates
from retrieval.corpus.labels import CANONICAL, COLONS, Label, Mark, divides, fold, marks, unknown_label
from retrieval.corpus.problems import Report, shown
from retrieval.regex import regex

DETAILS = frozenset(
    """
    来源 來源 作者 编辑 編輯 责任编辑 責任編輯 责编 媒体 媒體 栏目 欄目 分类 分類
    source author editor category id
    """.split(),
)
DATES = frozenset(
    """
    日期 时间 時間 发布日期 發布日期 发布时间 發布時間 发表时间 發表時間 发表日期 更新时间 更新時間 date time
    published publishdate publishtime pubdate publishedat publicationdate
    """.split(),
)
"""Labels that, with `DETAILS`, are no part of a text even right below it, when what they say is short."""
LONGEST_DETAIL = 40
LONGEST_CONTINUATION = 200
"""Characters of a line that may still continue a field other than the summary."""
PROSE = regex(r"[。！？；]")
END_MARK = regex(r"[。！？!?…][”’」』）)\"']*\s*$")
STOP_WITHIN = regex(r"[。！？]\s*\w")
CLAUSE = regex(r"[^，,、；;。\s]+")
LISTS = frozenset({Label.KEYWORDS, Label.TECHNOLOGIES, Label.INDUSTRIES})
LONGEST_ITEM = 8
"""Characters of an item of a list that may end with a full stop and still be none of a sentence."""
IDENTIFYING = frozenset({Label.LINK, Label.SUMMARY})
"""Labels that a record has once, and that few texts hold."""


@dataclass(frozen=True, slots=True)
class Value:
    """What stands in a field, and the line that it begins on."""

    text: str
    line: int


@dataclass(slots=True)
class Record:
    """A record as it stands in its file, whole or not: its fields by label, further ones as labelled.

    `line` is 0 where a file has no lines; `implied` are the codes of problems that its format brings with it.
    """

    number: int
    line: int
    fields: dict[Label, Value] = field(default_factory=dict)
    extra: dict[str, Value] = field(default_factory=dict)
    implied: frozenset[str] = frozenset()


@dataclass(slots=True)
class _Chunk:
    """The part of a text, from `begin` to `end`, that is one record, with its marks."""

    begin: int
    line: int
    end: int = 0
    marks: list[Mark] = field(default_factory=list)


class _Role(Enum):
    """What a line with a label is: a field, one that the record has already, or a part of the text."""

    FIELD = auto()
    REPEATED = auto()
    TEXT = auto()


def records(text: str, report: Report) -> list[Record]:
    """The records of a text, whole or not; what belongs to no field is reported.

    A record begins at its title, or at a divider, or where fields that it has already come again below an
    empty line. Takes time in proportion to the length of the text.
    """
    chunks = list(_chunks(text))
    total = sum(bool(chunk.marks) for chunk in chunks)
    found: list[Record] = []
    for chunk in chunks:
        record = Record(number=len(found) + 1, line=chunk.marks[0].line if chunk.marks else chunk.line)
        is_last = len(found) + bool(chunk.marks) == total
        _Reader(text, chunk, record, report, is_last=is_last).read()
        if chunk.marks:
            found.append(record)
    return found


def is_date_label(label: str) -> bool:
    """Whether a further field tells when an article was published."""
    return fold(label) in DATES


class _Borders:
    """Decides, mark after mark, where the next record begins."""

    def __init__(self, found: Sequence[Mark]) -> None:
        self._ahead: list[frozenset[Label]] = []
        self._ahead_of_divider: list[frozenset[Label]] = []
        self._leads_to_title: list[bool] = []
        self._look_ahead(found)
        self.begin()

    def _look_ahead(self, found: Sequence[Mark]) -> None:
        """For each mark, the labels up to the next title and up to the next divider."""
        section: frozenset[Label] = frozenset()
        block: frozenset[Label] = frozenset()
        leads = False
        following: Mark | None = None
        for mark in reversed(found):
            touches = following is not None and not mark.has_text_below and not following.has_gap
            leads = touches and following is not None and (following.label is Label.TITLE or leads)
            self._ahead.append(section)
            self._ahead_of_divider.append(block)
            self._leads_to_title.append(leads)
            if mark.label is None:
                section = block = frozenset()
            else:
                block |= {mark.label}
                section = frozenset() if mark.label is Label.TITLE else section | {mark.label}
            following = mark
        for ahead in (self._ahead, self._ahead_of_divider, self._leads_to_title):
            ahead.reverse()

    def begin(self) -> None:
        """Begin a record."""
        self._seen: set[Label] = set()
        self._in_text = False

    def add(self, label: Label) -> None:
        """Add a field to the record."""
        self._in_text = label is Label.SUMMARY or (self._in_text and label in {Label.TITLE, Label.LINK})
        self._seen.add(label)

    def is_border(self, index: int, mark: Mark) -> bool:
        """Whether the record ends above a mark."""
        if mark.label is None:
            return self._is_border_divider(index, mark)
        if mark.label is Label.TITLE:
            return self._is_border_title(index, mark)
        if not mark.has_gap or mark.label not in self._seen:
            return False
        ahead = self._ahead[index] | {mark.label}
        is_untitled = not self._in_text and mark.label in IDENTIFYING and Label.SUMMARY in ahead
        return is_untitled or self._leads_to_title[index]

    def _is_border_divider(self, index: int, mark: Mark) -> bool:
        """A line of dashes divides, unless below it the record goes on, with its text or its fields."""
        if mark.has_text_below:
            return not (self._in_text and self._ahead[index])
        ahead = self._ahead_of_divider[index]
        return not ahead or not self._seen or bool(ahead & {Label.TITLE, Label.SUMMARY, *self._seen})

    def _is_border_title(self, index: int, mark: Mark) -> bool:
        """A title begins a record, unless it stands within a text or is the record's own, further down."""
        identified = IDENTIFYING & self._ahead[index]
        if Label.TITLE in self._seen:
            return not self._in_text or mark.has_gap or bool(identified)
        shared = identified & self._seen
        return Label.SUMMARY in shared or (bool(shared) and mark.has_gap)


def _chunks(text: str) -> Iterator[_Chunk]:
    found = marks(text)
    borders = _Borders(found)
    chunk = _Chunk(begin=0, line=1)
    for index, mark in enumerate(found):
        if borders.is_border(index, mark):
            chunk.end = mark.start
            if chunk.marks or text[chunk.begin : chunk.end].strip():
                yield chunk
            chunk = _Chunk(begin=mark.start if mark.label else mark.end, line=mark.line)
            borders.begin()
        if mark.label is not None:
            chunk.marks.append(mark)
            borders.add(mark.label)
    chunk.end = len(text)
    if chunk.marks or text[chunk.begin :].strip():
        yield chunk


def _roles(text: str, chunk: _Chunk) -> Iterator[tuple[Mark, _Role]]:
    """What each line with a label is.

    Below the summary's label, a line belongs to the text when the record has that field elsewhere and the
    line reads like text: it ends in an end mark, or text goes on below it.
    """
    later = Counter(mark.label for mark in chunk.marks)
    seen: set[Label] = set()
    in_text = False
    for mark in chunk.marks:
        if mark.label is None:
            continue
        later[mark.label] -= 1
        if in_text and _is_text(text, mark, is_elsewhere=mark.label in seen or later[mark.label] > 0):
            yield mark, _Role.TEXT
            continue
        if in_text and mark.label in {Label.TITLE, Label.SUMMARY} and mark.label in seen:
            yield mark, _Role.TEXT
            continue
        in_text = mark.label is Label.SUMMARY and mark.label not in seen
        yield mark, _Role.REPEATED if mark.label in seen else _Role.FIELD
        seen.add(mark.label)


def _is_text(text: str, mark: Mark, *, is_elsewhere: bool) -> bool:
    value = text[mark.value : mark.end]
    reads_on = (
        "://" not in value
        if mark.label is Label.LINK
        else END_MARK.search(value[-LONGEST_DETAIL:]) is not None
    )
    if mark.label in LISTS and _is_prose(value):
        return True
    if is_elsewhere:
        return mark.has_text_below or reads_on
    return mark.has_text_below and reads_on and mark.label is not Label.LINK


def _is_prose(value: str) -> bool:
    """Whether what follows the label of a list is no list: a sentence ends within it, or it is one itself."""
    if STOP_WITHIN.search(value):
        return True
    longest = max(map(len, CLAUSE.findall(value)), default=0)
    return longest > LONGEST_ITEM and END_MARK.search(value[-LONGEST_DETAIL:]) is not None


class _Reader:
    """Reads one record out of its part of the text."""

    def __init__(self, text: str, chunk: _Chunk, record: Record, report: Report, *, is_last: bool) -> None:
        self._text = text
        self._chunk = chunk
        self._record = record
        self._report = report
        self._is_last = is_last

    def read(self) -> None:
        """Fill the record in."""
        roles = list(_roles(self._text, self._chunk))
        for mark, role in roles:
            self._tell(mark, role)
        fields = [(mark, role) for mark, role in roles if role is not _Role.TEXT]
        first = fields[0][0].start if fields else self._chunk.end
        self._read_lines(self._chunk.begin, first, self._chunk.line, None)
        ends = [*(mark.start for mark, _ in fields), self._chunk.end][1:]
        for (mark, role), end in zip(fields, ends, strict=True):
            if role is _Role.FIELD and mark.label is Label.SUMMARY:
                self._read_summary(mark, end)
            else:
                self._read_lines(mark.value, end, mark.line, mark, keep=role is _Role.FIELD)

    def _tell(self, mark: Mark, role: _Role) -> None:
        value = shown(self._text[mark.start : mark.end])
        if role is _Role.TEXT:
            code = "field_like_line_in_text"
            message = f"kept as text, though it looks like a field: {value}"
        elif role is _Role.REPEATED:
            code = "repeated_field"
            message = f"the record has this field already, so this is left out; remove it: {value}"
        elif fold(mark.written) not in CANONICAL:
            code, message = (
                "label_alias",
                f"{shown(mark.written)} is read as {mark.label}; better write {mark.label}",
            )
        else:
            return
        self._report.add(code, message, record=self._record.number, line=mark.line)

    def _read_summary(self, mark: Mark, end: int) -> None:
        """The summary is all up to the next field, but for short details (来源: 新华社) at its end."""
        details: list[tuple[str, Value]] = []
        number = mark.line + self._text.count("\n", mark.value, end)
        while (below := self._text.rfind("\n", mark.value, end)) >= 0:
            line = self._text[below + 1 : end]
            detail = _detail(line)
            if detail is not None:
                details.append((detail[0], Value(detail[1], number)))
            elif line.strip() and not divides(line):
                break
            end = below
            number -= 1
        for label, value in reversed(details):
            self._add_extra(label, value.text, value.line)
        self._record.fields[Label.SUMMARY] = Value(self._text[mark.value : end], mark.line)

    def _read_lines(self, start: int, end: int, line: int, mark: Mark | None, *, keep: bool = True) -> None:
        """A field's value, with the lines that continue it, and the further fields below it."""
        pieces: list[str] = []
        stray: list[Value] = []
        is_apart = False  # from the field above
        is_record = bool(self._chunk.marks)
        for number, piece in enumerate(self._text[start:end].split("\n"), start=line):
            is_value = mark is not None and number == line
            found = unknown_label(piece[:LONGEST_CONTINUATION]) if is_record and not is_value else None
            if is_value:
                pieces.append(piece)
            elif not piece.strip() or divides(piece):
                is_apart = True
            elif found is not None:
                self._add_extra(found[0], piece.partition(_colon(piece))[2].strip(), number)
                is_apart = True
            elif mark is not None and _continues(mark, pieces, piece, is_apart=is_apart):
                pieces.append(piece)
            else:
                stray.append(Value(piece, number))
        if mark is not None and mark.label is not None and keep:
            self._record.fields[mark.label] = Value("\n".join(pieces), line)
        if stray:
            self._tell_stray(stray, is_below=end == self._chunk.end, is_above=mark is None)

    def _add_extra(self, label: str, value: str, line: int) -> None:
        number = self._record.number
        if label in self._record.extra:
            message = f"the record has {shown(label)} already, so this is left out; remove it: {shown(value)}"
            self._report.add("repeated_field", message, record=number, line=line)
            return
        self._record.extra[label] = Value(value, line)
        if is_date_label(label):
            if dates.written(value) is None:
                message = f"not a day that can be read; write {shown(label)} as 2024-05-06: {shown(value)}"
                self._report.add("malformed_date", message, record=number, line=line)
            return
        message = f"{shown(label)} is no field of a record; kept with it, but not searched"
        self._report.add("unknown_field", message, record=number, line=line)

    def _tell_stray(self, stray: Sequence[Value], *, is_below: bool, is_above: bool) -> None:
        text = shown(stray[0].text)
        number: int | None = self._record.number
        if is_below and self._is_last:
            code, message = (
                "stray_text",
                f"text below the last record is left out; remove it or label it: {text}",
            )
            number = number if self._chunk.marks else None
        elif is_below or is_above:
            code, message = (
                "text_before_record",
                f"text above a record is left out; remove it or label it: {text}",
            )
            number = self._record.number + (1 if is_below and self._chunk.marks else 0)
        else:
            code, message = (
                "stray_text",
                f"text of no field is left out; put it below 总结, or label it: {text}",
            )
        self._report.add(code, message, record=number, line=stray[0].line)


def _detail(line: str) -> tuple[str, str] | None:
    """The label and value of a line that is no part of the text above it, though it stands right below."""
    found = unknown_label(line[:LONGEST_CONTINUATION])
    if found is None or len(line) > LONGEST_CONTINUATION:
        return None
    label, value = found
    if len(value) > LONGEST_DETAIL or END_MARK.search(value):
        return None
    is_detail = fold(label) in DETAILS or (is_date_label(label) and dates.written(value) is not None)
    return found if is_detail else None


def _continues(mark: Mark, pieces: Sequence[str], line: str, *, is_apart: bool) -> bool:
    """Whether a line without a label goes on with the field above it."""
    is_prose = PROSE.search(line) is not None or len(line) > LONGEST_CONTINUATION
    if len(pieces) == 1 and not pieces[0].strip():
        return mark.label is not Label.LINK or not is_prose
    return not (is_apart or is_prose) and (mark.label is not Label.LINK or "://" in line)


def _colon(line: str) -> str:
    """The first colon of a line, of whatever width."""
    return next((character for character in line if character in COLONS), ":")
