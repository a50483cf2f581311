"""The errors of thinking, sorted by who can mend them."""


class QueryError(ValueError):
    """The one who asked can mend it: the text is the reply itself, and says what would be understood."""


class GroundingError(ValueError):
    """A model wrote what no source says; the text names the bullet.  The extractive digest is used instead."""
