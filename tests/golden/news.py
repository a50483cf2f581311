"""Invented news for the golden files: the digests that a reader may meet, built from values."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from digests.model import (
    Also,
    Article,
    Attribution,
    Basis,
    Before,
    Bullet,
    Citation,
    Correction,
    Digest,
    Edit,
    EventDate,
    LeftOut,
    Precision,
    StoryDigest,
    Term,
    Was,
    Window,
    edited,
)

SUNDAY = date(2024, 10, 13)
FRIDAY = date(2024, 10, 11)
WINDOW = Window(datetime(2024, 10, 12, 6, tzinfo=UTC), datetime(2024, 10, 13, 6, tzinfo=UTC))
NEXT = datetime(2024, 10, 14, 6, tzinfo=UTC)
UNKNOWN = EventDate(None, Precision.NONE, Basis.UNCLEAR)


def article(outlet: str, text: str, day: date | None = SUNDAY, *, url: str | None = "", page_read: bool = True) -> Article:
    """An article whose address, unless given, is at an invented host of the outlet's name."""
    name = "".join(outlet.lower().split())
    return Article(
        id=f"a-{name}-{len(text)}",
        outlet=outlet,
        title=text.split(".")[0],
        text=text,
        url=f"https://{name}.example/2024/{len(text)}" if url == "" else url,
        published_at=datetime(day.year, day.month, day.day, 4, 12, tzinfo=UTC) if day else None,
        published_day=day,
        page_read=page_read,
    )


def happened(day: date, words: str, *, planned: bool = False) -> EventDate:
    return EventDate(day.isoformat(), Precision.DAY, Basis.WORKED_OUT, words, planned)


def unclear(words: str, partial: str | None = None) -> EventDate:
    return EventDate(None, Precision.NONE, Basis.UNCLEAR, words, partial=partial)


def bullet(
    articles: Article | tuple[Article, ...],
    event: EventDate | None = None,
    cut: str = "",
    who: Attribution | None = None,
    was: Was | None = None,
) -> Bullet:
    """A bullet on the whole text of each article; ``cut`` is deleted from it, as an editing rule would."""
    sources = articles if isinstance(articles, tuple) else (articles,)
    quote = sources[0].text
    edits = (Edit("E5", quote.index(cut), quote.index(cut) + len(cut)),) if cut else ()
    citations = tuple(Citation(source, 0, len(source.text)) for source in sources)
    event = event or EventDate.of_report(sources[0].published_day)
    return Bullet(edited(quote, edits), event, who or Attribution(), citations, edits, was)


def of(title: str, *stories: StoryDigest, day: date | None = SUNDAY) -> Digest:
    return Digest(title, "Europe/Berlin", WINDOW, day, stories)


def _harbour() -> StoryDigest:
    closed = "The port authority closes the eastern basin to ships longer than 200 metres, the harbour master said."
    crack = "Divers found a crack of 14 metres in the quay wall on Wednesday."
    reopened = "The basin is to reopen on October 20 for ferries only."
    storm = Citation(article("Tidewater Herald", crack), 0, len(crack))
    return StoryDigest(
        id="s-1a2b",
        title="Port closes its eastern basin after divers find a 14-metre crack",
        url="https://harbourpost.example/2024/basin",
        bullets=(
            bullet(
                tuple(article(name, closed) for name in ("Harbour Post", "Example News", "Coast Radio", "The Pilot", "Quay")),
                cut=", the harbour master said",
                who=Attribution(said_by="the harbour master"),
            ),
            bullet(article("Example News", crack), happened(date(2024, 10, 9), "on Wednesday"), " on Wednesday"),
            bullet(
                article("Coast Radio", reopened, page_read=False),
                happened(date(2024, 10, 20), "on October 20", planned=True),
                " on October 20",
                Attribution(also_reported_by=("Ferry Weekly",)),
            ),
        ),
        outlets=5,
        origins=("The Tidewater Herald",),
        before=(
            Before(
                "storm at the eastern quay", (EventDate("2023-10-07", Precision.DAY, Basis.WRITTEN, "7 Oct 2023"),), (storm,)
            ),
            Before(
                "first two cracks in the wall",
                (
                    EventDate("2024-04-13", Precision.DAY, Basis.WORKED_OUT, "April 13"),
                    EventDate("2024-10-01", Precision.DAY, Basis.WORKED_OUT, "October 1"),
                ),
                (storm,),
            ),
        ),
        why=(Term("origins", 1, 0.4), Term("outlets", 5, 0.2)),
    )


