"""A question in whatever words it was asked, as terms that the corpus has.

First it is rewritten: a slip in a Latin name is put right, 去年 becomes the year before that of the newest
article, pinyin becomes Chinese text, a word that the corpus lacks is put in another of its synonyms. Then it
is looked up as Chinese, or as English by a dictionary. To rewrite what was rewritten changes nothing: what is
shown as understood can be asked again.
"""

import math
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache, partial
from itertools import chain, compress, pairwise

import numpy as np

from retrieval.bm25 import added
from retrieval.index.evidence import Evidence, gather
from retrieval.index.protocol import ArticleIndex, Tokens
from retrieval.language.mentions import years
from retrieval.language.normalise import normalise
from retrieval.language.tokeniser import Tokeniser, bigrams
from retrieval.models import Question, Stream, Term
from retrieval.questions import (
    alternatives,
    chinese,
    exchange,
    followup,
    forms,
    homophones,
    pinyin,
    singles,
    spelling,
    syllables,
)
from retrieval.questions.alternatives import Cut, Said
from retrieval.questions.answer_type import asked_for
from retrieval.questions.chinese import AFTER, LONGEST, understand
from retrieval.questions.demands import demands
from retrieval.questions.english import followup as english_followup
from retrieval.questions.english import names
from retrieval.questions.english import translation as english
from retrieval.questions.english.stop_words import STOP_WORDS
from retrieval.questions.english.translation import Translator
from retrieval.questions.expansion import terms
from retrieval.questions.newest import NEWEST, wants_newest
from retrieval.questions.pinyin import Typed
from retrieval.questions.synonyms import Synonyms
from retrieval.questions.vocabulary import Vocabulary, tokens_of

PROBED = 5
"""Articles looked at to tell whether a question goes on about the one before."""
LEAST_COVERED = 0.5
"""Of what any article has of a question's words, what those of the question before must have."""

MOST_TERMS = 64
"""Terms of a stream that are looked up, the first of a question: each costs memory a sentence ranked."""


