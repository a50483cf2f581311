from ipaddress import ip_address
from itertools import pairwise
from pathlib import Path

import pytest

from config.settings import DEFAULTS, SettingsError, exact_peer, home, load, misspelt


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "dateline.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_default_works_without_a_file(tmp_path: Path) -> None:
    settings = load(None, {"DATELINE_HOME": str(tmp_path)})

    assert settings.digest.zone == "UTC"
    assert settings.fetch.allow == []
    assert settings.database_url == f"sqlite:///{tmp_path}/dateline.db"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    file = written(tmp_path, '[digest]\nzone = "Asia/Tokyo"\nlength = "full"\n')

    settings = load(file, {"DATELINE_DIGEST__ZONE": "Europe/Berlin"})

    assert (settings.digest.zone, settings.digest.length) == ("Europe/Berlin", "full")


def test_a_list_comes_from_the_environment_as_json():
    assert load(None, {"DATELINE_FETCH__ALLOW": '["127.0.0.1:8080"]'}).fetch.allow == [exact_peer("127.0.0.1:8080")]


@pytest.mark.parametrize(
    ("environ", "address"),
    [
        ({"DATABASE_URL": "sqlite:///a.db"}, "sqlite:///a.db"),
        ({"DATABASE_URL": "sqlite:///a.db", "DATELINE_DATABASE_URL": "sqlite:///b.db"}, "sqlite:///b.db"),
    ],
)
def test_the_database_is_named_by_its_usual_variables(environ: dict[str, str], address: str) -> None:
    assert load(None, environ).database_url == address


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ('[digest]\nzone = "Europe/Berln"\n', ["digest.zone", "'Europe/Berln'", "Europe/Berlin"]),
        ('[digest]\nlenght = "full"\n', ["digest.lenght", "Did you mean digest.length?"]),
        ('[digest]\nlength = "long"\n', ["digest.length", "'long'", "'short', 'normal' or 'full'"]),
        ("[read]\nworkers = 99\n", ["read.workers", "99", "16"]),
        ('[fetch]\nallow = ["localhost:80"]\n', ["fetch.allow", "'localhost:80'", "IP:port"]),
        ("[fetch]\nallow = 7\n", ["fetch.allow", "7"]),
        ('[fetch]\nallow = ["::1:8080"]\n', ["fetch.allow", "'::1:8080'", "[::1]:8080"]),
        ("[telegram]\ntoken = 1\n", ["telegram.token", "Settings are"]),
        ("zone = \n", ["not TOML"]),
        ("digest = 5\n", ["digest"]),
    ],
)
def test_a_complaint_names_file_key_value_and_what_is_accepted(tmp_path: Path, text: str, names: list[str]) -> None:
    file = written(tmp_path, text)

    with pytest.raises(SettingsError) as complaint:
        load(file, {})

    for name in (str(file), *names):
        assert name in str(complaint.value)


def test_a_misspelt_variable_is_named():
    with pytest.raises(SettingsError, match=r"DATELINE_FETCH__ALOW.*Did you mean fetch\.allow"):
        load(None, {"DATELINE_FETCH__ALOW": "[]"})


def test_a_variable_with_one_underscore_too_few_does_not_pass_for_a_setting():
    with pytest.raises(SettingsError, match=r"DATELINE_FETCH_MAX_BYTES: .*Did you mean DATELINE_FETCH__MAX_BYTES\?"):
        load(None, {"DATELINE_FETCH_MAX_BYTES": "1"})

    load(None, {"DATELINE_BUILD_HASH": "x", "DATELINE_WEBHOOK_RUN": "y"})  # nothing that could be a setting


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"absent\.toml: there is no such settings file"):
        load(tmp_path / "absent.toml", {})


def test_the_address_of_the_database_stays_out_of_what_is_printed():
    assert "secret" not in repr(load(None, {"DATABASE_URL": "postgresql://me:secret@db/x"}))


def test_the_data_folder_can_be_chosen():
    assert home({"DATELINE_HOME": "/srv/dateline"}) == Path("/srv/dateline")
    assert home({"XDG_DATA_HOME": "/data"}) == Path("/data/dateline")


def test_each_default_is_explained_by_a_comment_above_it():
    lines = DEFAULTS.read_text(encoding="utf-8").splitlines()
    for above, line in pairwise(lines):
        if "=" in line and not line.startswith("#"):
            assert above.startswith("#"), line


@pytest.mark.parametrize(
    ("written", "ip", "port"),
    [("127.0.0.1:8080", "127.0.0.1", 8080), ("[::1]:443", "::1", 443), ("10.1.2.3:65535", "10.1.2.3", 65535)],
)
def test_an_allowed_peer_is_an_exact_ip_and_port(written: str, ip: str, port: int) -> None:
    assert exact_peer(written) == (ip_address(ip), port)


@pytest.mark.parametrize(
    "written",
    [
        8080,
        "localhost:8080",
        "10.0.0.0/8",
        "10.0.0.0/8:80",
        "127.0.0.1",
        "127.0.0.1:",
        "127.0.0.1:0",
        "127.0.0.1:65536",
        "127.0.0.1:*",
        "*:80",
        "::1:8080",
        "[127.0.0.1]:80",
        "[fe80::1%eth0]:80",
        "127.1:80",
        " 127.0.0.1:80",
        "127.0.0.1: 80",
        "[::1]",
        "127.0.0.1:８０",
        "http://127.0.0.1:80",
        "",
    ],
)
def test_names_ranges_and_switches_allow_nothing(written: object) -> None:
    with pytest.raises(ValueError, match=r"exact IP:port pairs such as"):
        exact_peer(written)


@pytest.mark.parametrize(
    ("variable", "meant"),
    [
        ("DATELINE_DATABSE_URL", "DATELINE_DATABASE_URL"),
        ("DATELINE_LENGHT", "DATELINE_DIGEST__LENGTH"),
        ("DATELINE_ZONE", "DATELINE_DIGEST__ZONE"),
        ("DATELINE_DIGST_ZONE", "DATELINE_DIGEST__ZONE"),
        ("DATELINE_CONFG", "DATELINE_CONFIG"),
        ("DATELINE_WEBHOK_NEWS", "DATELINE_WEBHOOK_NEWS"),
    ],
)
def test_a_variable_that_is_misspelt_is_told_with_the_one_that_was_meant(variable: str, meant: str) -> None:
    assert misspelt({variable: "x"}) == [(variable, meant)]


@pytest.mark.parametrize(
    "variable",
    [
        "DATELINE_PORT",
        "DATELINE_VERSION",
        "DATELINE_HOMEPAGE",
        "DATELINE_HOME",
        "DATELINE_CONFIG",
        "DATELINE_DATABASE_URL",
        "DATELINE_DIGEST__ZONE",
        "DATELINE_WEBHOOK_NEWS_FILE",
        "DATABSE_URL",
    ],
)
def test_what_does_something_or_may_be_another_tool_s_is_left_alone(variable: str) -> None:
    assert misspelt({variable: "x"}) == []
