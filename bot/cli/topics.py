"""dateline topics: names for what belongs together."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.archive import with_archive
from bot.cli.errors import helped
from bot.cli.settings import settings_from
from bot.cli.space import place_named
from bot.cli.wording import plain
from bot.errors import ConfigError

if TYPE_CHECKING:
    from bot.app import Archive
    from bot.ports.topics import Change, Topic

NAME = typer.Argument(help="The topic's name.", metavar="NAME")
DATABASE = typer.Option(None, help="The archive. [default: the settings']", metavar="URL")
CONFIG = typer.Option(None, help="A settings file.", metavar="FILE")
AS_JSON = typer.Option(False, "--json", help="The same as JSON.")
SPACE = typer.Option(None, help="Of one space, such as slack:T024BE7LD. [default: of every space]", metavar="SPACE")


def line() -> typer.Typer:
    """The verb with its own verbs."""
    verbs = typer.Typer(help="Names for what belongs together.", invoke_without_command=True, rich_markup_mode=None)
    verbs.callback()(helped)
    verbs.command("list")(list_)
    verbs.command("add")(add)
    verbs.command("edit")(edit)
    verbs.command("remove")(remove)
    return verbs


def list_(
    space: str | None = typer.Option(None, help="Those that one space has.", metavar="SPACE"),
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Show the topics that every space has, or those of one space."""
    place = place_named(space, None)

    async def run(store: Archive) -> list[tuple[Topic, list[str]]]:
        names = {each.source.id: each.source.name or each.source.address for each in await store.sources()}
        return [
            (topic, sorted(names[each] for each in topic.sources if each in names))
            for topic in await store.topics.topics(place.space)
        ]

    found = with_archive(settings_from(config), database, run)
    if as_json:
        typer.echo(json.dumps([_described(topic) for topic, _ in found], ensure_ascii=False, indent=2))
        return
    if not found:
        typer.echo("No topics yet. Add one with `dateline topics add NAME --words WORDS`.")
    for topic, sources in found:
        carried = f"sources: {', '.join(sources)}" if sources else "no sources"
        typer.echo(f"{topic.name}\n  words: {topic.words or 'none'} · {carried}")


def add(
    name: str = NAME,
    words: str = typer.Option("", help="Words that make an article belong; quote a phrase.", metavar="WORDS"),
    space: str | None = SPACE,
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Make a topic of words. Sources are put under it by `sources add --topic NAME`.

    \b
    dateline topics add Chips --words '"memory chips" export'
    """
    from bot.ports.topics import Topic

    topic, place = Topic(" ".join(name.split()), words.strip()), place_named(space, None)

    async def run(store: Archive) -> bool:
        return await store.topics.add_topic(place.space, topic, datetime.now(UTC))

    if not with_archive(settings_from(config), database, run, make=True):
        raise ConfigError(f"There is a topic {topic.name} already. Change it with `dateline topics edit`.")
    if as_json:
        typer.echo(json.dumps(_described(topic), ensure_ascii=False))
    else:
        typer.echo(f"The topic {topic.name} is there{f', for {place}' if place.space else ''}.")


def edit(
    name: str = NAME,
    words: str | None = typer.Option(None, help='Other words; "" for none.', metavar="WORDS"),
    rename: str | None = typer.Option(None, help="Another name; subscriptions that name the topic go with it.", metavar="NAME"),
    space: str | None = SPACE,
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Change the words of a topic, or its name; what is not named stays."""
    from bot.ports.topics import Change, Topic

    if words is None and rename is None:
        raise ConfigError("Say what to change: --words or --rename.")
    # Both are looked at before anything changes.
    new, place = Topic(" ".join((rename or name).split()), (words or "").strip()), place_named(space, None)

    async def run(store: Archive) -> Change:
        done = Change.DONE
        if rename is not None:
            done = await store.topics.rename_topic(place.space, name, new.name)
        if done is Change.DONE and words is not None:
            done = await store.topics.describe_topic(place.space, new.name, new.words)
        return done

    _settled(with_archive(settings_from(config), database, run), new.name if rename else name)
    if as_json:
        typer.echo(json.dumps({"name": new.name, "changed": True}, ensure_ascii=False))
    else:
        typer.echo(f"The topic {new.name} is changed.")


def remove(
    name: str = NAME,
    source: str | None = typer.Option(None, help="Take only this source out of it.", metavar="ADDRESS|ID"),
    space: str | None = SPACE,
    as_json: bool = AS_JSON,
    database: str | None = DATABASE,
    config: Path | None = CONFIG,
) -> None:
    """Forget a topic, or take one source out of it. Its sources are followed as before."""
    place = place_named(space, None)

    async def run(store: Archive) -> Change:
        if source is None:
            return await store.topics.remove_topic(place.space, name)
        ids = [each.source.id for each in await store.sources() if source in (each.source.address, each.source.id)]
        if not ids:
            raise ConfigError(f"There is no source {source}. `dateline sources list` shows those there are.")
        return await store.topics.take_out(ids[0], place.space, name)

    _settled(with_archive(settings_from(config), database, run), name)
    if as_json:
        typer.echo(json.dumps({"name": name, "removed": source is None, "source": source}, ensure_ascii=False))
    elif source is not None:
        typer.echo(f"{source} is no longer under {name}.")
    else:
        typer.echo(
            f"The topic {name} is removed; its sources stay. A subscription that names it looks for the word from now on."
        )


def _settled(change: Change, name: str) -> None:
    """Do nothing when a topic was changed.  Raises ConfigError, in words, when it was not."""
    from bot import feed_words
    from bot.ports.topics import Change

    if change is not Change.DONE:
        raise ConfigError(f"{plain(feed_words.refused(change, name))} `dateline topics list` shows those there are.")


def _described(topic: Topic) -> dict[str, object]:
    return {"name": topic.name, "words": topic.words, "sources": sorted(topic.sources), "given": topic.given}
