"""What an outlet is called: by its name, without the section or the motto of the feed."""

from __future__ import annotations

import pytest

from bot.outlets import outlet_name


@pytest.mark.parametrize(
    ("title", "host", "name"),
    [
        ("The Harbour Post", "harbourpost.example", "The Harbour Post"),
        ("Harbour Post: World News", "feeds.hp.example", "Harbour Post"),
        ("World news | The Harbour Post", "www.harbourpost.example", "The Harbour Post"),
        ("Blog - Ferry", "forum.ferry.example", "Ferry"),
        ("Comments on: Harbour Post – Home", "harbourpost.example", "Harbour Post"),
        ("Harbour-Post: The Pulse of the Coast", "www.harbour-post.example", "Harbour-Post"),
        ("HPT - Tides, Ships and Trade", "hpt.example", "HPT"),
        ("Tides of Selby :: ships and trade", "tos.example", "Tides of Selby"),
    ],
)
def test_the_name_stands_without_section_and_motto(title: str, host: str, name: str) -> None:
    assert outlet_name(title, f"https://{host}/feed.xml") == name


@pytest.mark.parametrize("title", ["World", "Asia", "Top Stories", "News: Europe", "The Latest"])
def test_where_the_title_is_a_section_the_domain_is_the_name(title: str) -> None:
    assert outlet_name(title, "https://feeds.harbourpost.example/x") == "harbourpost.example"


@pytest.mark.parametrize(
    "title",
    [
        "24-7 Harbour",
        "YANUB: another blog",
        "Web • Tide • Audio",
        "Zoocoding by A. Brandt",
        "deepankar.log",
        "WSJ.com",
    ],
)
def test_a_title_that_may_be_one_name_is_left_alone(title: str) -> None:
    assert outlet_name(title, "https://sites.example.org/x") == title


def test_without_a_domain_a_section_is_better_than_nothing() -> None:
    assert outlet_name("World", "http://127.0.0.1:8000/feed") == "World"
