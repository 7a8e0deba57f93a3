"""The index on disk: only changes are analysed, scores do not depend on its segments, damage is told."""

import json
import shutil
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from retrieval import Article, EmbeddedIndex, Retriever, Tokeniser
from retrieval.errors import IndexUnusableError
from retrieval.index import manifest
from retrieval.index.evidence import gather
from retrieval.index.segment.reader import Segment
from retrieval.index.update import merge_policy, updates, verification
from retrieval.language.lexicon import token_key
from retrieval.questions.chinese import understand
from retrieval.ragged import offsets
from retrieval.ranking.bm25f import SentenceScores, Weights

WORDS = "上海 北京 深圳 企业 产值 增长 补贴 芯片 机器人 大模型 GPT-4 2023年 30% 7月6日".split()
SENTENCES = st.lists(
    st.lists(st.sampled_from(WORDS), min_size=1, max_size=6).map("".join), min_size=1, max_size=4
)
CORPORA = st.lists(
    st.tuples(st.lists(st.sampled_from(WORDS), max_size=3).map("".join), SENTENCES), min_size=1, max_size=8
)


def article(number: int, title: str = "标题", summary: str = "上海的企业增长。") -> Article:
    return Article(
        title=title, url=f"https://a.example/{number}", summary=summary, file=f"{number}.txt", record=1
    )


def articles_of(corpus: Sequence[tuple[str, Sequence[str]]]) -> list[Article]:
    return [article(i, title, "。".join(sentences) + "。") for i, (title, sentences) in enumerate(corpus)]


def found(index: EmbeddedIndex, question: str, tokeniser: Tokeniser) -> dict[tuple[str, int], float]:
    """The score of each sentence of the evidence, by article and number."""
    evidence = gather(index, understand(question, tokeniser), 50)
    if not evidence.articles:
        return {}
    scores = SentenceScores(evidence, Weights()).scores
    place = np.repeat(np.arange(len(evidence.articles)), np.diff(evidence.first))
    return {
        (evidence.articles[a].id, row - int(evidence.first[a])): float(scores[row])
        for row, a in enumerate(place.tolist())
    }


@settings(max_examples=25)
@given(CORPORA, st.lists(st.sampled_from(WORDS), min_size=1, max_size=4).map("".join), st.data())
def test_scores_are_the_same_however_the_corpus_is_divided(
    corpus: list[tuple[str, list[str]]], question: str, data: st.DataObject
) -> None:
    tokeniser = SESSION_TOKENISER[0]
    articles = articles_of(corpus)
    with TemporaryDirectory() as place:
        whole, divided = Path(place) / "whole", Path(place) / "divided"
        updates.update(whole, articles, tokeniser)
        for end in data.draw(st.lists(st.integers(0, len(articles)), max_size=3)):
            updates.update(divided, articles[:end], tokeniser)
        updates.update(divided, articles, tokeniser)
        one, many = EmbeddedIndex(whole, tokeniser), EmbeddedIndex(divided, tokeniser)
        assert found(one, question, tokeniser) == found(many, question, tokeniser)
        first = Retriever(one, tokeniser).ask(question)
        second = Retriever(many, tokeniser).ask(question)
        assert first.passages == second.passages


SESSION_TOKENISER: list[Tokeniser] = []


@pytest.fixture(autouse=True)
def _keep_tokeniser(tokeniser: Tokeniser) -> None:
    # hypothesis asks for fixtures once an example; the tokeniser is the same for all.
    SESSION_TOKENISER[:] = [tokeniser]


