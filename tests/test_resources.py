"""Texts are found in the home, the checkout or the installed copy, and nowhere else."""

from __future__ import annotations

import os
import zipfile
from pathlib import Path

import pytest

from gateway.core.errors import ConfigurationError, UsageError
from gateway.resources import Resources, find, find_home


def write(root: Path, **files: str) -> Path:
    """``schemas__x12__a="text"`` writes ``schemas/x12/a.toml``."""
    for name, text in files.items():
        path = root.joinpath(*name.split("__")).with_suffix(".toml")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write(
        tmp_path / "base",
        schemas__x12__a="base a",
        schemas__x12__b="base b",
        mappings__m="base m",
        partners__demo="demo",
    )


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return write(tmp_path / "home", schemas__x12__b="home b", schemas__x12__c="home c", partners__mine="mine")


def test_the_checkout_is_the_base():
    found = find(environ={})
    assert found.home is None
    assert found.partners.names() == ["acme-erp.toml", "acme.toml", "globex.toml", "initech.toml"]
    assert 'id = "globex"' in (found.partners.files("globex.toml") or "")


def test_a_home_stands_in_front_of_schemas_and_mappings_file_by_file(base, home):
    found = Resources(home, base)
    assert found.schemas.names("x12/") == ["x12/a.toml", "x12/b.toml", "x12/c.toml"]
    texts = [found.schemas.files(name) for name in found.schemas.names("x12/")]
    assert texts == ["base a", "home b", "home c"]
    assert found.mappings.files("m.toml") == "base m"


def test_parties_are_never_mixed(base, home):
    assert Resources(home, base).partners.names() == ["mine.toml"]
    assert Resources(home, base).partners.files("demo.toml") is None
    assert Resources(None, base).partners.texts() == {"partners/demo.toml": "demo"}


def test_a_home_without_parties_has_none(base, tmp_path):
    (tmp_path / "empty").mkdir()
    assert Resources(tmp_path / "empty", base).partners.texts() == {}


def test_the_named_home_goes_before_the_variable(tmp_path):
    first, second = tmp_path / "one", tmp_path / "two"
    first.mkdir()
    second.mkdir()
    assert find_home(first, {"CROSSDOCK_HOME": str(second)}) == first.resolve()
    assert find_home(None, {"CROSSDOCK_HOME": str(second)}) == second.resolve()
    assert find_home(None, {}) is None
    assert find(None, {"CROSSDOCK_HOME": str(second)}).home == second.resolve()


def test_a_home_that_is_not_there_is_a_mistake(tmp_path):
    with pytest.raises(UsageError, match="is not a folder"):
        find(tmp_path / "nowhere")


@pytest.mark.parametrize(
    "name",
    [
        "../partners/demo.toml",
        "x12/../../partners/demo.toml",
        "/etc/passwd",
        "x12//a.toml",
        "x12/./a.toml",
        "",
        "..",
        "..\\partners\\demo.toml",
        "C:/windows",
        "x12/a.toml\0",
        "x12/\udc80",
        "x" * 100_000,
        "x12/" * 5_000,
    ],
)
def test_a_name_that_leads_elsewhere_is_no_file(base, name):
    assert Resources(None, base).schemas.files(name) is None


def test_a_folder_is_no_file(base):
    assert Resources(None, base).schemas.files("x12") is None


def test_hidden_files_and_foreign_endings_are_not_listed(base):
    (base / "partners" / ".swp.toml").write_text("x")
    (base / "partners" / "README.md").write_text("x")
    (base / "partners" / "..data").mkdir()
    assert Resources(None, base).partners.names() == ["demo.toml"]


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="no symbolic links")
def test_mounted_files_that_are_links_are_found(base):
    (base / "partners" / "..data").mkdir()
    (base / "partners" / "..data" / "shop.toml").write_text("shop")
    (base / "partners" / "shop.toml").symlink_to("..data/shop.toml")
    assert Resources(None, base).partners.texts() == {"partners/demo.toml": "demo", "partners/shop.toml": "shop"}


def test_a_file_that_is_not_utf8_is_named(base):
    (base / "partners" / "demo.toml").write_bytes(b"id = 'caf\xe9'")
    with pytest.raises(ConfigurationError, match=r"partners/demo.toml: this is not UTF-8: byte 9"):
        Resources(None, base).partners.texts()


def test_the_digest_changes_with_names_and_texts(base):
    section = Resources(None, base).schemas
    first = section.digest()
    assert section.digest() == first
    (base / "schemas" / "x12" / "a.toml").write_text("other")
    second = section.digest()
    (base / "schemas" / "x12" / "a.toml").rename(base / "schemas" / "x12" / "z.toml")
    assert len({first, second, section.digest()}) == 3


def test_an_installed_copy_inside_an_archive_is_read(base, tmp_path):
    archive = tmp_path / "data.zip"
    with zipfile.ZipFile(archive, "w") as out:
        for path in base.rglob("*.toml"):
            out.write(path, path.relative_to(base).as_posix())
    with zipfile.ZipFile(archive) as opened:
        found = Resources(None, zipfile.Path(opened))
        assert found.schemas.names() == ["x12/a.toml", "x12/b.toml"]
        assert found.schemas.files("x12/b.toml") == "base b"


def test_what_a_file_of_the_home_stands_in_front_of_can_be_read_too(base, home):
    schemas = Resources(home, base).schemas
    assert (schemas.files("x12/b.toml"), schemas.beneath("x12/b.toml")) == ("home b", "base b")
    assert [schemas.beneath(name) for name in ("x12/a.toml", "x12/c.toml", "x12/none.toml", "../b.toml")] == [None] * 4
    assert schemas.own() == ["x12/b.toml", "x12/c.toml"]
    assert Resources(None, base).schemas.own() == []


@pytest.mark.parametrize(
    ("prefix", "names"),
    [("x12/a", ["x12/a.toml"]), ("x1", ["x12/a.toml", "x12/b.toml"]), ("x12/none/", []), ("../", []), ("x12/../", [])],
)
def test_names_are_listed_below_a_prefix(base, prefix, names):
    assert Resources(None, base).schemas.names(prefix) == names
