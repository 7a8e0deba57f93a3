"""Questions in pinyin become the Chinese text that the corpus has, and English ones stay English."""

from collections.abc import Mapping

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from retrieval import EmbeddedIndex, Retriever
from retrieval.index.protocol import Tokens
from retrieval.models import Stream
from retrieval.questions.chinese import LONGEST
from retrieval.questions.english.dictionary import shipped
from retrieval.questions.pinyin import Typed, characters, converted, letters
from retrieval.questions.syllables import LONGEST_WORD, MOST_PAIRS, is_cuttable, syllables_ending, table
from retrieval.questions.vocabulary import Vocabulary

SYLLABLES = st.sampled_from(sorted(table().characters))


def text(question: str, index: EmbeddedIndex) -> str | None:
    vocabulary = Vocabulary(index.frequencies, index.sentence_count)
    return converted(question, vocabulary, lambda word: bool(shipped().word(word)))


def ways(letters: str) -> list[tuple[str, ...]]:
    """Every way to cut a few letters, read from where syllables may begin and end."""
    starts = syllables_ending(letters)

    def ending(end: int) -> list[tuple[str, ...]]:
        if end == 0:
            return [()]
        if letters[end - 1] == "'":
            return ending(end - 1)
        return [(*before, letters[start:end]) for start in starts[end] for before in ending(start)]

    return ending(len(letters))


@given(st.text("abcdeghinouxz'", max_size=10))
def test_no_letter_is_lost_in_cutting(letters: str) -> None:
    for cut in ways(letters):
        assert "".join(cut) == letters.replace("'", "")
    assert is_cuttable(letters) == bool([cut for cut in ways(letters) if cut])


@given(st.lists(SYLLABLES, min_size=1, max_size=4))
def test_syllables_are_found_again(syllables: list[str]) -> None:
    assert tuple(syllables) in ways("".join(syllables))


def test_an_apostrophe_divides() -> None:
    assert ways("xi'an") == [("xi", "an")]
    assert set(ways("xian")) == {("xian",), ("xi", "an")}


class CountedVocabulary(Vocabulary):
    """Counts what is looked up in it, where it has every pair: the worst for whoever looks for ways."""

    def __init__(self) -> None:
        super().__init__(self._count, 1000)
        self.looked_up = 0

    def _count(self, tokens: Tokens) -> dict[Stream, list[float]]:
        self.looked_up += sum(map(len, tokens.values()))
        return {
            stream: [0.0 if stream is Stream.WORD else 1.0] * len(of_stream)
            for stream, of_stream in tokens.items()
        }


@given(
    st.lists(
        SYLLABLES | st.sampled_from(["xian", "xi'an", "yi", "ji", "a", " ", "3", "(", "gpt4"]), max_size=60
    ),
    st.integers(1, 60),
)
@example(["xian"], 60)
@example(["yi", "ji"], 60)
@example(["a"], 500)
def test_no_question_takes_more_than_so_many_look_ups(pieces: list[str], times: int) -> None:
    question = ("".join(pieces) * times)[:LONGEST]
    vocabulary = CountedVocabulary()
    converted(question, vocabulary, lambda _: False)
    assert vocabulary.looked_up < MOST_PAIRS + 20_000


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("shanghai you duoshao ai qiye", "上海有多少 ai 企业"),
        ("chatgpt shi na jia gongsi yanfa de", "chatgpt 是哪家公司研发的"),
        ("na yi nian bei yuwei rengong zhineng yuannian", "哪一年被誉为人工智能元年"),
        ("shang hai you duo shao ren gong zhi neng qi ye", None),
    ],
)
def test_pinyin_is_spelt_with_the_words_of_the_corpus(
    seed_index: EmbeddedIndex, question: str, expected: str | None
) -> None:
    found = text(question, seed_index)
    assert found is not None
    assert expected is None or found == expected
    assert expected is not None or (found.startswith("上海") and found.endswith("人工智能企业"))


