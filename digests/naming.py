"""Which headline of its articles names a story, or none: the one that tells its news, as it stands now, and of whom."""

from __future__ import annotations

import math
import re
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from digests import edits, extract, novelty, numbers, ranking, words
from digests.extract import Candidate
from digests.model import Article, Story, Understood
from digests.reporting import is_summary

HEADLINE_CHARACTERS = 90
HEADLINE_SAID = 0.66
"""Share of a headline's content words that a claim holds when the headline says the same."""
ASIDE = 0.2  # share of a headline's words
_TELLS_LESS = 0.5
"""What it costs a headline to tell but a part, or what was told before: about what a source or a day is worth."""
_HALF = 0.5
_ADDS = re.compile(r"\s+(?:more|other|others|further|additional|extra)\b")
_NAMED = 2  # content words: "About us" has none


def headline(story: Story, ranked: Sequence[Candidate]) -> tuple[Understood, Candidate | None] | None:
    """The article whose headline serves as story line, with the claim that says the same, if one does."""
    best: dict[str, float] = {}
    for candidate in ranked:
        name = candidate.claim.article.id
        best[name] = max(candidate.with_toll, best.get(name, candidate.with_toll))
    asides = _asides(story.articles)
    told = {each.article.id for each in story.articles if _is_old(each)}
    worth = {name: score - _TELLS_LESS * ((name in asides) + (name in told)) for name, score in best.items()}
    for each in sorted(story.articles, key=lambda each: -worth.get(each.article.id, -math.inf)):
        title = each.article.title.strip()
        if not each.claims or not 0 < len(title) <= HEADLINE_CHARACTERS or _is_past(each):
            continue
        if edits.headline_serves(title, [claim.citation.quote for claim in each.claims[:3]]):
            above = content_of(title)
            own = [candidate for candidate in ranked if candidate.claim.article is each.article]
            return each, next((candidate for candidate in own if share(above, candidate.content) >= HEADLINE_SAID), None)
    return None


def overtaken(articles: Sequence[Understood], ranked: Sequence[Candidate]) -> set[str]:
    """Ids of the articles of whose headline a newer report tells most, with another number of what it counts; "two more" adds
    to a number, and does not change it."""
    counting = [
        (at, each.article, counted)
        for each in articles
        if (at := ranking.published(each.article)) is not None and (counted := _counts(each.article.title))
    ]
    first = min((at for at, _, _ in counting), default=None)
    dated = [(at, each) for each in ranked if (at := ranking.published(each.claim.article)) is not None]
    told = [(at, each.content, _counts(each.claim.text)) for at, each in dated if first is not None and at > first]

    def is_overtaken(published: datetime, article: Article, counted: Mapping[str, numbers.Number]) -> bool:
        above = frozenset(words.content(numbers.without(article.title)))
        newer = [each for at, content, each in told if each and at > published and share(above, content) > _HALF]
        return any(of in other and other[of].value != counted[of].value for other in newer for of in counted)

    return {article.id for at, article, counted in counting if is_overtaken(at, article, counted)}


def _counts(text: str) -> dict[str, numbers.Number]:
    """What a text counts, but for what it adds to an earlier number."""
    return {of: number for of, number in numbers.counted(text).items() if not _ADDS.match(text, number.end)}


def is_denied(candidate: Candidate, headline: Article) -> bool:
    """Whether a claim is the news of an older report that a headline denies: it names all whom that names, or holds more than
    half of its words, and denies nothing itself."""
    at, then = (ranking.published(article) for article in (candidate.claim.article, headline))
    older = at is not None and then is not None and at < then
    if not older or candidate.features.get("title", 0.0) < HEADLINE_SAID or novelty.denies(candidate.claim.text):
        return False
    names = words.all_names(headline.title)
    named = len(names) >= _NAMED and names <= candidate.content
    return named or share(content_of(headline.title), candidate.content) > _HALF


def tells_of_whom(sentence: str, headline: str, most_words: int = extract.PREFERRED_WORDS) -> bool:
    """Whether a sentence of so many words names somebody or a place where the headline that says the same does not:
    "Parliament to vote" is of any country."""
    return len(sentence.split()) <= most_words and _names_nobody(headline) and not _names_nobody(sentence)


def counts_the_dead(sentence: str, headline: str) -> bool:
    """Whether a sentence that says what a headline does counts the dead, of whom the headline tells nothing."""
    counts = extract.counts_victims(sentence) and extract.tells_of_a_death(sentence)
    return counts and not extract.tells_of_victims(headline)


