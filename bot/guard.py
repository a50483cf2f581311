"""A clear word at start-up when another distribution's ``bot``, ``digests`` or ``config`` stands in for one of ours."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from pathlib import Path

OURS = ("bot", "digests", "config")


def check() -> None:
    """Return when the three packages are ours; otherwise say what is in the way and exit with code 2.

    Their names are common ones, and Python takes whichever it finds first: in PYTHONPATH, in the folder it was started
    from, or in an environment shared with other programs.  Called before anything of them is imported, because
    afterwards the error would only be about some missing name.
    """
    complaint = clash(Path(__file__).resolve().parent.parent, {name: found(name) for name in OURS})
    if complaint is not None:
        sys.stderr.write(complaint + "\n")
        raise SystemExit(2)


def clash(home: Path, places: Mapping[str, Path | None]) -> str | None:
    """What to tell the operator about packages that do not lie in ``home``, the folder of ours; None when all do.

    Args:
        home: an absolute path without symbolic links.
        places: for each package the folder or file that Python would import, likewise; None when it finds none.
    """
    foreign = {name: place for name, place in places.items() if place is None or place.parent != home}
    if not foreign:
        return None
    lines = [f"dateline cannot start, because its packages do not all lie in {home}:"]
    lines += [f"  {name} is {place or 'missing, or has no __init__.py'}" for name, place in foreign.items()]
    lines.append("Some other program has a package of that name, so dateline needs an environment of its own.")
    lines.append(f'  type:  cd "{home}" && env -u PYTHONPATH ./dev digest')
    return "\n".join(lines)


def found(name: str) -> Path | None:
    """The folder or file that ``import name`` would take, without importing it; None when there is no such package."""
    try:
        spec = importlib.util.find_spec(name)
    except ValueError:  # something that is no file stands under this name already
        return None
    if spec is None or spec.origin is None:
        return None
    origin = Path(spec.origin).resolve()
    return origin.parent if spec.submodule_search_locations else origin
