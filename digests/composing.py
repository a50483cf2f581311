"""A story as a digest shows it: its line, its chosen claims, where its news comes from, what came before."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property, partial
from itertools import islice

from digests import attribution, changes, copies, data, edits, extract, naming, novelty, public_affairs, query, ranking, words
from digests.allotment import BULLETS_BY_RANK, Cost
from digests.claims import with_pairs
from digests.extract import Candidate, Choice
from digests.model import (
    Also,
    Before,
    Bullet,
    Citation,
    Claim,
    EventDate,
    Length,
    Precision,
    Query,
    Story,
    StoryDigest,
    Term,
    Understood,
)
from digests.reporting import is_report

BEFORE_A_STORY = 3
COMPOSED_OF = 60
"""Articles of a story, out of whose claims a post is made.  They have several hundred for the four that it shows."""
CITED = 0.65
"""Share of a bullet's content words that another outlet's sentence holds to be cited for it too.

Of 120 sentences that shared half of the shorter one's words, in stories of several outlets, hardly one of 27 below .4 told
what the bullet did, about half of those up to .65, and 32 of 34 above."""
_SHORT = 20  # words; in a list of one-liners a sentence of more takes the room of two
_TELLS_OF_IT, _SHARES_WITH_IT = 0.4, 0.25
"""A report is counted for a story's line if it begins with so much of that line's words or, unless the line stands alone,
shares so much of its own with how the cited ones begin: "files bring resignations" is not told by all who write of them."""
_COARSE = (Precision.MONTH, Precision.YEAR)
_NEWS = timedelta(days=3)
"""What happened in these days before a story's first report is the story itself, not what came before it."""


