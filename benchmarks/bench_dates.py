"""How long the time expressions of an article and the days of its facts take.

    PYTHONPATH=. python benchmarks/bench_dates.py

Two articles of 2.6 kB: one as news is written, with a day in every third sentence, and one with days in all of them.  Every
round reads another article, as the product does, so that nothing is remembered from the round before.  CPU time, the best of
many rounds, and how often a plain search for all words would fit into it, which hardly depends on the machine.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from datetime import date

from digests import sentences
from digests.dates import tag
from digests.eventday import event_date, inside

DENSE = (
    "The ferry company {name} said on Tuesday that it will close its oldest line on 4 November, after breakdowns in September. "
    "Some 2,019 passengers of {name} were stranded last month when a pump failed, the port authority reported. "
    "Mayor {name}, 54, who took office in 2021, called the decision a mistake and asked for talks by Friday. "
    "Daily crossings of the {name} began in 1932 and were halted only once, during the winter of 1947. "
    "Workers of {name} have met every Monday since the first breakdown three weeks ago and plan to march tomorrow. "
)
USUAL = (
    "The ferry company {name} said on Tuesday that it will close its oldest line on 4 November, after breakdowns of its pumps. "
    "Passengers of the line would have to take the bus, which runs twice as long and costs more than the boat. "
    "Mayor {name}, whose office is on the quay, called the decision a mistake and asked the owners for talks. "
    "Crossings of the {name} began in 1932 and were halted only when the bay froze over. "
    "The owners answered that no line can live from tickets alone, and that the town had never paid its share of the repairs. "
    "Nobody had asked the crews, a union leader said, although they know the old engines better than any engineer. "
)
LENGTH = 2600
REFERENCE = date(2024, 10, 13)
ROUNDS = 300


def articles(paragraph: str) -> Iterable[tuple[str, list[tuple[str, int, int]]]]:
    """Texts that differ in a name, each with its sentences and where they stand."""
    for number in range(ROUNDS):
        text = "\n".join(paragraph.format(name=f"Lund{chr(97 + at)} No{number}") for at in range(8))[:LENGTH]
        yield text, [(each.text, each.start, each.end) for each in sentences.read(text, "")]


def days_of_facts(text: str, told: list[tuple[str, int, int]]) -> None:
    expressions = tag(text, REFERENCE)
    for sentence, start, end in told:
        event_date(sentence, inside(expressions, start, end), REFERENCE)


def best_ms(work: Callable[..., object], rounds: Iterable[tuple[object, ...]]) -> float:
    """The least CPU time of a round."""
    return min(spent_ms(work, given) for given in rounds)


def spent_ms(work: Callable[..., object], given: tuple[object, ...]) -> float:
    began = time.process_time_ns()
    work(*given)
    return (time.process_time_ns() - began) / 1e6


def all_words(text: str) -> list[tuple[int, int]]:
    return [match.span() for match in re.finditer(r"\w+", text)]


def main() -> None:
    for name, paragraph in (("usual", USUAL), ("dense", DENSE)):
        texts = [(text,) for text, _ in articles(paragraph)]
        plain = best_ms(all_words, texts)
        tagged = best_ms(tag, ((text, REFERENCE) for (text,) in texts))
        both = best_ms(days_of_facts, articles(paragraph))
        print(f"{name}: tag {tagged:.2f} ms, tag and event_date {both:.2f} ms, {both / plain:.1f} searches for all words")


if __name__ == "__main__":
    main()
