"""What is small talk and what is a question that looks like it."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.conversation.replies import Kind, Reply
from bot.conversation.small_talk import LIST, SmallTalk, _parsed, small_talk
from bot.layout.language import Language, phrases

SAID = {
    SmallTalk.GREETING: (
        "你好|你好呀|您好！|早上好|嗨，晚上好|哈喽|新年快乐！|hi|Hello there!"
        "|good morning|你好吗？|nice to meet you"
    ),
    SmallTalk.THANKS: (
        "谢谢|谢谢你的帮助！|多谢多谢|多谢指教|謝謝啦，很有幫助|thanks a lot|Thanks 🙏|辛苦了|thx"
    ),
    SmallTalk.BYE: "再见|拜拜啦|晚安|先走了|bye bye|see you later|Good night!",
    SmallTalk.WHO: (
        "你是谁？|你是誰呀|你叫什么名字|你是机器人吗|谁开发的你？|自我介绍一下|介绍下你自己|who are you?"
        "|Are you a bot?|what's your name"
    ),
    SmallTalk.ABILITY: (
        "你能做什么？|你都会干点啥|你可以帮我查些什么|我可以问你什么问题|what can you do?|What can I ask you?"
    ),
    SmallTalk.PRESENCE: "在吗|在不在呀|有人吗？|are you there?",
    SmallTalk.PRAISE: "真棒|不错不错|太厉害了！|great job|That's very helpful",
    SmallTalk.AGREEMENT: "好的，知道了|嗯嗯|原来如此|ok got it",
    SmallTalk.LAUGHTER: "哈哈哈|笑死我了|👍|😂😂😂|lol",
    SmallTalk.COMPLAINT: "答错了吧|不对|that's wrong",
    SmallTalk.DOUBT: "真的吗？|are you sure?",
    SmallTalk.CHAT: "给我讲个笑话|我好无聊啊|tell me a joke",
}
QUESTIONS = """
你好世界是什么公司
谢谢你医生是哪家公司的产品？
再见爱人第几季开播了
你是谁的粉丝节目什么时候上线
哈哈镜智能眼镜卖多少钱
好的AI公司有哪些
在吗App是谁开发的
早上好中国是什么节目
你好，上海有多少家AI企业？
谢谢，那产值呢？
帮助残疾人的AI有哪些？
怎么用DeepSeek写代码？
如何使用豆包
使用说明书的生成模型叫什么
退出中国市场的公司有哪些
Q1收入多少
q开头的芯片公司
帮助中心上线了吗
你知道华为吗
你认识马斯克吗
机器人是什么
机器人有多少台？
人工智能是什么
什么是机器人
ChatGPT是谁开发的？
GPT能做什么
豆包会什么
有什么功能
能做什么
它叫什么名字
他是谁
这是谁家的
谁开发的
什么公司做的
多少钱
为什么
产值呢
那广东呢
在哪里
好在哪里
好不好用
有用吗
厉害吗
有多厉害
谁最牛
哪个好
最近有什么新闻
最近怎么样
666公司融了多少钱
88折是谁推出的
OK镜是什么
Hello Kitty AI是谁做的
hello world模型有多大
who are the founders of Moonshot
what can Sora do
what is your company's revenue
thanks to whom did DeepSeek grow
is Kimi good
how are chips made
are robots alive
good models
bye bye plastic campaign numbers
""".strip().splitlines()


def utterances() -> list[tuple[str, SmallTalk]]:
    return [(said, talk) for talk, together in SAID.items() for said in together.split("|")]


@pytest.mark.parametrize(("said", "talk"), utterances())
def test_small_talk_is_told_by_what_it_says(said: str, talk: SmallTalk) -> None:
    assert small_talk(said) is talk


@pytest.mark.parametrize("question", QUESTIONS)
def test_a_question_is_never_taken_for_small_talk(question: str) -> None:
    assert small_talk(question) is None


def test_there_are_as_many_of_both_as_the_promise_says() -> None:
    assert len(utterances()) >= 60
    assert len(QUESTIONS) >= 60


@pytest.mark.parametrize("nothing", ["", " ", "？", "？！", "……", "\n"])
def test_what_says_nothing_is_no_small_talk(nothing: str) -> None:
    assert small_talk(nothing) is None


@given(
    st.sampled_from([said for said, _ in utterances()]),
    st.sampled_from(["上海", "芯片", "DeepSeek", "第3季度"]),
)
def test_one_word_more_makes_it_something_else(said: str, word: str) -> None:
    assert small_talk(f"{said} {word}") is None
    assert small_talk(f"{word} {said}") is None


@given(st.text("你好谢哈早在吗的是 hi!k6", max_size=60))
def test_any_text_is_read_at_once(text: str) -> None:
    assert small_talk(text) is small_talk(f" {text}\n")


@pytest.mark.parametrize("language", list(Language))
@pytest.mark.parametrize("talk", list(SmallTalk))
def test_there_is_something_to_say_to_it_in_each_language(talk: SmallTalk, language: Language) -> None:
    assert 3 < len(phrases(language)[Reply(kind=Kind.SMALL_TALK, talk=talk).phrase]) < 200


@given(st.text(max_size=20), st.characters(categories=["L"]), st.text(max_size=20))
def test_no_phrase_takes_a_letter_that_none_is_written_with(before: str, letter: str, after: str) -> None:
    assume(letter not in LIST.read_text(encoding="utf-8"))
    assert _parsed(f"{before}{letter}{after}") is None