@dataclass(frozen=True)  # without slots: what takes long to find out is found once
class Outline:
    """What decides where a story stands in a digest: who tells it.  Its claims are not chosen yet: that takes most time.

    Args:
        reports: those of its articles that report news; not asked for in a digest of full length, which shows all.
    """

    story: Story
    reports: tuple[Understood, ...]

    @classmethod
    def of(cls, story: Story, wanted: Query) -> Outline:
        full = wanted.length is Length.FULL
        reports = () if full else tuple(each for each in story.articles if is_report(each))
        return cls(story, reports)

    @cached_property
    def outlets(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(each.article.outlet for each in self.story.articles))

    @cached_property
    def originals(self) -> list[int]:
        """For each article, oldest first, which of them it copies: itself, where none.

        Among hundreds it takes a tenth of a second to find out, a thread's work, and an answer that shows neither the number
        of a story's origins nor its rank never asks.
        """
        return copies.group([each.article.text for each in reversed(self.story.articles)])

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """Where the story's news come from; it asks for the originals."""
        return _origins(self.story, self.originals)

    @property
    def widely_told(self) -> bool:
        """Whether several tell the story from what each of them knows: then its headline is news enough."""
        return len(self.origins) > 1

    def told_by(self, wanted: Query) -> tuple[Understood, ...]:
        """The articles whose claims may be shown: in a post those that report news.

        What a column, a review or a guide states is what its writer holds or advises, so its headline is shown instead; of one
        without a headline a single claim is.
        """
        if wanted.length is Length.FULL or not any(each.article.title.strip() for each in self.story.articles):
            return self.story.articles
        return self.reports

    def tells(self, wanted: Query) -> bool:
        """Whether a claim of the story could be shown, if it is fit."""
        full = wanted.length is Length.FULL
        told = self.told_by(wanted)
        return any(_tells(each, wanted) for each in (map(with_pairs, told) if full else told))

    def weighed(self, wanted: Query, *, followed: bool, told: bool = False) -> tuple[Term, ...]:
        """Why the story stands where it does; ``told``: its readers know of it."""
        begins = self._begins
        return ranking.weigh(
            self.story.articles,
            len(self.outlets),
            len(self.origins),
            wanted.window.end,
            max(query.share(wanted, text) for texts in begins for text in texts) if wanted.words else None,
            followed=followed,
            told=told,
            toll=any(extract.counts_victims(text) for texts in begins[:COMPOSED_OF] for text in texts),
            affairs=self.affairs,
        )

    @cached_property
    def affairs(self) -> float:
        """How far the story is of public affairs, by how its newest articles begin."""
        return max(map(_affairs, self._begins[:COMPOSED_OF]))

    @cached_property
    def _begins(self) -> list[tuple[str, ...]]:
        """The headline and the first sentence of each article."""
        return [(each.article.title, *naming.first_quote(each)) for each in self.story.articles]

    def composed(self, wanted: Query) -> Composed:
        """The story with its claims chosen."""
        told_by = self.told_by(wanted)
        if not told_by:
            return self._by_headline(naming.headlined(self.story.articles))
        recent = replace(self.story, articles=_recent(told_by, wanted))
        ranked = ranked_claims(recent, wanted)
        overtaken = naming.overtaken(recent.articles, ranked)
        nameable = replace(recent, articles=tuple(each for each in recent.articles if each.article.id not in overtaken))
        headline = naming.headline(nameable, ranked)
        if headline and novelty.denies(headline[0].article.title):
            ranked = [each for each in ranked if not naming.is_denied(each, headline[0].article)]
        told = headline[1] if headline else None
        above = headline[0].article.title if headline else ""
        post = wanted.length is not Length.FULL
        if told and (naming.tells_of_whom(told.claim.text, above) or naming.counts_the_dead(told.claim.text, above)):
            headline, above = None, told.claim.text
        most = (1 + BULLETS_BY_RANK[0] if self.reports else 1) if post else None
        chosen = extract.choose(ranked, most, told, headline=above, fit=post)
        if post and chosen and not headline and not naming.tells_the_news(recent, chosen[0].chosen):
            instead = naming.headline_instead(nameable, chosen[0].chosen)
            bare = instead or naming.headlined(told_by)
            bare = None if bare and edits.headline_teases(bare.article.title) else bare  # then a scene tells more
            if instead:
                headline, told = (instead, None), None
                chosen = extract.choose(ranked, most, headline=instead.article.title, fit=post)
            if bare and not (instead and chosen):
                return self._by_headline(bare)
            if not headline:
                chosen.sort(key=lambda each: each.chosen.features.get("title", 0.0) < extract.HEADLINE_SHARE)
        if not chosen:  # nothing is fit
            bare = headline[0] if headline else naming.headlined(told_by)
            if bare or not ranked or any(each.article.title.strip() for each in told_by):
                return self._by_headline(bare)
            chosen = extract.choose(ranked, 1, mended=True)  # what an editor would mend least
        if headline:
            title, url = " ".join(headline[0].article.title.split()), headline[0].article.url
            cited = told.claim.citation if told else headline[0].claims[0].citation
            lead, choices = (chosen[0], chosen[1:]) if told else (None, chosen)
        else:
            lead, choices = chosen[0], chosen[1:]
            title, url, cited = lead.chosen.claim.text, lead.chosen.claim.article.url, lead.chosen.claim.citation
        return Composed(self, title, url, cited, lead, tuple(choices))

    def named(self) -> Composed | None:
        """The story by its newest headline that names something, whatever it tells: "nothing new" would not be true."""
        return next((self._by_headline(each) for each in self.story.articles if naming.names_something(each)), None)

    def hardest(self, least: float, fit: Callable[[str], bool]) -> Composed | None:
        """The story by that of its headlines which is most of public affairs, the newest of several.

        Args:
            least: how far it is so at least, with the first sentence below it.
            fit: which headlines may stand.
        """
        named = [
            (_affairs(texts), each)
            for each, texts in zip(self.story.articles, self._begins, strict=True)
            if naming.names_something(each) and fit(each.article.title)
        ]
        affairs, found = max(named, key=lambda each: each[0], default=(0.0, None))
        return self._by_headline(found) if found and affairs >= least else None

    def _by_headline(self, told: Understood | None) -> Composed:
        """The story with nothing but the headline of this article; with nothing at all without one."""
        if told is None:
            return Composed(self, "", None, None, None, ())
        return Composed(self, " ".join(told.article.title.split()), told.article.url, _first_citation(told), None, ())


