"""x"""


def inspect() -> None:
    """Later."""
