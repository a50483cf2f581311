"""What the operator chose, checked: a TOML file, the environment over it, defaults under it.

``defaults.toml`` beside this file is the reference of every setting.  A complaint names file, key, value and what is accepted.
"""

from __future__ import annotations

import difflib
import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from ipaddress import IPv4Address, IPv6Address
from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainValidator, ValidationError

DEFAULTS = Path(__file__).with_name("defaults.toml")
_PREFIX = "DATELINE_"
_NEAR = 0.75  # a letter or two amiss: LENGHT is LENGTH, PORT is nothing of ours

IpPort = tuple[IPv4Address | IPv6Address, int]


class SettingsError(ValueError):
    """The operator can mend it: the text names file, key, value found and values accepted."""


def known_zone(name: str) -> str:
    """The IANA zone name itself.

    Raises:
        ValueError: no such zone; the text names the nearest.
    """
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError(f"an IANA time zone such as {_nearest_zone(name)}") from None
    return name


def _nearest_zone(name: str) -> str:
    """The zone that was probably meant: of that city, or written nearly so; Europe/Berlin when none is near."""
    places = {zone.casefold(): zone for zone in sorted(available_timezones()) if "/" in zone and not zone.startswith("Etc/")}
    cities = {folded.rpartition("/")[2]: zone for folded, zone in places.items()}
    wanted = name.strip().casefold().replace(" ", "_")
    for known in (places, cities):
        if near := difflib.get_close_matches(wanted, known, n=1, cutoff=0.8):
            return known[near[0]]
    return "Europe/Berlin"


def exact_peer(pair: object) -> IpPort:
    """What an ``IP:port`` pair names: ``127.0.0.1:8080``, or ``[::1]:8080`` with brackets, for colons stand in the address too.

    Raises:
        ValueError: a name, a range, an interface, no port, or not written so.
    """
    host, _, port = pair.rpartition(":") if isinstance(pair, str) else ("", "", "")
    bracketed = re.fullmatch(r"\[(.*)\]", host)
    try:
        ip = IPv6Address(bracketed[1]) if bracketed else IPv4Address(host)
        if "%" not in host and re.fullmatch("[0-9]{1,5}", port) and 0 < int(port) < 65536:
            return ip, int(port)
    except ValueError:
        pass
    raise ValueError('exact IP:port pairs such as "127.0.0.1:8080" or "[::1]:8080" (no names, ranges or switches)')


def slash_command(command: str) -> str:
    """A command of Slack as it was given.

    Raises:
        ValueError: Slack takes no such one.
    """
    if not re.fullmatch(r"/[a-z0-9_-]{1,31}", command):
        raise ValueError("a slash, then at most 31 small letters, digits, - and _, such as /digest")
    return command


def snowflake(written: str) -> str:
    """An id of Discord, or none.

    Raises:
        ValueError: it is neither.
    """
    if not re.fullmatch(r"[0-9]{0,20}", written):
        raise ValueError("the id of a server, digits only, or nothing")
    return written


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Digest(_Section):
    """How a digest is made where nobody asks for another way."""

    zone: Annotated[str, AfterValidator(known_zone)]
    length: Literal["short", "normal", "full"]


class Fetch(_Section):
    """How foreign addresses are fetched."""

    allow: list[Annotated[IpPort, PlainValidator(exact_peer)]]
    contact: Annotated[str, Field(max_length=200, pattern=r"^[\x20-\x7e]*$")]
    timeout_s: Annotated[float, Field(ge=1, le=60)]


class Read(_Section):
    """How foreign bytes are parsed."""

    workers: Annotated[int, Field(ge=1, le=16)]
    cpu_s: Annotated[int, Field(ge=1, le=60)]
    memory_mib: Annotated[int, Field(ge=256, le=8192)]


class Collect(_Section):
    """How often the running bot looks which sources are due."""

    every_s: Annotated[float, Field(ge=10, le=3_600)]


class Run(_Section):
    """How the running bot ticks, and whom it tells of alarms."""

    tick_s: Annotated[float, Field(ge=1, le=60)]
    notices: Annotated[str, Field(max_length=200)]


class Retention(_Section):
    """How long things are kept."""

    articles_days: Annotated[int, Field(ge=7, le=3_650)]
    messages_days: Annotated[int, Field(ge=90, le=3_650)]
    removed_days: Annotated[int, Field(ge=1, le=365)]


class Slack(_Section):
    """How the app in Slack is called; its tokens are secrets and stand in the environment."""

    command: Annotated[str, AfterValidator(slash_command)]


class Discord(_Section):
    """How the bot in Discord posts; its token is a secret and stands in the environment."""

    silent: bool
    guild: Annotated[str, BeforeValidator(str), AfterValidator(snowflake)]


class Settings(_Section):
    """All settings; ``database_url`` is never empty."""

    database_url: Annotated[str, Field(repr=False)]
    digest: Digest
    fetch: Fetch
    read: Read
    collect: Collect
    run: Run
    retention: Retention
    slack: Slack
    discord: Discord