def _names_nobody(text: str) -> bool:
    """Whether neither somebody nor a place is named: months and weekdays have capitals too, and so has the first word."""
    first, _, rest = text.partition(" ")
    small = words.written_small(first) or (first == "New" and rest[:1].islower())  # elsewhere it is of New York
    return small and words.names(text) <= words.calendar()


def _asides(articles: Sequence[Understood]) -> set[str]:
    """Ids of those articles of which next to nothing of the headline stands where another article of the story begins: they
    tell but a part."""
    begins = begins_of(articles)
    return {each.article.id for each in articles if max(_in_others(each, begins), default=1.0) < ASIDE}


def _in_others(understood: Understood, begins: Mapping[str, frozenset[str]]) -> list[float]:
    """Share of an article's headline that stands where each of the other articles begins."""
    title = content_of(understood.article.title)
    return [share(title, content) for name, content in begins.items() if name != understood.article.id]


def begins_of(articles: Sequence[Understood]) -> dict[str, frozenset[str]]:
    """The content words of each article's headline and first sentence, by its id."""
    return {each.article.id: content_of(" ".join((each.article.title, *first_quote(each)))) for each in articles}


def tells_the_news(story: Story, lead: Candidate) -> bool:
    """Whether a claim is the line of a post: it tells what its article reports and, where several outlets tell the story, what
    a headline of one of them does."""
    if not lead.tells_the_news:
        return False
    several = len({each.article.outlet for each in story.articles}) > 1
    return not several or any(
        share(content_of(each.article.title), lead.content) >= extract.HEADLINE_SHARE for each in story.articles
    )


def headline_instead(story: Story, lead: Candidate) -> Understood | None:
    """The article whose headline tells the news where no claim does, and may have bullets below it; of several outlets the one
    on which they agree most."""
    several = len({each.article.outlet for each in story.articles}) > 1
    told = [
        each
        for each in story.articles
        if 0 < len(title := each.article.title.strip()) <= HEADLINE_CHARACTERS
        and (edits.headline_vouched(title, each.article.text) or (is_summary(each) and edits.headline_tells(title)))
    ]

    begins = begins_of(story.articles) if several else {}

    def worth(each: Understood) -> float:
        return sum(_in_others(each, begins)) if several else share(content_of(each.article.title), lead.content)

    return max(told, key=worth, default=None)


def says_the_headline(title: str, content: Collection[str]) -> bool:
    """Whether a claim of these content words says what a headline says, so that it is not shown below it once more."""
    return share(content_of(title), content) >= HEADLINE_SAID


def content_of(title: str) -> frozenset[str]:
    """The content words of a headline, each once."""
    return frozenset(words.content(title))


def share(above: frozenset[str], content: Collection[str]) -> float:
    """Share of a headline's content words that these hold."""
    return len(above.intersection(content)) / max(len(above), 1)


def headlined(articles: Sequence[Understood]) -> Understood | None:
    """The article whose headline stands where no sentence can: it names something, and tells it too where nothing but a summary
    was read.  Of several one that its readers were not told, then one that tells of a death, then the one that tells something
    on which the others agree most, then the newest: an obituary's headline need not say that somebody died."""
    named = [each for each in articles if names_something(each)]
    telling = [each for each in named if edits.headline_tells(each.article.title)]
    if len(telling) > 1:
        begins = begins_of(articles)

        def worth(each: Understood) -> tuple[bool, bool, float]:
            death = extract.tells_of_a_death(each.article.title)
            return not _is_old(each), death, sum(_in_others(each, begins))

        return max(telling, key=worth)
    return next(iter(telling), None) or next((each for each in named if not is_summary(each)), None)


def _is_old(understood: Understood) -> bool:
    """Whether an article's headline names no update of a story: its readers were told it, or might have been a digest ago."""
    return understood.headline_told or understood.carried_over


def names_something(understood: Understood) -> bool:
    """Whether an article of which anything was read has a headline that names something and is no essay."""
    title, sentences = understood.article.title, len(understood.claims) + len(understood.dropped)
    named = sum(not word[0].isdigit() for word in words.content(title))
    return sentences > 0 and len(title) <= HEADLINE_CHARACTERS and named >= _NAMED and not _is_past(understood)


def _is_past(understood: Understood) -> bool:
    """Whether what an article's headline tells is over by the summary that stands below it."""
    return is_summary(understood) and edits.headline_is_past(understood.article.title, understood.article.text)


def first_quote(understood: Understood) -> tuple[str, ...]:
    return tuple(claim.citation.quote for claim in understood.claims[:1])