def _power() -> StoryDigest:
    restored = "Crews restored power to 900,000 homes in the Lake District on Saturday."
    left = "About 1.4 million customers are still without power."
    old = Was("2.2 million", EventDate("2024-10-11", Precision.DAY, Basis.REPORT))
    return StoryDigest(
        id="s-3c4d",
        title="Power is back in 900,000 homes after the storm",
        url="https://gridwatch.example/power",
        bullets=(
            bullet(article("Grid Watch", restored), happened(date(2024, 10, 12), "on Saturday"), " on Saturday"),
            bullet((article("Example News", left), article("Grid Watch", left, date(2024, 10, 12))), was=old),
        ),
        status="update",
        outlets=3,
        origins=("Grid Watch", "Lakes Energy"),
        earlier=6,
    )


def _one_outlet() -> StoryDigest:
    lead = "The city council buys 40 electric buses for 31 million euros."
    depot = "The depot in Mill Street gets 24 charging points, the mayor said."
    vote = "Councillors had approved the loan by 23 votes to 9 on Friday."
    return StoryDigest(
        id="s-5e6f",
        title="The city council buys 40 electric buses for 31 million euros",
        url="https://millstreet.example/buses",
        bullets=(
            bullet(article("Mill Street News", depot), cut=", the mayor said", who=Attribution(said_by="the mayor")),
            bullet(article("Mill Street News", vote), happened(FRIDAY, "on Friday"), " on Friday"),
        ),
        lead=bullet(article("Mill Street News", lead, url="https://millstreet.example/buses")),
        cited=Citation(article("Mill Street News", lead, url="https://millstreet.example/buses"), 0, len(lead)),
        first_reported_by="The Evening Tram",
        origins=("The Evening Tram",),
    )


def _headline_of_several() -> StoryDigest:
    paper = article("Sky Letter", "Few had expected it.", date(2024, 10, 12))
    return StoryDigest(
        id="s-9c04",
        title="Talks on the Selby strait end without a deal",
        url="https://skyletter.example/a",
        bullets=(),
        cited=Citation(paper, 0, len(paper.text)),
        outlets=4,
        origins=("Sky Letter", "Example News", "Harbour Post"),
        articles=("a9",),
    )


def _also(number: int, title: str, outlet: str, event: EventDate | None = None) -> Also:
    source = article(outlet, f"{title}.")
    return Also(f"s-also-{number}", title, source.url, event or EventDate.of_report(SUNDAY), (Citation(source, 0, len(title)),))


def full() -> Digest:
    """A day as most are: a story, an update, a one-outlet story, one of which only the headline can be shown, one-liners, a
    correction, feeds that failed."""
    toll = "The storm killed 17 people, the coroner said."
    return replace(
        of("World news", _harbour(), _power(), _one_outlet(), _headline_of_several()),
        also=(
            _also(1, "Astronomers name 128 new moons of Saturn", "Sky Letter", happened(FRIDAY, "on Friday")),
            replace(_also(2, "Chess federation moves its congress to Lisbon", "Board Game Times"), status="update"),
        ),
        corrections=(
            Correction(
                "s-0a1b",
                "24 dead",
                "17 dead",
                (Citation(article("Example News", toll), 0, len(toll)),),
                "Storm tears through the Lake District",
                date(2024, 10, 12),
            ),
        ),
        left_out=(LeftOut("repeated", 3, ("Crews restored power.",)), LeftOut("caption", 1), LeftOut("capped", 5)),
        number=128,
        sources=(31, 33),
        next_run=NEXT,
        late=True,
    )


def empty() -> Digest:
    """A day without news, plainly alive."""
    return replace(of("World news"), number=129, sources=(34, 34), next_run=NEXT)


