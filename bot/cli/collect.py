"""x"""


def collect() -> None:
    """Later."""
