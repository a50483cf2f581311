"""x"""

import typer


def line() -> typer.Typer:
    return typer.Typer()