@dataclass(frozen=True)  # without slots: as above
class Composed:
    """A story with its chosen claims, before it is known how many of them there is room for."""

    outline: Outline
    title: str
    url: str | None
    cited: Citation | None
    lead: Choice | None
    choices: tuple[Choice, ...]

    @classmethod
    def of(cls, story: Story, wanted: Query) -> Composed:
        return Outline.of(story, wanted).composed(wanted)

    @property
    def story(self) -> Story:
        return self.outline.story

    @property
    def outlets(self) -> tuple[str, ...]:
        return self.outline.outlets

    @property
    def origins(self) -> tuple[str, ...]:
        return self.outline.origins

    @property
    def headline_only(self) -> bool:
        """Whether nothing but a headline of the story can be shown."""
        return not self.rows and self.cited is not None

    @cached_property
    def line_only(self) -> bool:
        """Whether it never stands among the stories: a headline that tells little, or that no other outlet bears out."""
        return self.headline_only and not (self.outline.widely_told and edits.headline_tells(self.title) and self._agreed)

    @property
    def _agreed(self) -> bool:
        """Whether something of the headline stands where another article of the story begins."""
        assert self.cited is not None, "asked only of a story with a headline"
        told = self.cited.article
        begins = naming.begins_of([each for each in self.story.articles if each.article.outlet != told.outlet])
        return any(naming.share(naming.content_of(told.title), content) >= naming.ASIDE for content in begins.values())

    @property
    def rows(self) -> list[Choice]:
        """All that may be shown, best first; empty when no sentence of the story can stand alone."""
        return [*([self.lead] if self.lead else []), *self.choices]

    def drawn(self, most: int | None) -> StoryDigest:
        lead = bullet_of(self.lead) if self.lead else None
        bullets = [bullet_of(choice) for choice in self.choices[:most]]
        counted = self._counted(self.title, [*bullets, *([lead] if lead else [])])
        place = {each.article.id: at for at, each in enumerate(self.story.articles)}
        bullets.sort(key=lambda bullet: (place[bullet.citations[0].article.id], bullet.citations[0].start))
        if all(each.article.published_day for each in self.story.articles):
            bullets.sort(key=_day_of, reverse=True)
        return StoryDigest(
            id=self.story.id,
            title=self.title,
            url=self.url,
            bullets=tuple(bullets),
            lead=lead,
            cited=self.cited,
            outlets=len(counted.outlets),
            origins=counted.origins,
            first_reported_by=next((each.first_reported_by for each in self.story.articles if each.first_reported_by), None),
            before=_before(self.story, [*bullets, *([lead] if lead else [])]),
            articles=tuple(each.article.id for each in self.story.articles),
        )

    def one_line(self) -> Also:
        """The story line alone: dated by the fact that it tells, or by its report where no chosen claim says the same."""
        if self.lead:
            lead = bullet_of(self.lead)
            title, day, shown, cites = self._shorter or self.title, lead.date, [lead], lead.citations
        else:
            assert self.cited is not None, "a story without a lead has a headline"
            title, day, shown, cites = self.title, EventDate.of_report(self.cited.article.published_day), [], (self.cited,)
        outlets = self._counted(title, shown, alone=True).outlets
        return Also(self.story.id, title, self.url, day, cites, outlets=len(outlets))

    def _counted(self, line: str, shown: Sequence[Bullet], *, alone: bool = False) -> Outline:
        """The story as it is counted: what is cited, and what else tells of it and is of this window, where that has news.

        Args:
            line: as it is shown.
            alone: it is shown without bullets, so that others must tell what it tells.
        """
        articles = self.story.articles
        if len(self.outlets) == 1:
            return self.outline
        cited = {citation.article.id for bullet in shown for citation in bullet.citations}
        cited |= {self.cited.article.id} if self.cited else set()
        old = any(not each.carried_over for each in articles)
        begins, above = naming.begins_of(articles), naming.content_of(line)
        told = frozenset[str]().union(*(begins[name] for name in cited))

        def counts(each: Understood) -> bool:
            own = begins[each.article.id]
            alike = naming.share(above, own) >= _TELLS_OF_IT or (not alone and naming.share(own, told) >= _SHARES_WITH_IT)
            return each.article.id in cited or (alike and not (old and each.carried_over))

        counted = replace(self.story, articles=tuple(filter(counts, articles)))
        return replace(self.outline, story=counted)

    @property
    def _shorter(self) -> str:
        """The headline of the article whose sentence is the story's line, where it tells that in fewer words, and of whom; or
        nothing.

        A list of one-liners is scanned, and a sentence takes the room of two headlines.
        """
        assert self.lead, "asked only of a story with a lead"
        claim, content = self.lead.chosen.claim, self.lead.chosen.content
        title = " ".join(claim.article.title.split())
        told = self.title == claim.text and 0 < len(title) < min(len(claim.text), naming.HEADLINE_CHARACTERS + 1)
        if (
            not told
            or naming.share(naming.content_of(title), content) < extract.HEADLINE_SHARE
            or naming.tells_of_whom(claim.text, title, _SHORT)
        ):
            return ""
        return title if edits.headline_vouched(title, claim.citation.quote) else ""  # the link opens that sentence

    def repeats(self, most: int | None) -> int:
        """How many claims say what the line or the first bullets say."""
        lead = [self.lead] if self.lead else []
        return sum(len(choice.twins) for choice in (*lead, *self.choices[:most]))

    def cost(self, length: Length) -> Cost:
        """What the story takes of a post."""
        least = 0 if not self.choices or (self.lead and length is Length.SHORT) else 1
        lead = _source_words(self.lead) if self.lead else 0
        bullets = (len(each.chosen.claim.text.split()) + _source_words(each) for each in self.choices)
        short = len((self._shorter or self.title).split()) + lead if self.lead else None
        return Cost(len(self.title.split()) + lead, tuple(bullets), least, self.line_only, short)


