"""How good digests are: questions with what is right, and the measures of a program's answers to them.

The questions are those of ``digests.tasks``, with gold beside them; whoever answers them is measured in the same way, this
program too.  ``docs/quality.md`` says what each measure asks.
"""

from digests.evaluate.measures import Better, Measure, measures
from digests.evaluate.questions import Question

__all__ = ["Better", "Measure", "Question", "measures"]