def test_only_what_changed_is_analysed(tokeniser: Tokeniser, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    analysed: list[int] = []
    corpus = [article(1), article(2, summary="北京的芯片。"), article(3, summary="深圳的机器人。")]
    first = updates.update(folder, corpus, tokeniser, lambda done, _: analysed.append(done))
    assert (first.added, first.removed, first.kept, analysed) == (3, 0, 0, [3])
    changed = [corpus[0], article(2, summary="北京的大模型。"), corpus[2]]
    second = updates.update(folder, changed, tokeniser, lambda done, _: analysed.append(done))
    assert (second.added, second.removed, second.kept, analysed) == (1, 1, 2, [3, 1])
    again = updates.update(folder, changed, tokeniser, lambda done, _: analysed.append(done))
    assert (again.added, again.removed, again.kept, analysed) == (0, 0, 3, [3, 1])


def test_what_is_removed_is_gone_from_disk(tokeniser: Tokeniser, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    updates.update(folder, [article(1), article(2, summary="独一无二的秘密。")], tokeniser)
    name = token_key("独一无二").to_bytes(8, "little")
    assert any(name in path.read_bytes() for path in (folder / "segments").iterdir())
    updates.update(folder, [article(1)], tokeniser)
    assert EmbeddedIndex(folder, tokeniser).article_count == 1
    stored = [Segment(path) for path in (folder / "segments").iterdir()]
    assert [segment.article(n) for segment in stored for n in range(segment.article_count)] == [article(1)]
    assert not any(name in path.read_bytes() for path in (folder / "segments").iterdir())


def test_a_record_that_moved_to_another_file_is_cited_there(tokeniser: Tokeniser, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    updates.update(folder, [article(1)], tokeniser)
    moved = article(1).model_copy(update={"file": "elsewhere.txt", "record": 7})
    update = updates.update(folder, [moved], tokeniser)
    assert (update.added, update.kept) == (0, 1)
    assert [article.record for article in EmbeddedIndex(folder, tokeniser).sample(2)] == [moved]


def test_many_small_changes_do_not_pile_up(tokeniser: Tokeniser, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    corpus: list[Article] = []
    for number in range(3 * merge_policy.MOST_SEGMENTS):
        corpus.append(article(number, summary=f"第{number}家企业。"))
        updates.update(folder, corpus, tokeniser)
        assert len(list((folder / "segments").iterdir())) <= merge_policy.MOST_SEGMENTS
    assert EmbeddedIndex(folder, tokeniser).article_count == len(corpus)


@settings(max_examples=3)
@given(st.lists(st.integers(1, 9), min_size=15, max_size=20))
def test_what_joining_takes_is_bounded_whatever_the_corpus(sizes: list[int]) -> None:
    tokeniser = SESSION_TOKENISER[0]
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patched:
        folder = Path(place)
        patched.setattr(merge_policy, "FULL", 6)
        patched.setattr(merge_policy, "LARGEST", 6)
        updates.update(folder, [], tokeniser)
        for first, size in zip(offsets(sizes).tolist(), sizes, strict=False):
            added = [article(first + n, summary=f"第{first + n}家企业。") for n in range(size)]
            updates.change(folder, added, (), tokeniser)
            updates.compact(folder, tokeniser)
            entries = manifest.load(folder, tokeniser.fingerprint).segments
            assert max(entry.sentences for entry in entries) < 2 * merge_policy.FULL
            assert sum(entry.sentences < merge_policy.FULL for entry in entries) <= merge_policy.MOST_SEGMENTS
        assert EmbeddedIndex(folder, tokeniser).article_count == sum(sizes)


def test_a_reader_keeps_its_index_while_a_writer_replaces_it(tokeniser: Tokeniser, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    updates.update(folder, [article(1)], tokeniser)
    reader = Retriever(EmbeddedIndex(folder, tokeniser), tokeniser)
    before = reader.ask("上海的企业").passages
    updates.update(folder, [article(2, summary="北京的芯片。")], tokeniser, rebuild=True)
    assert reader.ask("上海的企业").passages == before
    assert not Retriever(EmbeddedIndex(folder, tokeniser), tokeniser).ask("上海企业").answered


def test_no_index_says_what_to_run(tokeniser: Tokeniser, tmp_path: Path) -> None:
    with pytest.raises(IndexUnusableError, match="run 'zhiwen index'"):
        EmbeddedIndex(tmp_path, tokeniser)


@pytest.mark.parametrize(("field", "value"), [("format", 0), ("tokeniser", "another one")])
def test_another_version_is_refused(tokeniser: Tokeniser, tmp_path: Path, field: str, value: object) -> None:
    folder = tmp_path / "index"
    updates.update(folder, [article(1)], tokeniser)
    path = folder / manifest.FILE
    path.write_text(json.dumps(json.loads(path.read_text()) | {field: value}))
    with pytest.raises(IndexUnusableError, match="--rebuild"):
        EmbeddedIndex(folder, tokeniser)
    with pytest.raises(IndexUnusableError, match="--rebuild"):
        updates.update(folder, [article(1)], tokeniser)
    updates.update(folder, [article(1)], tokeniser, rebuild=True)
    assert EmbeddedIndex(folder, tokeniser).article_count == 1


@pytest.mark.parametrize("damage", ["truncate", "remove", "garbage", "manifest"])
def test_damage_is_told_and_a_rebuild_mends_it(tokeniser: Tokeniser, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "index"
    updates.update(folder, [article(1)], tokeniser)
    victim = next((folder / "segments").iterdir())
    if damage == "truncate":
        victim.write_bytes(victim.read_bytes()[:-3])
    elif damage == "remove":
        victim.unlink()
    elif damage == "garbage":
        victim.write_bytes(b"\0" * 200 + b"zhiwen01")
    else:
        (folder / manifest.FILE).write_text("{")
    with pytest.raises(IndexUnusableError, match="--rebuild"):
        EmbeddedIndex(folder, tokeniser)
    updates.update(folder, [article(1)], tokeniser, rebuild=True)
    verification.verify(folder, tokeniser)


def test_a_changed_byte_is_found_by_verify(tokeniser: Tokeniser, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    updates.update(folder, [article(1)], tokeniser)
    verification.verify(folder, tokeniser)
    victim = next((folder / "segments").iterdir())
    content = bytearray(victim.read_bytes())
    content[0] ^= 1
    victim.write_bytes(content)
    with pytest.raises(IndexUnusableError, match="--rebuild"):
        verification.verify(folder, tokeniser)


def test_left_overs_of_a_killed_writer_are_cleaned_up(tokeniser: Tokeniser, tmp_path: Path) -> None:
    folder = tmp_path / "index"
    updates.update(folder, [article(1)], tokeniser)
    (stored,) = (folder / "segments").iterdir()
    shutil.copy(stored, folder / "segments" / "another")
    shutil.copy(stored, folder / "segments" / "unfinished.new")
    assert EmbeddedIndex(folder, tokeniser).article_count == 1
    updates.update(folder, [article(1), article(2, summary="北京。")], tokeniser)
    assert EmbeddedIndex(folder, tokeniser).article_count == 2
    assert not {"another", "unfinished.new"} & {path.name for path in (folder / "segments").iterdir()}


def test_an_empty_corpus_is_an_index_too(tokeniser: Tokeniser, tmp_path: Path) -> None:
    updates.update(tmp_path / "index", [], tokeniser)
    answer = Retriever(EmbeddedIndex(tmp_path / "index", tokeniser), tokeniser).ask("上海有多少家企业？")
    assert not answer.answered
    assert answer.reason is not None
    assert answer.reason.code == "empty_corpus"


def test_an_article_without_sentences_does_no_harm(tokeniser: Tokeniser, tmp_path: Path) -> None:
    corpus = [article(1, title="上海的企业", summary="。"), article(2)]
    updates.update(tmp_path / "index", corpus, tokeniser)
    answer = Retriever(EmbeddedIndex(tmp_path / "index", tokeniser), tokeniser).ask("上海的企业")
    assert [passage.text for passage in answer.passages] == ["上海的企业增长。"]