def _affairs(begins: Sequence[str]) -> float:
    """How far an article that begins so is of public affairs."""
    return public_affairs.share(" ".join(begins))


def _source_words(choice: Choice) -> int:
    """About how many words who says it, the outlet and the days take."""
    claim = choice.chosen.claim
    return len((claim.attribution.said_by or "").split()) + len(claim.article.outlet.split()) + 2


def _longest(length: Length) -> int | None:
    """How many words a bullet may have; None for any number."""
    return None if length is Length.FULL else extract.LONGEST_WORDS


def _tells(understood: Understood, wanted: Query) -> bool:
    """Whether an article has a claim that could be a bullet."""
    return any(extract.usable(claim, _longest(wanted.length)) for claim in understood.claims)


def _recent(told_by: tuple[Understood, ...], wanted: Query) -> tuple[Understood, ...]:
    """The articles out of whose claims a story is composed: in a post of the newest sixty that have any, or its cost would grow
    with what is stored, not with what is shown.

    An older report hardly has what comes before all that theirs have: each day costs it as much as a fresh date is worth.
    What follows does not see the others: a claim that says the same as a shown one is neither cited nor counted.
    """
    if wanted.length is Length.FULL or len(told_by) <= COMPOSED_OF:
        return told_by
    return tuple(islice((each for each in told_by if _tells(each, wanted)), COMPOSED_OF)) or told_by[:COMPOSED_OF]


def ranked_claims(story: Story, wanted: Query) -> list[Candidate]:
    """All claims of a story that could be bullets, best first: those that other outlets support, of newer reports, about
    what was asked for.

    At full length a bullet may be long, and may join a sentence that leans on the one before to it.
    """
    full = wanted.length is Length.FULL
    wordings = [extract.Wording.of(each) for each in story.articles]
    contents = [each.content for each in wordings]
    rarity = words.Rarity(contents if len(contents) > 1 else ())
    newest = max((each.article.published_day for each in story.articles if each.article.published_day), default=None)
    told = extract.StoryWords(contents, rarity) if len(contents) > 1 else None
    found: list[Candidate] = []
    for at, each in enumerate(story.articles):
        day = each.article.published_day
        older = (newest - day).days if newest and day else 0
        found += extract.candidates(
            with_pairs(each) if full else each,
            rarity,
            told.beside(contents[at]) if told else None,
            most_words=_longest(wanted.length),
            wording=wordings[at],
            further=partial(_of_its_story, wanted, older) if older or wanted.words else None,
        )
    return sorted(found, key=lambda candidate: -candidate.score)


def _of_its_story(wanted: Query, older: int, claim: Claim) -> dict[str, float]:
    """What counts for or against a claim beyond its article: the days since its report, the words that were asked for."""
    return {"older": older, "asked": query.share(wanted, claim.text)}