def load(file: Path | None, environ: Mapping[str, str]) -> Settings:
    """The settings from a file (or none), with the environment over it.

    Raises:
        SettingsError: the file cannot be read, or a value is not accepted.
    """
    path = file or (Path(environ["DATELINE_CONFIG"]) if environ.get("DATELINE_CONFIG") else None)
    values = tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))
    known = {f"{section}.{key}" if section else key for section, key in _keys(values)}
    came_from = dict.fromkeys(known, "defaults.toml")
    if path:
        for (section, key), value in _read(path).items():
            name = f"{section}.{key}" if section else key
            _check_known(name, known, str(path))
            _put(values, section, key, value)
            came_from[name] = str(path)
    _check_parted({name.partition(".")[0] for name in known if "." in name}, environ)
    for variable, (section, key), value in _from_environment(environ):
        name = f"{section}.{key}" if section else key
        _check_known(name, known, variable)
        _put(values, section, key, value)
        came_from[name] = variable
    if not values["database_url"]:
        values["database_url"] = default_database(environ)
    try:
        return Settings(**values)
    except ValidationError as error:
        raise SettingsError("\n".join(_complaint(each, came_from) for each in error.errors())) from None


def misspelt(environ: Mapping[str, str]) -> list[tuple[str, str]]:
    """Variables that begin as ours do and do nothing, but are nearly one that would, each with that one.

    One that is near to none may be another tool's, and is left alone.
    """
    settings = [(section, key) for section, key in _keys(tomllib.loads(DEFAULTS.read_text(encoding="utf-8"))) if section]
    known = {"CONFIG": "CONFIG", "HOME": "HOME", "DATABASE_URL": "DATABASE_URL"}
    known |= {
        name: f"{section}__{key}".upper() for section, key in settings for name in (key.upper(), f"{section}_{key}".upper())
    }
    found = []
    for variable in sorted(environ):
        name = variable.removeprefix(_PREFIX)
        first, _, rest = name.partition("_")
        if name == variable or "__" in name or first == "WEBHOOK" or known.get(name) == name:
            continue
        if rest and difflib.get_close_matches(first, ["WEBHOOK"], cutoff=_NEAR):
            found.append((variable, f"{_PREFIX}WEBHOOK_{rest}"))
        elif near := difflib.get_close_matches(name, known, n=1, cutoff=_NEAR):
            found.append((variable, _PREFIX + known[near[0]]))
    return found


def home(environ: Mapping[str, str]) -> Path:
    """The folder for the user's data: ``DATELINE_HOME``, else where the system keeps such files."""
    if given := environ.get("DATELINE_HOME"):
        return Path(given).expanduser()
    if os.name == "nt":
        return Path(environ.get("LOCALAPPDATA", "~")).expanduser() / "Dateline"
    return Path(environ.get("XDG_DATA_HOME") or "~/.local/share").expanduser() / "dateline"


def default_database(environ: Mapping[str, str]) -> str:
    """The address of the archive where none is named: a file in the folder for the user's data."""
    return f"sqlite:///{home(environ) / 'dateline.db'}"


def _keys(values: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for key, value in values.items():
        if isinstance(value, dict):
            yield from ((key, inner) for inner in value)
        else:
            yield "", key


def _read(path: Path) -> dict[tuple[str, str], Any]:
    try:
        values = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise SettingsError(f"{path}: there is no such settings file. Leave --config away to use the defaults.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: the settings file cannot be read ({error}).") from None
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(f"{path}: this is not TOML: {error}.") from None
    return {(section, key): values[section][key] if section else values[key] for section, key in _keys(values)}


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[str, tuple[str, str], Any]]:
    """Yield (variable, (section, key), value) for every setting that the environment gives."""
    address = environ.get("DATELINE_DATABASE_URL") or environ.get("DATABASE_URL")
    if address:
        yield (
            ("DATELINE_DATABASE_URL" if environ.get("DATELINE_DATABASE_URL") else "DATABASE_URL"),
            ("", "database_url"),
            address,
        )
    for variable, text in environ.items():
        if variable.startswith(_PREFIX) and "__" in variable:
            section, _, key = variable.removeprefix(_PREFIX).lower().partition("__")
            yield variable, (section, key), _value(text)


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]  # numbers and lists; anything else is a string
    except tomllib.TOMLDecodeError:
        return text


def _put(values: dict[str, Any], section: str, key: str, value: Any) -> None:
    (values[section] if section else values)[key] = value


def _check_known(name: str, known: set[str], where: str) -> None:
    if name not in known:
        near = difflib.get_close_matches(name, sorted(known), n=1)
        hint = f"Did you mean {near[0]}?" if near else "Settings are: " + ", ".join(sorted(known)) + "."
        raise SettingsError(f"{where}: there is no setting {name}. {hint}")


def _check_parted(sections: set[str], environ: Mapping[str, str]) -> None:
    """That no variable would be a setting but for an underscore: it would do nothing, and nobody would hear of it."""
    for variable in environ:
        section, _, key = variable.removeprefix(_PREFIX).partition("_")
        if variable.startswith(_PREFIX) and section.lower() in sections and key and not key.startswith("_"):
            raise SettingsError(
                f"{variable}: two underscores part a section from its key. Did you mean {_PREFIX}{section}__{key}?"
            )


def _complaint(error: Any, came_from: Mapping[str, str]) -> str:
    name = ".".join(str(part) for part in error["loc"][:2])
    accepted = error["msg"].removeprefix("Value error, ").removeprefix("Input should be ")
    if error["type"] == "list_type":
        accepted = 'a list such as ["127.0.0.1:8080"]'
    where = came_from.get(name, came_from.get(str(error["loc"][0]), "defaults.toml"))
    return f"{where}: {name} is {error['input']!r}; accepted: {accepted[:1].lower() + accepted[1:]}."