def no_publication_date() -> Digest:
    """A lone file of which nobody knows when it was written."""
    texts = (
        ("The museum lends its largest globe to a school in the valley.", UNKNOWN, ""),
        ("The director met the teachers on Wednesday.", unclear("on Wednesday"), ""),
        ("The globe cracked twice on April 13.", unclear("on April 13", "XXXX-04-13"), " on April 13"),
        ("It last travelled in 2019.", EventDate("2019", Precision.YEAR, Basis.WRITTEN, "in 2019"), " in 2019"),
    )
    bullets = [bullet(article("globe.txt", text, None, url=None), event, cut) for text, event, cut in texts]
    before = Before(
        "floods in the map room",
        (unclear("April 13", "XXXX-04-13"), unclear("October 1", "XXXX-10-01")),
        bullets[2].citations,
    )
    story = StoryDigest(
        "s-9a9a",
        bullets[0].text,
        None,
        tuple(bullets[1:]),
        bullets[0],
        bullets[0].citations[0],
        first_reported_by="The Valley Bell",
        origins=("The Valley Bell",),
        before=(before,),
    )
    notice = "No publication date found, so 3 dates could not be completed. Add one: `--published 2024-10-13`"
    digest = replace(of("globe.txt", story, day=None), window=Window(None, WINDOW.end))
    return replace(digest, notices=(notice,), left_out=(LeftOut("comment", 2), LeftOut("background", 1)))


def sixty() -> Digest:
    """A day of sixty stories at full length: several messages on every platform."""
    stories = []
    for number in range(1, 61):
        told = f"Village {number} opened its bridge over the river Arn to walkers, {number * 7} years after the last one fell."
        paid = f"The bridge of village {number} cost {number * 3} million crowns, the county said on Friday."
        papers = (article(f"Arn Courier {number}", told), article("River Weekly", told))
        stories.append(
            StoryDigest(
                id=f"s-{number:04}",
                title=f"Village {number} opens its bridge over the Arn",
                url=f"https://arncourier{number}.example/bridge",
                bullets=(bullet(papers), bullet(article("River Weekly", paid), happened(FRIDAY, "on Friday"), " on Friday")),
                outlets=2,
            )
        )
    return replace(of("Bridges", *stories), number=130, sources=(60, 60), next_run=NEXT + timedelta(days=7))


def corrected() -> Digest:
    """A message that was edited: a number that its source changed, a sentence that it took back, and a headline."""
    toll, now = "The storm killed 24 people in the Lake District.", "The storm killed 17 people in the Lake District."
    quit_, notice = (
        "The head of the flood office has resigned.",
        "This article was amended: the head of the office did not resign.",
    )
    dam, old = "Dam of Arn holds back 40 million tonnes of water", "Dam of Arn holds back 14 million tonnes of water"

    def mark(posted: str, words: str | None, told: str) -> tuple[Correction, ...]:
        return (Correction("s-0a1b", posted, words, (Citation(article("Example News", told), 0, len(told)),)),)

    story = StoryDigest(
        "s-0a1b",
        "Storm tears through the Lake District",
        "https://examplenews.example/storm",
        (
            replace(bullet(article("Example News", now)), corrections=mark("24 people", "17 people", toll)),
            replace(bullet(article("Example News", quit_)), corrections=mark(quit_, None, notice)),
        ),
    )
    line = replace(_also(1, dam, "Sky Letter"), corrections=mark("14 million tonnes", "40 million tonnes", old))
    return replace(of("World news", story), also=(line,), number=131, sources=(34, 34), next_run=NEXT)


def correction_alone() -> Digest:
    """A digest that has nothing new to tell, but something to correct and something that was withdrawn."""
    corrections = full().corrections
    notice = "This article was amended: the head of the office did not resign."
    cited = (Citation(article("Example News", notice), 0, len(notice)),)
    withdrawn = Correction(
        "s-0a1b", "The head of the flood office has resigned", None, cited, corrections[0].title, date(2024, 9, 1)
    )
    return replace(empty(), corrections=(*corrections, withdrawn), number=132)


DIGESTS = {
    "full": full,
    "empty": empty,
    "no-publication-date": no_publication_date,
    "sixty": sixty,
    "corrected": corrected,
    "correction-alone": correction_alone,
}
