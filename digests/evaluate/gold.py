"""A set of articles beside what a careful editor makes of them: where the engine misses it, and what to ask any program of it.

The gold is an object of JSON with these parts; articles go by their addresses, and a quote is a sentence of one of them.

- ``stories``: each with its ``name``, ``articles`` and ``origins``; its ``good_bullets``, the best first, and ``also_good``;
  its ``bad_sentences`` (with ``why``); and ``before``, the days of what led to it.
- ``days``: sentences with the ``day`` of their fact, or null; ``ok`` has further days that are right too.
- ``dropped``: sentences that are none of the article's facts, by ``kind``.
- ``copies``: lists of articles with the same text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from digests import make
from digests.evaluate.measures import among, folded, same
from digests.evaluate.questions import Question
from digests.model import Article, Bullet, Digest, Kind, Length, Query, StoryDigest, Understood, Window

Gold = Mapping[str, Any]
BULLETS = 3
"""Of a story, in what is asked of a program."""


@dataclass(frozen=True, slots=True)
class Compared:
    """The articles of a gold as the engine understood them, and the digests that it makes of them.

    Args:
        post: a digest with the limits of a channel post; ``full``: one without.
    """

    gold: Gold
    articles: tuple[Understood, ...]
    post: Digest
    full: Digest

    @classmethod
    def of(cls, gold: Gold, articles: Sequence[Understood], *, title: str, zone: str, now: datetime) -> Compared:
        """The articles with their digests, as of an instant (aware, in UTC)."""
        post, full = (
            make.make(articles, Query(Window(None, now), (), length), title=title, zone=zone, day=now.date())
            for length in (Length.NORMAL, Length.FULL)
        )
        return cls(gold, tuple(articles), post, full)

    def misses(self) -> list[str]:
        """Where the engine and the gold differ, a line each, which begins with the kind of the miss and a colon."""
        checks = (
            self._grouping,
            self._origins,
            self._days,
            self._dropped,
            self._lost,
            self._chosen,
            self._told,
            self._credit,
            self._before,
        )
        return sorted({miss for check in checks for miss in check()})

    def questions(self) -> list[Question]:
        """The gold as questions for any program: digests of each story, the days of sentences, stories, copies.

        Articles that their outlet marks as comment are in no digest or group, for a question cannot tell that.  Who says what
        is not asked: the gold has whom a bullet is to credit, not everybody whom a sentence credits.
        """
        return list(_questions(self.gold, {_url(each): each.article for each in self.articles}))

    # ------------------------------------------------------------ what is compared

    def _grouping(self) -> Iterator[str]:
        stories = make.group([each for each in self.articles if not each.article.comment])
        found = {frozenset(_url(each) for each in story.articles) for story in stories}
        for story in self.gold["stories"]:
            urls = frozenset(url for url in story["articles"] if not self._of(url).article.comment)
            if urls and urls not in found:
                yield f"grouping: {story['name']} is not one story of its {len(urls)} articles"

    def _origins(self) -> Iterator[str]:
        for story in self.gold["stories"]:
            item = self._item(self.full, story)
            if item is not None and set(map(_plain, item.origins)) != set(map(_plain, story["origins"])):
                yield f"origins: {story['name']} has {', '.join(item.origins)}; right is {', '.join(story['origins'])}"

    def _days(self) -> Iterator[str]:
        for row in self.gold["days"]:
            claims = self._of(row["url"]).claims
            claim = next((each for each in claims if same(row["quote"], each.citation.quote)), None)
            if claim is None:
                continue  # dropped sentences are compared below
            found = claim.date.value if claim.date.leads else None
            if found not in {row["day"], *row.get("ok", [])}:
                yield f"day: {found} for {row['day']}: {folded(row['quote'])}"

    def _dropped(self) -> Iterator[str]:
        for row in self.gold["dropped"]:
            understood = self._of(row["url"])
            if row["kind"] == Kind.COMMENT and understood.article.comment:
                continue
            quotes = [claim.citation.quote for claim in understood.claims]
            if row["kind"] != Kind.REPEATED:
                if among(row["quote"], quotes):
                    yield f"dropped: kept a {row['kind']}: {folded(row['quote'])}"
            elif (kept := sum(folded(quote).endswith(folded(row["quote"])) for quote in quotes)) != 1:
                yield f"dropped: a doubled sentence stands {kept} times: {folded(row['quote'])}"

    def _lost(self) -> Iterator[str]:
        """Good sentences that make no claim."""
        for story in self.gold["stories"]:
            for row in story["good_bullets"]:
                if not among(row["quote"], (claim.citation.quote for claim in self._of(row["url"]).claims)):
                    yield f"lost: {folded(row['quote'])}"

    def _chosen(self) -> Iterator[str]:
        for story, bullet in self._shown():
            quote = bullet.citations[0].quote
            bad = next((row for row in story["bad_sentences"] if same(row["quote"], quote)), None)
            if bad is not None:
                yield f"chosen: a {bad['why']} sentence: {folded(quote)}"
            elif not among(quote, (row["quote"] for row in _good(story))):
                yield f"chosen: not an editor's choice: {folded(quote)}"

    def _told(self) -> Iterator[str]:
        """The best fact of each story that a channel post shows in full must be among its bullets, or in its story line."""
        for story in self.gold["stories"]:
            best = [row["quote"] for row in story["good_bullets"][:2]]
            item = self._item(self.post, story)
            if item is not None and best:
                quotes = [citation.quote for bullet in item.facts for citation in bullet.citations]
                if not any(among(quote, best) for quote in quotes):
                    yield f"told: {story['name']} shows neither of its two best facts"

    def _credit(self) -> Iterator[str]:
        for story, bullet in self._shown():
            row = next((row for row in _good(story) if same(row["quote"], bullet.citations[0].quote)), None)
            said = bullet.attribution.said_by
            if row is None or said is None:
                continue  # a source may always stay in its sentence
            if row.get("source_stays") or _bare(said) not in _bare(row["said_by"] or ""):
                yield f"credit: {said} for {row['said_by']}: {bullet.text}"

    def _before(self) -> Iterator[str]:
        for story in self.gold["stories"]:
            item = self._item(self.full, story)
            right = {row["day"] for row in story["before"]}
            for phrase in item.before if item else ():
                for day in phrase.dates:
                    if day.value not in right:
                        yield f"before: {day.value} {phrase.text}"

    # ------------------------------------------------------------ where things are

    def _of(self, url: str) -> Understood:
        return next(each for each in self.articles if _url(each) == url)

    def _ids(self, story: Gold) -> set[str]:
        return {self._of(url).article.id for url in story["articles"]}

    def _item(self, digest: Digest, story: Gold) -> StoryDigest | None:
        """What a digest shows of a story of the gold."""
        ids = self._ids(story)
        return next((each for each in digest.stories if ids & set(each.articles)), None)

    def _shown(self) -> Iterator[tuple[Gold, Bullet]]:
        """Each bullet of a channel post with its gold story."""
        of_article = {id_: story for story in self.gold["stories"] for id_ in self._ids(story)}
        for item in self.post.stories:
            for bullet in item.facts:
                yield of_article[bullet.citations[0].article.id], bullet


def _url(understood: Understood) -> str:
    return understood.article.url or ""


def _good(story: Gold) -> list[Gold]:
    return [*story["good_bullets"], *story.get("also_good", [])]


def _plain(outlet: str) -> str:
    return outlet.removeprefix("The ")


def _bare(name: str) -> str:
    return folded(name).removeprefix("the ")


# ---------------------------------------------------------------- questions


def _questions(gold: Gold, articles: Mapping[str, Article]) -> Iterator[Question]:
    news = {url: article for url, article in articles.items() if not article.comment}
    for story in gold["stories"]:
        if told := [news[url] for url in story["articles"] if url in news]:
            yield _digest(gold, story, told)
    for row in gold["days"]:
        article = articles[row["url"]]
        start, end = _place(row["quote"], article.text)
        yield Question(
            {
                "task": "bullet-day",
                "article": _fields(article, "title", "text", "published"),
                "sentence": article.text[start:end],
                "start": start,
                "end": end,
            },
            {"gold": {"day": row["day"], "ok": row.get("ok", [])}},
        )
    story_of = {url: story["name"] for story in gold["stories"] for url in story["articles"]}
    copy_of = {url: str(number) for number, urls in enumerate(gold["copies"]) for url in urls}
    for by, group_of in (("story", story_of), ("copy", copy_of)):
        yield Question(
            {"task": "cluster", "by": by, "articles": [_fields(each) for each in news.values()]},
            {"gold": [group_of.get(url, url) for url in news]},
        )


def _digest(gold: Gold, story: Gold, told: Sequence[Article]) -> Question:
    urls = {article.url for article in told}
    noise = [row["quote"] for row in gold["dropped"] if row["url"] in urls and row["kind"] in (Kind.CAPTION, Kind.FURNITURE)]
    return Question(
        {"task": "digest", "articles": [_fields(each) for each in told], "budget": {"max_bullets": BULLETS, "max_words": None}},
        {
            "noise": noise,
            "good": [row["quote"] for row in _good(story)],
            "bad": [row["quote"] for row in story["bad_sentences"]],
        },
    )


def _fields(article: Article, *names: str) -> dict[str, Any]:
    """An article as a question has it: all its fields, or those that are named."""
    whole = {
        "id": article.id,
        "title": article.title,
        "text": article.text,
        "published": article.published_day.isoformat() if article.published_day else None,
        "source": article.outlet,
        "url": article.url,
    }
    return {name: whole[name] for name in names or whole}


def _place(quote: str, text: str) -> tuple[int, int]:
    """Where a quote stands in a text, white space and the form of quotation marks aside.

    Raises:
        ValueError: it does not.
    """
    found = re.search(r"\s+".join(re.escape(word) for word in folded(quote).split()), _straight(text))
    if found is None:
        raise ValueError(f"no article says: {folded(quote)}")
    return found.span()


def _straight(text: str) -> str:
    """The text with straight quotation marks, of the same length."""
    return text.translate({ord("’"): "'", ord("“"): '"', ord("”"): '"'})
