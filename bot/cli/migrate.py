"""x"""


def migrate() -> None:
    """Later."""
