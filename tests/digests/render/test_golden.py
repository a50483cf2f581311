"""Each digest of the golden collection, as each reader gets it.  The files are for a person to read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from bot.adapters.discord import render as discord
from bot.adapters.slack import render as slack
from digests.model import Digest
from digests.render import json as as_json
from digests.render import markdown, text
from tests.golden.news import DIGESTS

SCHEMA = json.loads((Path(text.__file__).parents[1] / "data" / "digest.schema.json").read_text(encoding="utf-8"))

WRITTEN: dict[str, Callable[[Digest], str]] = {
    "80.txt": lambda digest: text.render(digest, 80),
    "120.txt": lambda digest: text.render(digest, 120),
    "md": markdown.render,
    "json": as_json.dumps,
    "slack.txt": lambda digest: slack.draw(slack.render(digest, controls=True)),
    "slack.json": lambda digest: _dumped(slack.render(digest)),
    "discord.txt": lambda digest: discord.draw(discord.render(digest, controls=True)),
    "discord.json": lambda digest: _dumped(discord.render(digest, controls=True)),
    "embeds.txt": lambda digest: discord.draw(discord.embeds(digest)),
}


def _dumped(payloads: list[dict[str, Any]]) -> str:
    return json.dumps(payloads, ensure_ascii=False, indent=1) + "\n"


@pytest.mark.parametrize("form", WRITTEN)
@pytest.mark.parametrize("name", DIGESTS)
def test_a_digest_reads_as_its_golden_file(name: str, form: str, golden: Callable[[str, str], None]) -> None:
    if name == "sixty" and form.endswith("json"):
        pytest.skip("the drawings show it; its JSON is for no person to read")

    golden(f"{name}.{form}", WRITTEN[form](DIGESTS[name]()))


def test_the_schema_is_a_schema() -> None:
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("name", DIGESTS)
def test_json_holds_to_its_schema(name: str) -> None:
    document = json.loads(as_json.dumps(DIGESTS[name]()))

    Draft202012Validator(SCHEMA).validate(document)


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("name", DIGESTS)
def test_no_line_of_text_is_wider_than_asked(name: str, width: int) -> None:
    lines = text.render(DIGESTS[name](), width).splitlines()

    assert max(map(text.columns, lines)) <= width
