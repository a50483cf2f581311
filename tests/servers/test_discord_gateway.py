"""The gateway of the stand-in for Discord, spoken to word by word."""

from __future__ import annotations

import json
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import ClientError, ClientSession, ClientWebSocketResponse, WSMsgType, WSServerHandshakeError

from tests.servers.discord_app import CONNECT, Discord
from tests.servers.discord_gateway import GUILD_MESSAGES, GUILDS, MESSAGE_CONTENT
from tests.servers.discord_place import TOKEN
from tests.servers.faults import broken, cut


@pytest.fixture
async def place() -> AsyncIterator[Discord]:
    async with Discord() as place:
        place.add_guild("Newsroom", "news")
        yield place


class Speaking:
    """A client that says what it is told to."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._inflate = zlib.decompressobj()
        self.code: int | None = None

    async def say(self, op: Any, data: Any = None) -> None:
        await self._socket.send_str(json.dumps({"op": op, "d": data}))

    async def say_raw(self, words: str) -> None:
        await self._socket.send_str(words)

    async def hear(self) -> Any:
        """The next thing said; None when the connection ends, with its ``code`` then."""
        message = await self._socket.receive(timeout=5)
        match message.type:
            case WSMsgType.TEXT:
                return json.loads(message.data)
            case WSMsgType.BINARY:
                return json.loads(self._inflate.decompress(message.data))
        self.code = self._socket.close_code
        return None

    async def identify(self, intents: int = GUILDS, token: str = TOKEN, **more: Any) -> None:
        await self.say(2, {"token": token, "intents": intents, "properties": {}, **more})

    async def ended(self) -> int | None:
        while await self.hear() is not None:
            pass
        return self.code

    async def leave(self) -> None:
        await self._socket.close(code=4000)


@asynccontextmanager
async def speaking(place: Discord, **query: str) -> AsyncIterator[Speaking]:
    """A connection that has been greeted."""
    async with ClientSession() as session, session.ws_connect(place.gateway_address, params={"v": "10", **query}) as socket:
        client = Speaking(socket)
        greeting = await client.hear()
        assert (greeting["op"], greeting["d"]["heartbeat_interval"]) == (10, 41_250)
        yield client


@pytest.mark.parametrize("query", [{}, {"compress": "zlib-stream"}], ids=["plain", "compressed"])
async def test_who_identifies_is_ready_and_told_of_its_guilds(place: Discord, query: dict[str, str]) -> None:
    async with speaking(place, **query) as client:
        await client.identify()
        ready, guild = await client.hear(), await client.hear()

    assert (ready["t"], ready["s"], ready["d"]["resume_gateway_url"]) == ("READY", 1, place.gateway_address)
    assert ready["d"]["guilds"] == [{"id": place.guilds[0].id, "unavailable": True}]
    assert (guild["t"], guild["s"], [each["name"] for each in guild["d"]["channels"]]) == ("GUILD_CREATE", 2, ["news"])
    assert guild["d"]["members"][0]["user"]["id"] == place.me.id


async def test_without_the_intent_nothing_is_told_of_guilds_but_interactions_come(place: Discord) -> None:
    place.commands[""] = [{"id": "5", "type": 1, "name": "plain", "options": []}]
    async with speaking(place) as client:
        await client.identify(intents=0)
        await client.hear()
        place.add_channel(place.guilds[0], "market")
        place.say(place.guilds[0].owner, place.guilds[0]["news"], "x")
        place.start_command(place.guilds[0].owner, place.guilds[0]["news"], "plain")

        assert (await client.hear())["t"] == "INTERACTION_CREATE"


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"op": 2, "d": {"token": "wrong", "intents": 1}}, 4004),
        ({"op": 2, "d": {"token": TOKEN, "intents": 1 << 1}}, 4014),
        ({"op": 2, "d": {"token": TOKEN, "intents": 1 << 8}}, 4014),
        ({"op": 2, "d": {"token": TOKEN, "intents": 1 << 15}}, 4014),
        ({"op": 2, "d": {"token": TOKEN, "intents": 1 << 30}}, 4013),
        ({"op": 2, "d": {"token": TOKEN}}, 4013),
        ({"op": 2, "d": {"token": TOKEN, "intents": 1, "shard": [2, 2]}}, 4010),
        ({"op": 3, "d": {}}, 4003),
        ({"op": 99, "d": {}}, 4001),
        ({"op": "x", "d": {}}, 4002),
        ({"op": 1, "d": "x" * 4_096}, 4002),
        ({"op": 6, "d": {"token": "wrong", "session_id": "x", "seq": 1}}, 4004),
    ],
    ids=lambda value: str(value)[:60],
)
async def test_what_is_said_wrongly_ends_the_connection_with_its_code(place: Discord, said: Any, code: int) -> None:
    async with speaking(place) as client:
        await client.say_raw(json.dumps(said))

        assert await client.ended() == code
    assert place.gateway.closed == [code]


async def test_what_is_no_json_ends_the_connection(place: Discord) -> None:
    async with speaking(place) as client:
        await client.say_raw("{")

        assert await client.ended() == 4002


async def test_an_old_version_is_not_spoken(place: Discord) -> None:
    async with speaking(place, v="6") as client:
        assert await client.ended() == 4012


async def test_nobody_identifies_twice(place: Discord) -> None:
    async with speaking(place) as client:
        await client.identify()
        await client.identify()

        assert await client.ended() == 4005


async def test_who_says_too_much_is_cut_off(place: Discord) -> None:
    async with speaking(place) as client:
        await client.identify()
        for _ in range(120):
            await client.say(3, {})

        assert await client.ended() == 4008


async def test_more_than_2500_guilds_take_shards(place: Discord) -> None:
    place.guilds = place.guilds * 2_501
    async with speaking(place) as client:
        await client.identify()

        assert await client.ended() == 4011


async def test_a_privileged_intent_can_be_switched_on() -> None:
    async with Discord(privileged=MESSAGE_CONTENT) as place, speaking(place) as client:
        news = place.add_guild("Newsroom", "news")["news"]
        await client.identify(intents=MESSAGE_CONTENT | GUILD_MESSAGES)
        await client.hear()
        place.say(place.guilds[0].owner, news, "hello")

        assert (await client.hear())["d"]["content"] == "hello"


async def test_messages_are_told_to_who_asked_without_their_words(place: Discord) -> None:
    news, owner = place.guilds[0]["news"], place.guilds[0].owner
    async with speaking(place) as client:
        await client.identify(intents=GUILD_MESSAGES)
        await client.hear()
        place.say(owner, news, "secret")
        place.say(owner, news, f"{place.me.mention} about ferries")

        assert [(await client.hear())["d"]["content"] for _ in range(2)] == ["", f"{place.me.mention} about ferries"]


async def test_heartbeats_are_answered(place: Discord) -> None:
    async with speaking(place) as client:
        await client.say(1)

        assert (await client.hear())["op"] == 11
    assert place.gateway.heartbeats == 1


async def test_the_gateway_asks_for_a_heartbeat(place: Discord) -> None:
    async with speaking(place) as client:
        await client.identify()
        await client.hear()
        await client.hear()
        place.gateway.ask_for_heartbeat()

        assert (await client.hear())["op"] == 1


async def test_who_does_not_beat_is_thrown_out() -> None:
    async with (
        Discord(interval_s=0.02) as place,
        ClientSession() as session,
        session.ws_connect(place.gateway_address, params={"v": "10"}) as socket,
    ):
        assert await Speaking(socket).ended() == 4009


# Going on


async def missed(place: Discord, session_id: str, sequence: int) -> list[Any]:
    """What a client that resumes is told, up to RESUMED; or the refusal."""
    async with speaking(place) as client:
        await client.say(6, {"token": TOKEN, "session_id": session_id, "seq": sequence})
        heard = []
        while (said := await client.hear()) is not None:
            heard.append(said)
            if said["t"] == "RESUMED" or said["op"] == 9:
                return heard
        return [client.code]


async def session_of(client: Speaking) -> str:
    await client.identify()
    ready = await client.hear()
    await client.hear()
    return str(ready["d"]["session_id"])


async def test_what_was_missed_is_told_in_order_when_a_session_goes_on(place: Discord) -> None:
    async with speaking(place) as client:
        session = await session_of(client)
    place.add_channel(place.guilds[0], "market")
    place.delete_channel(place.guilds[0]["news"])

    heard = await missed(place, session, 2)

    assert [(each["t"], each["s"]) for each in heard] == [("CHANNEL_CREATE", 3), ("CHANNEL_DELETE", 4), ("RESUMED", 5)]
    assert place.gateway.resumed == 1


async def test_a_session_that_is_not_known_is_invalid(place: Discord) -> None:
    assert [each["d"] for each in await missed(place, "x", 0)] == [False]
    async with speaking(place) as client:
        session = await session_of(client)
    assert await missed(place, session, 9) == [4007]
    place.gateway.forget()
    assert [each["op"] for each in await missed(place, session, 2)] == [9]


@pytest.mark.parametrize(("code", "resumable"), [(4000, True), (4001, True), (4009, False), (4004, False)])
async def test_after_most_closes_a_session_can_go_on(place: Discord, code: int, resumable: bool) -> None:
    async with speaking(place) as client:
        session = await session_of(client)
        place.gateway.close(code)
        assert await client.ended() == code

    assert ((await missed(place, session, 2))[-1]["t"] == "RESUMED") == resumable


async def test_a_client_can_be_sent_elsewhere_or_be_told_that_its_session_is_over(place: Discord) -> None:
    async with speaking(place) as client:
        session = await session_of(client)
        place.gateway.ask_to_reconnect()
        assert (await client.hear())["op"] == 7
        place.gateway.invalidate(resumable=True)
        assert await client.hear() == {"op": 9, "d": True, "s": None, "t": None}
        place.gateway.invalidate(resumable=False)
        assert (await client.hear())["d"] is False

    assert (await missed(place, session, 2))[0]["op"] == 9


async def test_a_connection_breaks_off_without_a_word_and_the_session_goes_on(place: Discord) -> None:
    async with speaking(place) as client:
        session = await session_of(client)
        place.gateway.cut()
        assert await client.ended() == 1006
    await place.until(lambda: not place.gateway.connected)

    assert (await missed(place, session, 2))[-1]["t"] == "RESUMED"


async def test_a_silent_connection_stays_open_and_says_nothing(place: Discord) -> None:
    async with speaking(place) as client:
        await session_of(client)
        place.gateway.fall_silent()
        await client.say(1)
        await place.until(lambda: place.gateway.heartbeats)
        place.gateway.cut()

        assert await client.hear() is None


async def test_a_connection_can_be_refused(place: Discord) -> None:
    place.next(broken(503), *[cut(stored=False)] * 2, to=CONNECT)  # aiohttp tries a GET once more when it is cut off
    for expected in (WSServerHandshakeError, ClientError):
        with pytest.raises(expected):
            async with speaking(place):
                pass
    async with speaking(place) as client:
        await session_of(client)


# What happens to guilds


async def test_a_client_is_told_what_happens_to_its_guilds(place: Discord) -> None:
    guild = place.guilds[0]
    thread = place.thread(guild["news"], "x", owner=guild.owner)
    other = place.add_guild("Lab", "talk", installed=False)
    async with speaking(place) as client:
        await session_of(client)
        place.archive_thread(thread)
        place.delete_channel(thread)
        place.forbid(guild["news"], permission=place.guilds[0].roles[0].permissions)
        place.outage(guild)
        place.back(guild)
        place.join_guild(other)
        place.remove_bot(guild)
        heard = [await client.hear() for _ in range(7)]

    assert [each["t"] for each in heard] == [
        "THREAD_UPDATE",
        "THREAD_DELETE",
        "CHANNEL_UPDATE",
        "GUILD_DELETE",
        "GUILD_CREATE",
        "GUILD_CREATE",
        "GUILD_DELETE",
    ]
    assert [each["d"].get("unavailable") for each in heard[3:]] == [True, False, None, None]
    assert heard[2]["d"]["permission_overwrites"][0]["id"] == place.me.id


async def test_a_guild_in_an_outage_is_not_told_of_before_it_is_over(place: Discord) -> None:
    place.outage(place.guilds[0])
    async with speaking(place) as client:
        await client.identify()
        assert len((await client.hear())["d"]["guilds"]) == 1
        place.back(place.guilds[0])

        assert (await client.hear())["t"] == "GUILD_CREATE"


async def test_a_shard_sees_its_own_guilds(place: Discord) -> None:
    guild = place.guilds[0]
    number = (int(guild.id) >> 22) % 2
    for shard, count in ((number, 1), (1 - number, 0)):
        async with speaking(place) as client:
            await client.identify(shard=[shard, 2])
            assert len((await client.hear())["d"]["guilds"]) == count
            place.add_channel(guild, f"channel-{shard}")
            place.gateway.ask_for_heartbeat()
            told = [await client.hear() for _ in range(2 * count + 1)]
            assert [each["t"] for each in told] == [*["GUILD_CREATE", "CHANNEL_CREATE"][: 2 * count], None]


async def test_an_interaction_is_told_again_when_it_is_asked_for(place: Discord) -> None:
    place.commands[""] = [{"id": "5", "type": 1, "name": "plain", "options": []}]
    async with speaking(place) as client:
        await session_of(client)
        act = place.start_command(place.guilds[0].owner, place.guilds[0]["news"], "plain")
        place.again(act)

        first, second = await client.hear(), await client.hear()
    assert first["d"] == second["d"] == act.told


async def test_it_is_there_again_at_the_same_address(place: Discord) -> None:
    async with speaking(place) as client:
        session = await session_of(client)
        address = place.gateway_address
        await place.stop()
        assert await client.ended() == 1006
        with pytest.raises(ClientError):
            async with speaking(place):
                pass
        await place.start()

    assert place.gateway_address == address
    assert (await missed(place, session, 2))[-1]["t"] == "RESUMED"
