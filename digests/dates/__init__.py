"""Finds the time expressions of a text and works out the days they mean.

Words and patterns are data (``digests/data/dates.<language>.toml``): ``grammar`` compiles them, ``reader`` finds them in a
text, and ``days``, ``stretches`` and ``clock`` say what each kind of expression means.  "Wednesday" and "April 13" look back
or ahead as the nearest verb does, counted from the reference: the day of publication in the outlet's zone.  Without one they
stay unclear, with their words.  The grain of the words is kept: "last month" is a month.
"""

from digests.dates.expression import TimeExpression
from digests.dates.reader import tag

__all__ = ["TimeExpression", "tag"]