class Interpreter:
    """Makes questions for an index.

    Args:
        index: that is asked.
        tokeniser: the one that it was made with.
        synonyms: other words for what the corpus calls otherwise.
        translator: for English questions.
    """

    def __init__(
        self, index: ArticleIndex, tokeniser: Tokeniser, synonyms: Synonyms, translator: Translator
    ) -> None:
        self._index = index
        self._tokeniser = tokeniser
        self._synonyms = synonyms
        self._translator = translator

    def interpret(self, text: str, previous: str | None = None) -> Question:
        """The question that someone asks, perhaps a follow-up of the one before it."""
        vocabulary = self._vocabulary()
        self._foresee(text, vocabulary)
        if previous:
            understood = vocabulary.settled(lambda: self._rewritten(text, vocabulary))
            completed = self._completed(understood, previous, vocabulary)
            self._foresee(completed, vocabulary)
        else:
            completed = text
        return vocabulary.settled(
            lambda: self._question(text, self._rewritten(completed, vocabulary), vocabulary)
        )

    def may_stand_alone(self, question: Question) -> bool:
        """Whether a question was put after the one before it though it could be understood without."""
        is_joined = AFTER in question.understood and AFTER not in question.text
        return is_joined and not followup.is_followup(question.text, self._tokeniser)

    def reinterpret(self, text: str, understood: str) -> Question:
        """The question that was interpreted before, and understood so."""
        vocabulary = self._vocabulary()
        self._foresee(understood, vocabulary)
        return vocabulary.settled(lambda: self._question(text, understood, vocabulary))

    def _rewritten(self, text: str, vocabulary: Vocabulary) -> str:
        """A question in words that the corpus has; itself, where it has them or no others are known."""
        if len(text) > LONGEST:
            return text
        text = spelling.corrected(text, vocabulary, self._is_english_word)
        text = years.resolved(text, self._index.newest)
        normalised = normalise(text)
        if english.is_english(normalised):
            named = _names(self._translator).word
            return pinyin.converted(normalised, vocabulary, self._is_english_word, named) or text
        return self._synonyms.replaced(text, vocabulary.has)

    def _foresee(self, text: str, vocabulary: Vocabulary) -> None:
        """Look up at once what will be asked for, and where it saves a trip, what may be."""
        if len(text) > LONGEST:
            return
        if self._index.is_far:
            tokens, more = self._foreseen(text), self._supposed(text, vocabulary)
            vocabulary.foresee({stream: [*tokens[stream], *more.get(stream, ())] for stream in Stream})
        else:
            vocabulary.look_up(self._in_doubt(text))

    def _in_doubt(self, text: str) -> Iterable[str]:
        """What of a question, or instead of it, the corpus may have or not: how it is put goes by that."""
        normalised = normalise(text)
        if english.is_english(normalised):
            return chain.from_iterable(self._meant(normalised))
        cut = self._cut(text)
        said, alike = _said(cut, self._synonyms, self._translator)
        return (
            *spelling.words(normalised),
            *self._synonyms.related(normalised),
            *(cut.text[piece.start : piece.end] for piece in alike),
            *(other for piece in (*said, *alike) for other, _ in piece.others),
        )

    def _supposed(self, text: str, vocabulary: Vocabulary) -> Tokens:
        """What will be looked up of a question if the corpus has no word of it."""
        normalised = normalise(text)
        if english.is_english(normalised):
            return self._supposed_of_english(text, vocabulary)
        replaced = self._synonyms.replaced(text, lambda word: word not in normalised)
        return {} if replaced == text else self._foreseen(replaced)

    def _foreseen(self, text: str) -> Tokens:
        """What will be looked up of a question whatever the corpus has, the search itself included."""
        normalised = normalise(text)
        if english.is_english(normalised):
            return self._tokens(*self._meant(normalised))
        cut = self._cut(text)
        said, alike = _said(cut, self._synonyms, self._translator)
        terms = alternatives.looked_up(cut, (*said, *alike), self._tokeniser)
        texts = tokens_of(self._in_doubt(text))
        return {stream: [*terms[stream], *texts[stream]] for stream in Stream}

    def _cut(self, text: str) -> Cut:
        return chinese.cut(chinese.looked_up(text), self._tokeniser, is_dated=self._index.newest is not None)

    def _meant(self, normalised: str) -> tuple[Sequence[str], Sequence[str]]:
        """The words of an English question, also two of them joined, and Chinese that they may mean."""
        words = [match.group() for match in forms.LATIN_PIECE.finditer(normalised.replace("'s ", " "))]
        pairs = (form for first, second in pairwise(words) for form in forms.joined(first, second))
        asked = [word for word in words if word not in STOP_WORDS]
        meant = [text for word in asked for text, _ in self._translator.dictionary.word(word)]
        return (*words, *pairs), meant

    def _supposed_of_english(self, text: str, vocabulary: Vocabulary) -> Tokens:
        """The same of an English question: its phrases and numbers, names as they may be spelt."""
        normalised = normalise(text)
        words = english.WORD.findall(normalised)
        unknown = [word for word in words if not self._is_english_word(word)]
        spelt = [pair for word in unknown for pair in self._translator.names.pairs(word)]
        typed = ["'".join(name) for name in names.in_pinyin(words, names.names_of(text))]
        found = self._tokens(words, list(english.supposed(normalised, self._translator)))
        in_pinyin = syllables.pairs([*typed, *words], vocabulary)
        return {**found, Stream.BIGRAM: [*found[Stream.BIGRAM], *spelt, *in_pinyin]}

    def _tokens(self, words: Iterable[str], meant: Sequence[str]) -> Tokens:
        """The tokens of words, and of Chinese that they may mean."""
        texts = list(dict.fromkeys((*words, *meant)))
        long = "\n".join(text for text in meant if len(text) > len("两字"))
        return {
            Stream.WORD: [*texts, *self._tokeniser.words(long)],
            Stream.CHARACTER: [character for text in meant for character in text],
            Stream.BIGRAM: [pair for text in texts for pair in bigrams(text)],
        }

    def _completed(self, text: str, previous: str, vocabulary: Vocabulary) -> str:
        """A follow-up completed from the question before it; of two in different languages, in Chinese."""
        is_english, was_english = (english.is_english(normalise(one)) for one in (text, previous))
        if is_english and was_english:
            return english_followup.complete(text, previous, self._kind_of)
        if is_english and english_followup.leans(text, self._kind_of):
            asked = f"{self._gloss(text, vocabulary)}呢？"
            return self._joined(asked, previous, vocabulary)
        if was_english and not is_english:
            return self._joined(text, self._gloss(previous, vocabulary), vocabulary)
        return self._joined(text, previous, vocabulary)

    def _joined(self, text: str, previous: str, vocabulary: Vocabulary) -> str:
        """A follow-up completed by its form, or else where that finds more; what is new stands alone."""
        completed = followup.complete(text, previous, self._tokeniser)
        if completed == text and followup.may_lean(text):
            completed = followup.after(previous, text, self._tokeniser)
        if AFTER not in completed or AFTER in text:
            return completed
        is_told = followup.is_followup(text, self._tokeniser)
        return completed if self._finds_more(completed, text, vocabulary, is_told=is_told) else text

    def _finds_more(self, completed: str, text: str, vocabulary: Vocabulary, *, is_told: bool) -> bool:
        """Whether articles about what was asked before speak of what is asked now, as others do."""
        own = vocabulary.settled(lambda: self._question(text, text, vocabulary))
        asked = {term.token for term in own.terms[Stream.WORD]}
        if not asked:
            return True
        alone = _covered(gather(self._index, own, PROBED), asked)
        if is_told:
            return alone > 0
        if vocabulary.settled(lambda: self._begins_with_what_is_new(own, vocabulary)):
            return False
        joined = vocabulary.settled(lambda: self._question(completed, completed, vocabulary))
        context = {term.token for term in joined.terms[Stream.WORD]} - asked
        named = {word for word in asked if exchange.named(word, self._tokeniser) in exchange.NAMED}
        found = gather(self._index, joined, PROBED)
        return _covered(found, asked, context, named) >= LEAST_COVERED * alone

    def _begins_with_what_is_new(self, question: Question, vocabulary: Vocabulary) -> bool:
        """Whether whose matter it is stands in no article: then in none about what was asked before."""
        return any(
            len(term.token) > 1
            and question.normalised.startswith(term.token)
            and self._tokeniser.part_of_speech(term.token).startswith("n")
            and not any(vocabulary.has_word(token) for token, _ in term.alternatives)
            for term in question.terms[Stream.WORD]
        )

    def _gloss(self, text: str, vocabulary: Vocabulary) -> str:
        question = vocabulary.settled(lambda: self._question(text, text, vocabulary))
        return question.translation or text

    def _kind_of(self, word: str) -> str | None:
        """What an English word names: what its likeliest translation does."""
        translations = self._translator.dictionary.word(word)
        return exchange.named(translations[0][0], self._tokeniser) if translations else None

    def _question(self, text: str, understood: str, vocabulary: Vocabulary) -> Question:
        """The question that looks up `understood`, for someone who asked `text`."""
        normalised = normalise(understood[:LONGEST])
        if english.is_english(normalised):
            question = self._english(text, understood, normalised, vocabulary)
        else:
            question = self._chinese(text, understood, vocabulary)
        if self._index.is_far:
            vocabulary.foresee(_searched(question.terms))
        return question.model_copy(update={"demands": demands(question, self._tokeniser)})

    def _chinese(self, text: str, understood: str, vocabulary: Vocabulary) -> Question:
        is_dated = self._index.newest is not None
        terms = partial(self._terms, vocabulary)
        return understand(text, self._tokeniser, understood, terms, is_dated=is_dated)

    def _terms(self, vocabulary: Vocabulary, cut: Cut) -> Mapping[Stream, tuple[Term, ...]]:
        said, alike = _said(cut, self._synonyms, self._translator)
        own = singles.said(cut, vocabulary, lambda: self._characters)
        more = *homophones.unknown(cut, alike, vocabulary), *own
        return _first(alternatives.terms(cut, (*said, *more), self._tokeniser, vocabulary))

    @cached_property
    def _characters(self) -> Sequence[str]:
        """The characters of the corpus that have a reading; all, where to look them up is a trip."""
        every = sorted(pinyin.characters())
        if self._index.is_far:
            return every
        return list(compress(every, self._index.frequencies({Stream.CHARACTER: every})[Stream.CHARACTER]))

    def _english(self, text: str, understood: str, normalised: str, vocabulary: Vocabulary) -> Question:
        is_dated = self._index.newest is not None
        written = normalise(english.abbreviated(understood[:LONGEST]))
        written = NEWEST.sub(" ", written) if is_dated else written
        expressions = english.expressions(
            written, self._translator, vocabulary, names.names_of(understood[:LONGEST])
        )
        gloss = english.gloss(normalised, expressions)
        return Question(
            text=text,
            understood=understood,
            translation=gloss,
            # With its Chinese words, so that what reads Chinese questions reads this one too.
            normalised=f"{normalised} {normalise(gloss)}",
            kind=asked_for(normalise(gloss)),
            terms=_first(terms(expressions, self._tokeniser, vocabulary)),
            wants_newest=is_dated and wants_newest(normalised),
        )

    def _is_english_word(self, word: str) -> bool:
        return bool(self._translator.dictionary.word(word))

    def _vocabulary(self) -> Vocabulary:
        return Vocabulary(self._index.frequencies, self._index.sentence_count, is_far=self._index.is_far)