def _first_citation(understood: Understood) -> Citation:
    """Where the article's text begins."""
    told = [*(claim.citation for claim in understood.claims), *(dropped.citation for dropped in understood.dropped)]
    return min(told, key=lambda citation: citation.start)


def bullet_of(choice: Choice) -> Bullet:
    """The bullet of a choice; of its twins, those of other outlets that tell what it tells are cited too."""
    claim = choice.chosen.claim
    seen = {claim.article.outlet}
    further = []
    for twin in choice.twins:
        if twin.claim.article.outlet not in seen and _bears_out(choice.chosen, twin):
            seen.add(twin.claim.article.outlet)
            further.append(twin.claim)
    return Bullet.of(claim, *further, why=choice.why)


def _bears_out(shown: Candidate, other: Candidate) -> bool:
    """Whether a claim that says the same can stand as a source of one that is shown: it holds most of its words, all its
    numbers and its day, and denies what it denies."""
    claim, twin = shown.claim, other.claim
    if len(shown.content & other.content) < CITED * len(shown.content):
        return False
    if claim.date.leads and _when(twin.date) != _when(claim.date):
        return False
    quote = twin.citation.quote
    return _numbers(claim.text) <= _numbers(quote) and changes.says_not(claim.text) == changes.says_not(quote)


def _when(day: EventDate) -> tuple[str | None, bool] | None:
    return (day.value, day.planned) if day.leads else None


def _numbers(text: str) -> set[str]:
    """The numbers of a text, in digits or words."""
    named: dict[str, int] = data.table("dates.en.toml")["values"]["number"]
    return words.numbers(text) | {word for word in words.tokens(text) if named.get(word, 0) > 1}


def _day_of(bullet: Bullet) -> date:
    """The day by which bullets of a story are ordered: a plan stands with its report."""
    report = bullet.citations[0].article.published_day or date.min
    return (bullet.date.first_day or report) if bullet.date.leads and not bullet.date.planned else report


def _origins(story: Story, originals: Sequence[int]) -> tuple[str, ...]:
    """Where the story's news come from: whom its articles credit; an outlet that credits nobody, and copies none, itself."""
    oldest_first = story.articles[::-1]
    credited: dict[int, list[str]] = {}
    for original, each in zip(originals, oldest_first, strict=True):
        credited.setdefault(original, []).extend((*each.origins, *each.article.origins))
    found: dict[str, str] = {}
    for original, names in credited.items():
        for name in names or [oldest_first[original].article.outlet]:
            found.setdefault(attribution.origin(name), name)
    return tuple(found.values())


def _before(story: Story, shown: Sequence[Bullet]) -> tuple[Before, ...]:
    """At most three dated phrases of what came before the story, oldest first; none that a shown bullet tells."""
    first = min((each.article.published_day for each in story.articles if each.article.published_day), default=None)
    told = [set(words.content(bullet.text)) for bullet in shown if bullet.date.leads]
    found: dict[frozenset[str], Before] = {}
    for phrase in (phrase for each in story.articles for claim in each.claims for phrase in claim.background):
        if all(day.precision in _COARSE for day in phrase.dates) and words.names(f"the {phrase.text}") <= words.calendar():
            continue  # "2024 storm season" says nothing of what happened
        content = set(words.content(phrase.text))
        recent = first is not None and any(day.last_day and day.last_day >= first - _NEWS for day in phrase.dates)
        if not recent and not any(content <= each for each in told):
            found.setdefault(frozenset(day.value or day.partial or day.words for day in phrase.dates), phrase)
    phrases = list(found.values())
    finest = [each for each in phrases if not any(_holds(other, each) for other in phrases if other is not each)]
    return tuple(sorted(finest[:BEFORE_A_STORY], key=lambda phrase: phrase.dates[0].first_day or date.max))


def _holds(fine: Before, coarse: Before) -> bool:
    """Whether a phrase tells all that a coarser one does: its words, and a day within each of its days."""
    if not set(words.content(coarse.text)) <= set(words.content(fine.text)):
        return False
    return all(any(_within(day, each) for day in fine.dates) for each in coarse.dates)


def _within(day: EventDate, other: EventDate) -> bool:
    if day.first_day is None or other.first_day is None or other.last_day is None:
        return False
    return other.first_day <= day.first_day <= other.last_day
