"""The feeds of a place in chat, and the way from nothing to a digest every morning."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.commands.ask import Means
from bot.commands.desk import Desk
from bot.model import Channel, Fetched, Space
from bot.opml import write_opml
from bot.ports.topics import Place
from bot.store import SqlStore
from bot.talk import Choices, File, Pressed, Request, Submitted, Typed, control_id
from digests.render.layout import words
from tests.bot.cli.running import FERRY, rss
from tests.bot.commands.conftest import Asker, shown
from tests.bot.commands.office import control, controls, form_of
from tests.fakes import FakeFetcher

TEAM = Space("slack", "T1")
NAME = "Northwire"
NORTHWIRE = "https://feeds.northwire.example/world.rss"
CPA = "https://www.cpa.example/services/rss/en.xml"


async def test_a_list_says_of_each_feed_how_it_is_doing_and_what_can_be_done(ask: Asker):
    reply = await ask("feeds")

    assert "7 sources, none failing" in reply
    assert "Northwire ok at 12 Mar 08:30 CET" in reply
    assert "Pause" in reply
    assert "Remove" in reply


async def test_a_feed_of_another_space_is_not_in_the_list(ask: Asker, store: SqlStore):
    team = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    await team("feeds add https://feeds.northwire.example/world.rss topic:Wires")

    assert "Northwire" in await team("feeds")
    assert await store.topics.topics(Space("slack", "T2")) == await store.topics.topics()


async def test_adding_what_is_there_changes_nothing_and_says_so(ask: Asker):
    assert await ask(f"feeds add {NORTHWIRE}") == "You already have this feed in every space as Northwire. Nothing changed."


@pytest.mark.parametrize(
    "option",
    ['topic:"Wires of the world"', "topic:„Wires of the world“", "topic：«Wires of the world»", "TOPIC: “Wires of the world”"],
)
async def test_an_address_stands_before_or_behind_a_topic_in_any_quotes(ask: Asker, option: str):
    first, second = await ask(f"feeds add {NORTHWIRE} {option}"), await ask(f"feeds add {option} {NORTHWIRE}")

    assert first == "Northwire is under Wires of the world from now on. You had it in every space already."
    assert second == "Northwire is under Wires of the world already, in every space. Nothing changed."


async def test_what_is_followed_is_put_under_a_topic_of_the_place_that_names_one(ask: Asker, store: SqlStore):
    team = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    source = next(each.source for each in await store.sources() if each.source.name == "Northwire")

    reply = await team(f"feeds add {NORTHWIRE} topic:Local")

    assert "Northwire is under Local from now on" in reply
    local = await store.topics.topic(TEAM, "Local")
    assert local is not None
    assert local.sources == {source.id}
    assert await store.topics.topic(Space("slack", "T2"), "Local") is None


@pytest.mark.parametrize("typed", ["/etc/passwd", "~/feeds.xml", "file:///etc/passwd", "feeds.opml"])
async def test_what_is_no_web_address_is_answered_in_words(ask: Asker, typed: str):
    reply = await ask(f"feeds add {typed}")

    assert "Something broke" not in reply
    assert "address" in reply


async def test_a_page_without_a_feed_is_answered_with_those_of_its_site_to_pick_from(ask: Asker, means: Means):
    story, site, feed = (f"https://paper.example/{path}" for path in ("2026/ferry.html", "", "feed.xml"))
    link = '<link rel="alternate" type="application/rss+xml" title="All news" href="/feed.xml">'
    pages = {
        story: Fetched(story, 200, b"<html><head></head><body><p>A ferry.</p></body></html>", content_type="text/html"),
        site: Fetched(site, 200, f"<html><head>{link}</head></html>".encode(), content_type="text/html"),
        feed: Fetched(feed, 200, rss(FERRY), content_type="application/rss+xml"),
    }
    asker = replace(ask, desk=Desk(replace(means, fetcher=FakeFetcher(pages))))

    answer = await asker(f"feeds add {story}")

    assert answer.startswith("That page has no feed I can find. I can still digest it once with /digest link.")
    assert f"Feeds found nearby: All news ({feed})." in answer
    assert "Pick a feed [1] All news" in answer
    assert "You follow Harbour News from now on." in await asker.press("v1:pick", control_id("feeds-add", feed))


async def test_a_feed_is_tried_without_being_kept(ask: Asker, store: SqlStore):
    await store.remove_source(next(each.source.id for each in await store.sources() if each.source.address == NORTHWIRE))

    reply = await ask(f"feeds test {NORTHWIRE}")

    assert "can be read. Nothing was kept" in reply
    assert "All but 31,000 Velland homes have power back" in reply
    assert NORTHWIRE not in [each.source.address for each in await store.sources()]


async def test_a_feed_that_is_followed_is_tried_as_any_other(ask: Asker):
    reply = await ask(f"feeds test {NORTHWIRE}")

    assert "can be read. You have it in every space as Northwire. Nothing changed." in reply
    assert "All but 31,000 Velland homes have power back" in reply


async def test_a_removal_asks_first_and_can_be_left(ask: Asker, store: SqlStore):
    source = next(each.source for each in await store.sources() if each.source.name == "Northwire")

    asked = await ask("feeds remove northwire")
    still = [each.source.name for each in await store.sources()]
    gone = await ask.press(control_id("feeds-remove", source.id, "yes"))

    assert "Shall I remove Northwire from every space?" in asked
    assert "Northwire" in still
    assert "its articles are forgotten" in gone
    assert "Northwire" not in [each.source.name for each in await store.sources()]


async def test_a_space_cannot_remove_or_pause_what_the_operator_gave_to_all(ask: Asker, store: SqlStore):
    team = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    source = next(each.source for each in await store.sources() if each.source.name == "Northwire")

    removed = await team.press(control_id("feeds-remove", source.id, "yes"))
    paused = await team("feeds pause northwire")

    assert "given to every space by the operator" in removed
    assert "only the operator can pause it" in paused
    assert not next(each.paused for each in await store.sources() if each.source.id == source.id)


async def test_of_a_feed_that_the_operator_gave_only_what_is_true_is_said_and_nothing_is_offered(ask: Asker):
    team = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    stays = "Northwire was given to every space by the operator, so"

    assert await team("feeds pause northwire") == f"{stays} only the operator can pause it."
    assert await team("feeds resume northwire") == f"{stays} only the operator can resume it."
    assert await team("feeds remove northwire") == f"{stays} it stays. Only the operator can remove it."
    listed = await team.reply(Typed("feeds"))
    assert listed is not None
    assert "given by the operator" in shown(listed)
    assert not {"Pause", "Resume", "Remove"} & {each.label for each in controls(listed)}


async def test_a_feed_that_two_spaces_follow_can_be_removed_by_either_and_paused_by_none(ask: Asker, store: SqlStore):
    await _leave_all(store)
    team, others = (ask.elsewhere(f"slack:{each}/C1").another("boss", admin=True) for each in ("T1", "T2"))
    await team(f"feeds add {NORTHWIRE}")
    alone = await team.reply(Typed("feeds"))
    assert alone is not None
    assert {"Pause", "Remove"} <= {each.label for each in controls(alone)}
    await others(f"feeds add {NORTHWIRE}")

    assert "so only the operator can resume it. You can remove it here." in await team("feeds resume northwire")
    listed = await team.reply(Typed("feeds"))
    assert listed is not None
    assert "Pause" not in {each.label for each in controls(listed)}
    asked = await team.reply(Pressed(control(listed, "Remove")))
    assert asked is not None
    assert "Others still follow it" in await team.press(control(asked, "Remove"))


async def test_a_channel_is_not_asked_whether_to_leave_what_all_of_its_space_follows(ask: Asker, store: SqlStore):
    await _leave_all(store)
    team = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    await team(f"feeds add {NORTHWIRE}")

    assert "is not followed in this channel itself. Nothing changed." in await team("feeds remove northwire channel:here")


@pytest.mark.parametrize(
    ("typed", "answer"),
    [
        ("feeds eat northwire", "I don't know what eat is to do with feeds. I can list, add, remove, "),
        ("feeds puase northwire", "Did you mean /digest feeds pause?"),
    ],
)
async def test_what_cannot_be_done_with_feeds_is_said_and_shows_no_list(ask: Asker, typed: str, answer: str):
    assert answer in await ask(typed)


async def test_a_name_that_fits_several_feeds_asks_which(ask: Asker):
    assert "Which one?" in await ask("feeds pause e")
    assert "Did you mean Northwire?" in await ask("feeds pause nortwire")


async def test_what_is_exported_can_be_imported_in_another_space_with_its_topics(ask: Asker, store: SqlStore):
    source = next(each.source for each in await store.sources() if each.source.name == "Northwire")
    await store.topics.follow(source, Place(), ask.clock.at, topics=["Wires"])
    exported = await ask.reply(Typed("feeds export"))
    assert exported is not None
    [file] = [part for part in exported.parts if isinstance(part, File)]
    for each in await store.sources():
        await store.topics.unfollow(each.source.id, Place())

    team = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    request = Request("import", team.person, team.channel, Typed("feeds import"), ask.clock.at, file.content)
    reply = shown(await ask.desk.answer(request))

    assert "7 feeds followed now" in reply
    assert [topic.name for topic in await store.topics.topics(TEAM) if topic.sources] == ["Wires"]
    assert len(await store.topics.followed(TEAM)) == 7


@pytest.mark.parametrize(
    ("attached", "answer"),
    [
        (None, "Name the file with the list (OPML)"),
        (b"", "no OPML file"),
        (b"<html></html>", "no OPML file"),
        (b"<opml><body/></opml>", "names no feed"),
        (b"<!DOCTYPE x [<!ENTITY a 'b'>]><opml><body/></opml>", "declares entities"),
    ],
    ids=["nothing", "empty", "a page", "no feed", "entities"],
)
async def test_a_list_that_is_none_is_answered_in_words(ask: Asker, attached: bytes | None, answer: str):
    request = Request("import", ask.person, ask.channel, Typed("feeds import"), ask.clock.at, attached)

    assert answer in shown(await ask.desk.answer(request))


async def test_a_list_that_comes_with_any_other_words_is_imported(ask: Asker):
    content = write_opml("Mine", [("Paper", "https://paper.example/feed", ())]).encode()
    boss = replace(ask.person, id="boss")

    async def sent(words: str, *, admin: bool = True) -> str:
        request = Request(words, replace(boss, admin=admin), Channel("slack", "T1", "C1"), Typed(words), ask.clock.at, content)
        return shown(await ask.desk.answer(request))

    assert "Only admins can do that here" in await sent("these are mine", admin=False)
    assert "1 feed followed now" in await sent("here you go!")
    assert "What you can ask" in await sent("help")


async def test_a_list_is_sent_along_in_a_chat_and_named_in_a_terminal(ask: Asker):
    in_chat = Request("import", ask.person, Channel("slack", "T1", "C1"), Typed("feeds import"), ask.clock.at)

    assert "Send the list (OPML) along with" in shown(await ask.desk.answer(in_chat))
    assert "feeds import feeds.opml" in await ask("feeds import")


async def test_a_list_says_which_of_its_addresses_are_not_read(ask: Asker):
    content = write_opml("Mine", [("Inner", "http://127.0.0.1/feed", ()), ("Paper", "https://paper.example/feed", ())]).encode()
    request = Request("import", ask.person, ask.channel, Typed("feeds import"), ask.clock.at, content)

    reply = shown(await ask.desk.answer(request))

    assert "1 feed followed now" in reply
    assert "1 address is not read" in reply
    assert "private network" in reply


async def test_whoever_is_no_admin_is_refused_and_nothing_changes(ask: Asker, store: SqlStore):
    before = [(each.source, each.paused) for each in await store.sources()]
    reader = ask.another("reader")

    for typed in ("feeds", "feeds add https://a.example", "feeds remove northwire", "feeds pause northwire", "setup"):
        assert "Only admins can do that here" in await reader(typed)
    for made_up in ("feeds-pause:x", "setup-topic:World", "setup-daily", "feeds-remove:x:yes"):
        assert "Only admins can do that here" in await reader.press(f"v1:{made_up}")
    assert [(each.source, each.paused) for each in await store.sources()] == before


async def test_a_topic_to_begin_with_is_followed_and_not_offered_again(ask: Asker, store: SqlStore):
    team = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    begun = await team("setup")

    taken = await team.press("v1:setup-topic:World")

    assert "World (6)" in begun
    assert "6 feeds followed now" in taken
    assert "World (6)" not in taken
    assert "World" in [topic.name for topic in await store.topics.topics(TEAM)]


async def test_the_last_step_posts_daily_on_the_clocks_of_the_place(ask: Asker, store: SqlStore):
    team = replace(ask.elsewhere("slack:T1/C1"), person=replace(ask.person, id="boss"))

    reply = await team.press("v1:setup-daily")

    [kept] = [each.subscription for each in await store.ledger.subscriptions() if each.subscription.channel == team.channel]
    assert "Next runs" in reply
    assert (f"{kept.schedule.times[0]:%H:%M}", kept.schedule.zone) == ("08:00", "Europe/Berlin")


@pytest.mark.parametrize(
    ("there", "asked"),
    [
        ('at:"daily 08:00"', True),
        ('at:"mon,thu 07:00 and 08:00"', True),
        ('at:"daily 07:00" zone:Europe/London', True),
        ('at:"daily 09:00"', False),
        ('at:"daily 08:00" topic:storms', False),
    ],
)
async def test_the_last_step_asks_before_it_posts_everything_twice_at_a_minute(
    ask: Asker, store: SqlStore, there: str, asked: bool
):
    team = replace(ask.elsewhere("slack:T1/C1"), person=replace(ask.person, id="boss"))
    await team(f"schedule add {there} title:Morning")

    reply = await team.press("v1:setup-daily")

    assert ("Morning tells everything here at that minute already" in reply) is asked
    assert await kept(team, store) == (1 if asked else 2)
    if asked:
        await team.press("v1:setup-daily:yes")
    assert await kept(team, store) == 2


async def kept(asker: Asker, store: SqlStore) -> int:
    """How many subscriptions the channel has in which somebody asks."""
    return sum(each.subscription.channel == asker.channel for each in await store.ledger.subscriptions())


async def test_the_form_for_an_address_comes_again_with_what_is_wrong_and_what_was_typed(ask: Asker):
    reply = await ask.reply(Submitted(control_id("setup-address"), {"address": " not a site "}))

    assert reply is not None
    [field] = form_of(reply).fields
    assert field.value == "not a site"
    assert words(field.error) == "I can't read that address: its host is not a full name such as example.com."
    added = await ask.reply(Submitted(control_id("setup-address"), {"address": NORTHWIRE}))
    assert "You already have this feed" in shown(added)


async def test_a_feed_can_be_followed_in_one_channel_alone(ask: Asker, store: SqlStore):
    await _leave_all(store)
    news = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    sport = ask.elsewhere("slack:T1/C2").another("boss", admin=True)

    added = await news(f'feeds add channel:here topic:"Wires of the world" {NORTHWIRE}')

    assert f"You follow {NAME} under Wires of the world in this channel only from now on." in added
    assert f"{NAME} · Wires of the world · in this channel only" in await news("feeds")
    assert "No feeds are followed here yet" in await sport("feeds")
    assert await store.topics.followed(TEAM) == frozenset()
    assert f"You already have this feed in this channel as {NAME}." in await news(f"feeds add {NORTHWIRE} channel:here")


async def test_another_channel_of_the_place_is_named_by_its_id_or_as_chats_mention_it(ask: Asker, store: SqlStore):
    await _leave_all(store)
    news = ask.elsewhere("slack:T1/C1").another("boss", admin=True)

    assert "in slack:T1/C2 only from now on" in await news(f"feeds add {NORTHWIRE} channel:<#C2|sport>")
    assert "in slack:T1/C2 only" in await news("feeds channel:C2")
    assert "No feeds are followed here yet" in await news("feeds")
    assert "That channel is not of this place" in await news(f"feeds add {NORTHWIRE} channel:slack:T2/C1")
    assert "I can't read the channel" in await news(f"feeds add {NORTHWIRE} channel:#sport")


async def test_a_feed_of_one_channel_is_removed_from_it_and_stays_in_the_others(ask: Asker, store: SqlStore):
    await _leave_all(store)
    news = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    for channel in ("C1", "C2"):
        await news(f"feeds add {NORTHWIRE} channel:{channel}")

    asked = await news.reply(Typed("feeds remove northwire"))
    assert asked is not None
    removed = await news.press(control(asked, "Remove"))
    listed = await news.reply(Typed("feeds channel:C2"))
    assert listed is not None

    assert f"Shall I remove {NAME} from this channel?" in shown(asked)
    assert f"{NAME} is no longer followed in this channel. Others still follow it." in removed
    assert "slack:T1/C2 only" in shown(listed)
    asked = await news.reply(Pressed(control(listed, "Remove")))
    assert asked is not None
    assert f"Shall I remove {NAME} from slack:T1/C2?" in shown(asked)
    assert f"Nobody follows {NAME} any more" in await news.press(control(asked, "Remove"))


async def test_a_feed_that_was_added_for_a_channel_can_be_taken_back_at_once(ask: Asker, store: SqlStore):
    await _leave_all(store)
    news = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    added = await news.reply(Typed(f"feeds add {NORTHWIRE} channel:C2"))
    assert added is not None

    assert "slack:T1/C2 only" in await news.press(control(added, "All feeds"))
    assert f"Nobody follows {NAME} any more" in await news.press(control(added, "Undo"))


async def test_a_menu_and_an_undo_stay_in_the_channel_that_was_named(ask: Asker, store: SqlStore):
    await _leave_all(store)
    news = ask.elsewhere("slack:T1/C1").another("boss", admin=True)
    for address in (NORTHWIRE, CPA):
        await news(f"feeds add {address} channel:C2")

    which = await news.reply(Typed("feeds remove example channel:C2"))
    assert which is not None
    (menu,) = [part for part in which.parts if isinstance(part, Choices)]
    assert "from slack:T1/C2?" in await news.press(menu.options[0].id)

    listed = await news.reply(Typed("feeds channel:C2"))
    assert listed is not None
    paused = await news.reply(Pressed(control(listed, "Pause")))
    assert paused is not None
    assert "is read again" in await news.press(control(paused, "Undo"))


async def test_the_operator_gives_a_feed_to_one_channel_of_any_place_and_takes_it_from_there(ask: Asker, store: SqlStore):
    await _leave_all(store)

    await ask(f"feeds add {NORTHWIRE} channel:slack:T1/C1")
    assert "No feeds are followed here yet" in await ask("feeds")
    assert f"{NAME}" in await ask("feeds channel:slack:T1/C1")

    asked = await ask.reply(Typed("feeds remove northwire channel:slack:T1/C1"))
    assert asked is not None
    assert f"Nobody follows {NAME} any more" in await ask.press(control(asked, "Remove"))


async def _leave_all(store: SqlStore) -> None:
    for each in await store.sources():
        await store.remove_source(each.source.id)
