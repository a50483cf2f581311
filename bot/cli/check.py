"""x"""


def check() -> None:
    """Later."""