@pytest.mark.parametrize(
    "question",
    ["how many ai companies are in shanghai", "who can help you", "canada", "ai", "", "2022", "a b c"],
)
def test_english_is_no_pinyin(seed_index: EmbeddedIndex, question: str) -> None:
    assert text(question, seed_index) is None


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("shanghai guimo yishang ai qiye you duoshao jia", "350家"),
        ("dahui de zhuti shi shenme", "智联世界"),
        ("chatgpt shi na jia gongsi yanfa de", "OpenAI公司"),
        ("guangdong rengong zhineng xiangguan qiye you duoshao", "13万家"),
        ("xinjiapo jihua touru duoshao qian", "5亿新加坡元"),
        ("alphago jibai weiqi guanjun", "AlphaGo两次"),
        ("shenzhen xinzeng duoshao jia ai qiye", "42598家"),
        ("2022 nian zhongguo rengong zhineng hexin chanye guimo shi duoshao", "5080亿元"),
        ("danmai zhengfu shenme shihou fabu rengong zhineng guojia zhanlue", "2019年3月"),
        ("na yi nian bei yuwei rengong zhineng yuannian", "2016年"),
    ],
)
def test_questions_in_pinyin_are_answered(retriever: Retriever, question: str, expected: str) -> None:
    answer = retriever.ask(question)
    assert answer.answered
    assert answer.understood != question
    assert expected in answer.passages[0].text


def test_a_question_in_pinyin_that_nothing_answers_is_declined(retriever: Retriever) -> None:
    assert not retriever.ask("huzhao zenme banli").answered


SPOKEN = {"白鹤", "鹤滩", "水电", "电站", "全长", "通道", "机组", "订单", "英伟", "伟达", "伟大", "教堂"}


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("bai he shui dian zhan quan chang duo shao", "白鹤水电站全长多少"),
        ("shei de dingdan", "谁的订单"),
        ("tongdao na tian", "通道哪天"),
        ("jiaotang duo chang", "教堂多长"),
        ("yingweida dingdan duoshao", "英伟达订单多少"),
    ],
)
def test_words_that_ask_come_first_and_known_names_next(question: str, expected: str) -> None:
    """Also where each syllable stands alone; a known name before what the corpus has more often."""
    characters = {character for pair in SPOKEN for character in pair} | set("站的")

    def count(tokens: Tokens) -> Mapping[Stream, list[float]]:
        known = {Stream.CHARACTER: characters, Stream.BIGRAM: SPOKEN, Stream.WORD: SPOKEN}
        return {s: [5.0 * (token in known[s]) for token in of_stream] for s, of_stream in tokens.items()}

    names = Typed(["英伟达", "华为"])
    assert converted(question, Vocabulary(count, 1000), lambda _: False, names.word) == expected


def test_names_are_known_by_all_their_readings() -> None:
    assert Typed(["英伟达"]).word("yingweida") == "英伟达"
    assert {Typed(["长城"]).word(typed) for typed in ("changcheng", "zhangcheng")} == {"长城"}
    assert Typed(["GPT"]).word("gpt") == ""


FEW = st.sampled_from("西安先吸恩长城唱承行a1")  # xi an and xian, chang and zhang, hang and xing


@given(
    words=st.lists(st.text(st.one_of(FEW, st.sampled_from(sorted(characters()))), min_size=1, max_size=4)),
    others=st.lists(st.text("abcdefghijklmnopqrstuvwxyz'", max_size=12)),
)
@example(words=["先", "西安"], others=[])
@example(words=["西安", "先"], others=[])
def test_of_words_that_are_typed_alike_the_first_is_found(words: list[str], others: list[str]) -> None:
    first: dict[str, str] = {}
    for word in words:
        for typed in letters(word):
            first.setdefault(typed, word)
    known = Typed(words)
    assert {typed: known.word(typed) for typed in first} == first
    assert [known.word(typed) for typed in others] == [first.get(typed, "") for typed in others]


@given(st.text("aeginoux'", max_size=12))
@example("'")
@example("xi'an'")
@example("a" * 101)
def test_letters_can_be_cut_where_a_syllable_ends_behind_all_others(typed: str) -> None:
    body = typed.rstrip("'")
    is_cut = bool(body) and bool(syllables_ending(body)[-1])
    assert is_cuttable(typed) == (is_cut and len(typed) <= LONGEST_WORD)
