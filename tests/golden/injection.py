"""The hostile strings of ``injection.txt``, and digests made of such."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from hypothesis import strategies as st

from digests.model import Also, Attribution, Before, Bullet, Correction, Digest, EventDate, LeftOut, StoryDigest, Was
from tests.golden.news import FRIDAY, SUNDAY, UNKNOWN, article, bullet, happened, of, unclear

INJECTIONS = [
    json.loads(line)
    for line in (Path(__file__).parent / "injection.txt").read_text(encoding="utf-8").splitlines()
    if line.startswith('"')
]

hostile = st.one_of(
    st.sampled_from(INJECTIONS),
    st.text(max_size=60),
    st.lists(st.sampled_from(INJECTIONS[:-2]), min_size=2, max_size=4).map("".join),
)
_said = hostile.filter(bool)
_urls = st.sampled_from(
    [
        "https://news.example/a-story",
        "https://news.example/wiki/Bridge_(Arn)?utm_source=x&id=7#part",
        "https://user:secret@news.example/|<>\"'(x)",
        f"https://news.example/{'long/' * 380}",
        "http://news.example:8080/%zz/ü",
    ]
)
_events = st.one_of(
    st.just(UNKNOWN),
    st.builds(unclear, hostile, st.sampled_from([None, "XXXX-04-13", "XXXX-99-99", "XXXX-WXX-3"])),
    st.builds(happened, st.dates(), hostile, planned=st.booleans()),
)


@st.composite
def _bullets(draw: st.DrawFn) -> Bullet:
    text = draw(_said)
    outlets = draw(st.lists(st.one_of(st.just("Example News"), _said), min_size=1, max_size=4))
    sources = tuple(
        article(outlet, text, draw(st.sampled_from([SUNDAY, FRIDAY])), url=draw(_urls), page_read=draw(st.booleans()))
        for outlet in outlets
    )
    who = Attribution(draw(st.none() | hostile), draw(st.none() | hostile), tuple(draw(st.lists(hostile, max_size=2))))
    was = draw(st.none() | st.builds(Was, hostile, st.just(EventDate.of_report(FRIDAY))))
    return bullet(sources, draw(st.none() | _events), who=who, was=was)


@st.composite
def _stories(draw: st.DrawFn) -> StoryDigest:
    bullets = draw(st.lists(_bullets(), min_size=1, max_size=5, unique_by=id))
    before = tuple(Before(draw(_said), (draw(_events),), bullets[0].citations) for _ in range(draw(st.integers(0, 4))))
    return StoryDigest(
        id=f"s-{draw(st.integers(0, 2**32)):x}",
        title=draw(hostile),
        url=draw(_urls),
        bullets=tuple(bullets),
        status=draw(st.sampled_from(["new", "update"])),
        outlets=draw(st.integers(1, 5)),
        origins=tuple(draw(st.lists(hostile, max_size=3))),
        first_reported_by=draw(st.none() | hostile),
        before=before,
        earlier=draw(st.integers(0, 3)),
    )


@st.composite
def digests(draw: st.DrawFn) -> Digest:
    """Digests whose every word comes from a hostile feed."""
    stories = draw(st.lists(_stories(), max_size=6))
    shown = draw(_bullets())
    also = [
        Also(f"s-also-{number}", draw(hostile), draw(_urls), shown.date, shown.citations)
        for number in range(draw(st.integers(0, 12)))
    ]
    corrections = [Correction("s-1", draw(hostile), draw(hostile), shown.citations) for _ in range(draw(st.integers(0, 2)))]
    return replace(
        of(draw(hostile), *stories, day=draw(st.sampled_from([SUNDAY, None]))),
        also=tuple(also),
        corrections=tuple(corrections),
        notices=tuple(draw(st.lists(hostile, max_size=2))),
        left_out=draw(st.sampled_from([(), (LeftOut("capped", 3),)])),
        number=draw(st.sampled_from([None, 128])),
    )
