"""The shared corpora, when this checkout lies beside them; what needs them is skipped elsewhere, and says so."""

from __future__ import annotations

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


def corpora() -> Path:
    """The folder of the corpora; skips the test that asks where there is none."""
    found = ROOT.parent / "shared" / "corpora"
    if not found.is_dir():
        pytest.skip(f"no corpora at {found}")
    return found