def _first(terms: Mapping[Stream, tuple[Term, ...]]) -> Mapping[Stream, tuple[Term, ...]]:
    """As many of the terms as are looked up."""
    return {stream: of_stream[:MOST_TERMS] for stream, of_stream in terms.items()}


def _searched(terms: Mapping[Stream, tuple[Term, ...]]) -> Tokens:
    """The tokens that a search for some terms looks up."""
    return {
        stream: [token for term in of_stream for token, _ in term.alternatives]
        for stream, of_stream in terms.items()
    }


# A service opens its index many times, and makes these anew for none of them.


@lru_cache(maxsize=2)
def _names(translator: Translator) -> Typed:
    """The words that are known outside of the corpus."""
    return Typed(_known(translator))


@lru_cache(maxsize=2)
def _words(synonyms: Synonyms, translator: Translator) -> Typed:
    """The same behind what synonyms are known of."""
    return Typed((*(word for word in synonyms.words if len(word) > 1), *_known(translator)))


def _known(translator: Translator) -> Iterator[str]:
    return (word for word in (*translator.dictionary.own, *exchange.BRANDS) if len(word) > 1)


@lru_cache(maxsize=chinese.REMEMBERED)
def _said(cut: Cut, synonyms: Synonyms, translator: Translator) -> tuple[tuple[Said, ...], tuple[Said, ...]]:
    """What in a question may be written otherwise, and what only sounds like something else."""
    alike = homophones.alike(cut, _words(synonyms, translator))
    return (*synonyms.said(cut), *forms.said(cut)), tuple(alike)


def _covered(
    evidence: Evidence,
    asked: Collection[str],
    context: Collection[str] = (),
    names: Collection[str] = (),
) -> float:
    """The most that an article has of the words asked, each by its rarity.

    Only of one that has its share of the context too, and every name that is asked.
    """
    words = evidence.streams[Stream.WORD]
    if not evidence.articles:
        return 0.0
    held = np.maximum.reduceat(words.frequencies, evidence.first[:-1], axis=0) + words.titles > 0
    frequency = words.statistics.document_frequency
    rarity = np.array(
        [math.log((words.statistics.documents + 1) / (frequency[term] + 0.5)) for term in words.terms]
    )
    of_asked, of_context = (
        rarity * np.array([term in wanted for term in words.terms]) for wanted in (asked, context)
    )
    is_about = added((held * of_context).T) >= LEAST_COVERED * added(of_context)
    for place, term in enumerate(words.terms):
        if term in names:
            is_about &= held[:, place]
    return float((added((held * of_asked).T) * is_about).max())
