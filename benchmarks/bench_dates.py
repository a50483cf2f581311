"""How long the time expressions of an article and the days of its facts take: ``python -m benchmarks.bench_dates``."""

from __future__ import annotations

import timeit
from datetime import date

from digests.dates import tag
from digests.eventday import event_date

PARAGRAPH = (
    "The ferry company said on Tuesday that it will close its oldest line on 4 November, after two breakdowns in September. "
    "Some 2,019 passengers were stranded last month when a pump failed, the port authority reported. "
    "Mayor Inga Lund, 54, who took office in 2021, called the decision a mistake and asked for talks by Friday. "
    "Daily crossings began in 1932 and were halted only once, during the winter of 1947. "
    "Workers have met every Monday since the first breakdown three weeks ago and plan to march through the old town tomorrow. "
)
TEXT = "\n".join([PARAGRAPH] * 5)[:2600]
SENTENCES = [sentence + "." for sentence in TEXT.split(". ")]
REFERENCE = date(2024, 10, 13)


def best_ms(work: object, rounds: int = 7, number: int = 40) -> float:
    """The best mean time of a call, in milliseconds."""
    assert callable(work)
    return min(timeit.repeat(work, repeat=rounds, number=number)) / number * 1000


def days_of_all() -> None:
    for sentence in SENTENCES:
        event_date(sentence, tag(sentence, REFERENCE), REFERENCE)


def main() -> None:
    print(f"tag, {len(TEXT)} characters: {best_ms(lambda: tag(TEXT, REFERENCE)):.2f} ms")
    print(f"tag and event_date, {len(SENTENCES)} sentences: {best_ms(days_of_all):.2f} ms")


if __name__ == "__main__":
    main()
