"""x"""


def status() -> None:
    """Later."""
