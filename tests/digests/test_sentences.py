import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digests.model import Kind
from digests.sentences import balanced, inside_quotation, read, split, unquoted


def sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in split(text)]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Maj. Gen. Ann Lee led the exercise near the coast.", id="two ranks"),
        pytest.param("Lt. Col. Omar Diaz and Sgt. Kim Roe were honoured.", id="ranks in a row"),
        pytest.param("Sen. Jane Roe and Rep. Tom Vale met Gov. Li on Tuesday.", id="titles"),
        pytest.param("Dr. J. K. Mbeki of St. Anne hospital treated them.", id="initials and a saint"),
        pytest.param("The U.S. Senate and the U.N. Security Council met.", id="countries"),
        pytest.param("Harbour Lines Inc. Chief Executive Ada Pell resigned.", id="a company before a title"),
        pytest.param("The ferry left on Jan. 4 and came back on Sept. 12.", id="months"),
        pytest.param("It broke at 9 p.m. Tuesday and again at 5 a.m. GMT.", id="hours"),
        pytest.param("Bus No. 7 and pier No. 12 stay closed.", id="numbers"),
        pytest.param("Prices rose 3.5 percent to $1.25 a litre.", id="decimals"),
        pytest.param("The crew waited ... and waited for the tide.", id="an ellipsis inside"),
        pytest.param("“Where is it?” Roe asked.", id="a question that is spoken"),
        pytest.param("“Stop!” the captain shouted.", id="a cry that is spoken"),
        pytest.param("Yahoo! said it would close the office.", id="a name with a mark"),
        pytest.param("1. The harbour is closed to all ships.", id="an ordinal that opens"),
        pytest.param("Portland, Ore. Mayor Ted Vale opened the bridge.", id="a state before a title"),
        pytest.param("The makers of the ID. WAVE RUNNER showed a second boat.", id="a product in capitals"),
        pytest.param("Die Fähre kam am 22. November in den Hafen.", id="an ordinal of another language"),
    ],
)
def test_an_abbreviation_does_not_end_a_sentence(text: str) -> None:
    assert sentences(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("They left the UK. NATO was told.", ["They left the UK.", "NATO was told."], id="a country in capitals"),
        pytest.param("The boat was 15. Boston built it.", ["The boat was 15.", "Boston built it."], id="a number at the end"),
        pytest.param("It sank. No one died.", ["It sank.", "No one died."], id="a full stop"),
        pytest.param(
            "He lives in the U.S. The house is new.", ["He lives in the U.S.", "The house is new."], id="a country at the end"
        ),
        pytest.param(
            "It opens at 9 a.m. Visitors queue early.", ["It opens at 9 a.m.", "Visitors queue early."], id="an hour at the end"
        ),
        pytest.param(
            "She works for Pell Inc. It makes nets.", ["She works for Pell Inc.", "It makes nets."], id="a company at the end"
        ),
        pytest.param(
            "“We sailed.” The crew cheered.", ["“We sailed.”", "The crew cheered."], id="the quotation mark stays with it"
        ),
        pytest.param('"We sailed." The crew cheered.', ['"We sailed."', "The crew cheered."], id="so does a straight one"),
        pytest.param("Was it late? It was!", ["Was it late?", "It was!"], id="other marks"),
        pytest.param("It ended.The next day it rained.", ["It ended.", "The next day it rained."], id="a missing space"),
        pytest.param("It waits ... The tide turns.", ["It waits ...", "The tide turns."], id="an ellipsis at the end"),
        pytest.param(
            "船沉了。没有人死亡！「好。」", ["船沉了。", "没有人死亡！", "「好。」"], id="Chinese stops need no space"
        ),
        pytest.param("A heading without stop\nThe text.", ["A heading without stop", "The text."], id="a line's end"),
        pytest.param("It sank\n\nNo one died", ["It sank", "No one died"], id="a paragraph's end"),
        pytest.param("“It sank.” “No one died.”", ["“It sank.”", "“No one died.”"], id="quotation after quotation"),
        pytest.param("It sank. ' no one died. '", ["It sank.", "' no one died.", "'"], id="a mark set apart that opens"),
        pytest.param(
            "They call it a ' wreck. ' the sea was calm.", ["They call it a ' wreck.", "'", "the sea was calm."], id="closes"
        ),
        pytest.param(
            "It sank off the U.S. ' gold ' coast.", ["It sank off the U.S. ' gold ' coast."], id="behind an abbreviation"
        ),
        pytest.param("It cost 9,099. iPier, a map, is new.", ["It cost 9,099.", "iPier, a map, is new."], id="iPier"),
        pytest.param("He sold U.S. iPier maps.", ["He sold U.S. iPier maps."], id="iPier behind an abbreviation"),
        pytest.param("It sank. ‘ no one died there.", ["It sank.", "‘ no one died there."], id="a bent mark set apart"),
    ],
)
def test_a_sentence_ends_where_the_next_begins(text: str, expected: list[str]) -> None:
    assert sentences(text) == expected


def test_lines_broken_by_width_are_one_paragraph() -> None:
    text = (
        "The ferry that links the two islands will not run before Monday because\n"
        "a part of its engine has to be brought from the mainland by a second\n"
        "ship. The company promised to refund the tickets of all who had booked\n"
        "a place on it, and hired a bus.\n"
    )

    assert len(sentences(text)) == 2


@given(st.text(alphabet=st.sampled_from("aA1 .!?…。\n\r\t\"“”‘’'()«»,;-—éU.S.Mr\u2028\u00a0"), max_size=200))
def test_spans_are_sorted_inside_and_hold_every_character_but_white_space(text: str) -> None:
    spans = split(text)

    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(end <= start for (_, end), (start, _) in pairwise(spans))
    assert "".join("".join(text[a:b].split()) for a, b in spans) == "".join(text.split())
    told = read(text)
    assert [(one.start, one.end) for one in told] == spans
    assert all(one.text == text[one.start : one.end] == one.text.strip() for one in told)


@pytest.mark.parametrize(
    "unit",
    [
        ".",
        ". ",
        "\n",
        '"',
        '" ',
        "’ ",
        "a.\n",
        "Mr. ",
        "(",
        "(left ",
        "''",
        "we, ",
        "x" * 50,
        "A. ",
        "“a ",
        "by Ab, ",
        "15. A",
        "ID. AB ",
        "A: B\n",
    ],
)
def test_forty_kilobytes_of_marks_take_no_longer_than_their_size_says(unit: str) -> None:
    text = unit * (40_000 // len(unit))
    start = time.process_time()

    read(text)

    assert time.process_time() - start < 3  # a quadratic one takes minutes


FERRY = "The ferry Naxos ran aground off the northern pier on Monday with 214 people aboard."
TUGS = "Two tugs pulled it free at high tide and brought it back to the harbour."


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Follow us on every network", Kind.FURNITURE),
        ("Sign up for our morning letter", Kind.FURNITURE),
        ("Already a subscriber?", Kind.FURNITURE),
        ("Full release notes and download as usual.", Kind.FURNITURE),
        ("The full changelog is here.", Kind.FURNITURE),
        ("16 posts - 10 participants", Kind.FURNITURE),
        ("Read more: Why piers rot", Kind.FURNITURE),
        ("Advertisement", Kind.FURNITURE),
        ("Share this article", Kind.FURNITURE),
        ("Scroll down for video", Kind.FURNITURE),
        ("By Ada Pell and Tom Vale", Kind.FURNITURE),
        ("© 2031 Harbour Media. All rights reserved.", Kind.FURNITURE),
        ("This story has been updated with the number of passengers.", Kind.FURNITURE),
        ("Reporting by Ada Pell in Naxos; editing by Tom Vale.", Kind.FURNITURE),
        ("Click here to see the whole gallery of the rescue at sea.", Kind.FURNITURE),
        ("12 comments", Kind.FURNITURE),
        ("The post Ferry runs aground off the northern pier of Naxos appeared first on Harbour Watch.", Kind.FURNITURE),
        ("(Reporting by Ada Pell in Naxos and by Tom Vale and Kim Roe in the capital of the islands)", Kind.FURNITURE),
        ("[Editing by Tom Vale, with the help of Kim Roe and of the whole newsroom of the islands.]", Kind.FURNITURE),
        ("Additional reporting by Ada Pell in Naxos and by Tom Vale in the capital.", Kind.FURNITURE),
        ("With files from The Naxos Courier and from the local radio.", Kind.FURNITURE),
        ("Ada Pell is a columnist of the Naxos Courier.", Kind.FURNITURE),
        ("Tom Vale is an award-winning freelance journalist based in Naxos.", Kind.FURNITURE),
        ("Kim Roe covers shipping and the islands for Harbour Watch.", Kind.FURNITURE),
        ("* * *", Kind.FURNITURE),
        ("| Pier | Ferry | Passengers |", Kind.FURNITURE),
        ("— Ada Pell (@adapell) May 4, 2031", Kind.FURNITURE),
        ("5:45 AM PST 5/4/2031 by Ada Pell", Kind.FURNITURE),
        ("Last updated at 2:18 PM on 30th December 2031.", Kind.FURNITURE),
        ("This week's island podcast is sponsored by Pell Nets, the makers of nets for all seas.", Kind.FURNITURE),
        ("The Island Podcast is produced weekly throughout the year, and daily in the summer.", Kind.FURNITURE),
        ("This article was amended on 4 May 2031 to correct the name of the captain.", Kind.FURNITURE),
        ("Editor's note: This story was updated on Monday to add what the captain said of the rock.", Kind.FURNITURE),
        ("Correction: An earlier version of this page gave the number of passengers as 241.", Kind.FURNITURE),
        ("(Leggi anche su: Il porto delle isole, tutto quello che si sa del traghetto e dei suoi motori)", Kind.FURNITURE),
        ("The post Why piers rot and what to do about it appeared first on Harbour Watch.", Kind.FURNITURE),
        ("Kim Roe joined the Harbour Watch staff in 2029 and sails in her free time.", Kind.FURNITURE),
        ("In this post the reader finds a list of all the ferries of the islands.", Kind.FURNITURE),
        ("Brave faces: Passengers wait for the tugs on the upper deck.", Kind.CAPTION),
        ("You must be at the pier an hour before the ferry leaves.", Kind.COMMENT),
        ("The crossing takes two hours if the captain takes your advice.", Kind.COMMENT),
        ("Add the ferry to the list of places to see.", Kind.COMMENT),
        ("Consider a second ferry for the summer.", Kind.COMMENT),
        ("Check the tides before a crossing.", Kind.COMMENT),
        ("Don't forget to bring a coat to the crossing.", Kind.COMMENT),
        ("Welcome to the new pier of the islands.", Kind.COMMENT),
        ("To reach the pier before the crowds, take the first ferry of the day.", Kind.COMMENT),
        ("Using a short rope, pull the boat towards the pier.", Kind.COMMENT),
        ("For a list of all piers of the islands see Naxos.", Kind.COMMENT),
        ("Ideally, Pell would be back on the bridge by May.", Kind.COMMENT),
        ("- Ideally, the ferry would be back by May.", Kind.COMMENT),
        ("The pier was closed and, of course, nobody was there.", Kind.COMMENT),
        ("Captains have a ton of paper to fill in before they leave.", Kind.COMMENT),
        ("The northern line is one of the most beautiful crossings of the islands.", Kind.COMMENT),
        ("The best way to see the rock is from the upper deck.", Kind.COMMENT),
        ("Now is an exciting time for small harbours.", Kind.COMMENT),
        ("Summer is going to be huge for the ferries of Naxos.", Kind.COMMENT),
        ("Lanterns create the perfect mood on the upper deck.", Kind.COMMENT),
        ("Only a second pier can hope to save the northern islands.", Kind.COMMENT),
        ("Get ready to see the largest ferry of the line.", Kind.COMMENT),
        ("Enter Ada Pell to save the ferry line of the islands.", Kind.COMMENT),
        ("Surely the company will not run that ferry again.", Kind.COMMENT),
        ("Getty Images", Kind.CAPTION),
        ("The captain, Ada Pell (left), with her crew in May.", Kind.CAPTION),
        ("Ada Pell, the captain of the Alma (pictured).", Kind.CAPTION),
        ("The captain (pictured) and her mate on the bridge.", Kind.CAPTION),
        ("Saved: Ada Pell (pictured) left the bridge last.", Kind.CAPTION),
        ("Captain Ada Pell, pictured here in 1985, left the bridge last.", Kind.CAPTION),
        ("Subscribe to the Naxos Courier.", Kind.FURNITURE),
        ("You can subscribe to the daily briefing here.", Kind.FURNITURE),
        ("Anyone who saw the ferry should call the police tip line at 555 0100.", Kind.FURNITURE),
        ("Write to our anonymous tip line.", Kind.FURNITURE),
        ("Captain Ada Pell (L) shakes hands with the mate, Tom Vale (R), on the bridge.", Kind.CAPTION),
        ("A map of the harbour shows where the ferry ran aground.", Kind.CAPTION),
        ("This photo shows the damaged bow.", Kind.CAPTION),
        ("File photo: the ferry at its pier", Kind.CAPTION),
        ("What happened next", Kind.CAPTION),
        ("Passengers wait on the pier for a bus", Kind.CAPTION),
        ("But who will pay for all this?", Kind.COMMENT),
        ("I have never seen so many people on that pier.", Kind.COMMENT),
        ("The accident is a clear sign of years of neglect.", Kind.COMMENT),
        ("Old ferries serve as a warning to the whole industry.", Kind.COMMENT),
        ("Closing the line would send a message to every owner.", Kind.COMMENT),
        ("Fortunately the sea was calm that day.", Kind.COMMENT),
        ("The new ferry is truly wonderful in every way.", Kind.COMMENT),
        ("The accident undoubtedly hurt the islands.", Kind.COMMENT),
        ("The new rules for old ferries are imperfect.", Kind.COMMENT),
        ("A second pier is a great idea for the islands.", Kind.COMMENT),
        ("The truth is that nobody looks after the old piers.", Kind.COMMENT),
        ("The accident stands out amid a run of quiet summers.", Kind.COMMENT),
        ("The accident is further proof that nobody looks after the old piers.", Kind.COMMENT),
        ("It shows that a fleet of this age has become a danger.", Kind.COMMENT),
        ("All this shows how little the islands mean to the mainland.", Kind.COMMENT),
    ],
)
def test_what_is_no_fact_is_told_apart(line: str, kind: Kind) -> None:
    told = read(f"{FERRY}\n\n{line}\n\n{TUGS}")

    assert {one.kind for one in told[1:-1]} == {kind}
    assert told[0].kind is told[-1].kind is Kind.FACT


@pytest.mark.parametrize(
    "fact",
    [
        "The minister said the accident is a clear sign of neglect.",
        "The pier (pictured) was built in 1931.",
        "Captain Ada Pell (pictured with her crew), who left the bridge last, lost her ship.",
        "The ferry (pictured) is too old, the ministry said.",
        "Voters will have to subscribe to the new register by May, the ministry said.",
        "The city opened a tip line for storm damage on Monday.",
        "The tip line got 300 calls on Monday.",
        "Police asked anyone who saw the ferry to call the tip line on Tuesday.",
        'The captain said: "I saw the rock too late."',
        "“We were afraid,” a passenger, Tom Vale, said.",
        "The company will follow the advice of the harbour master.",
        "To reach the pier before the storm, captains took the northern channel.",
        "For the second year in a row, ferries carried fewer passengers.",
        "After the vote, the council will see the harbour master.",
        "Pell said the northern line was one of the most beautiful crossings of the islands.",
        "Naxos is one of the most visited islands of the south.",
        "The police found a ton of coal under the deck.",
        "The perfect storm of 1991 sank two ferries.",
        "Harbour sources tell Naxos News ... the pearls were taken from a cabin.",
        "The exciting final was won by the team of Naxos.",
        "Readers of the harbour log found three earlier accidents.",
        "The left wing of the terminal stays closed until May.",
        "Most read the warning before they went aboard.",
        "The U.S. Coast Guard took part in the search.",
        "Share prices of the ferry company fell by 12 percent on Tuesday.",
        "Advertising revenue fell in May.",
        "By using a net, fishermen saved the dolphin.",
        "World War I mines were found near the pier.",
        "The post office of Naxos stays closed until May.",
        "The story, which first appeared in the Naxos Courier, was denied by the owner.",
        "The post that appeared first on the wall of the harbour was false.",
        "The illness appeared first on the northern islands.",
        "With files from the archive, the lawyers proved their case.",
        "It shows that 40 percent of the piers are rotten.",
        "The new pier stands out at sea.",
        "The report was further proof that money was missing, prosecutors said.",
        "Ada Pell, a columnist of the Naxos Courier, was aboard.",
        "Ada Pell is a reporter for the Naxos Courier and was aboard when it sank.",
        "Kim Roe is an editor of the Naxos Courier.",
        "The bill was sponsored by Sen. Ada Pell and two others.",
        "Watch groups counted 214 people aboard.",
        "Use of the northern pier was limited in May.",
        "Visits to the pier were forbidden after the storm.",
        "Stop and search powers were used 300 times on the islands.",
        "Check points were set up on both piers.",
        "Get Well Soon, a charity, paid for the crossing.",
        "The correction of the chart took two years.",
        "The minister called it “a day you will not forget”.",
        "At 9:30 a.m. the ferry left the pier.",
        "NAXOS: The pier was closed on Monday.",
        "Soldiers set up roadblocks on the road to the northern pier.",
    ],
)
def test_a_fact_with_a_word_of_furniture_or_comment_stays(fact: str) -> None:
    assert read(f"{FERRY} {fact} {TUGS}")[1].kind is Kind.FACT


def test_who_somebody_is_stays_where_it_is_told_with_the_rest() -> None:
    told = read(f"{FERRY} Ada Pell is a reporter for the Naxos Courier.\n\n{TUGS}")

    assert told[1].kind is Kind.FACT


def test_a_lead_behind_a_dateline_is_doubled_without_it() -> None:
    told = read(f"NAXOS (AFP) -- {FERRY}\n\nA rusty pier\n\n{FERRY} {TUGS}")

    assert [one.kind for one in told] == [Kind.FACT, Kind.CAPTION, Kind.REPEATED, Kind.FACT]


def test_a_doubled_lead_is_told_once_and_the_first_stays() -> None:
    told = read(f"{FERRY}\n\nA rusty pier\n\n{FERRY}\n\n{TUGS}")

    assert [one.kind for one in told] == [Kind.FACT, Kind.CAPTION, Kind.REPEATED, Kind.FACT]


def test_a_lead_in_nearly_the_same_words_is_repeated() -> None:
    again = "The ferry Naxos ran aground on Monday off the northern pier with 214 people."

    assert read(f"{FERRY} {TUGS} {again}")[2].kind is Kind.REPEATED


@pytest.mark.parametrize(
    "other",
    [
        FERRY.replace("214", "216"),
        FERRY.replace("ran aground", "did not run aground"),
        FERRY.replace("Monday", "Tuesday"),
        FERRY.replace("Monday", "4 May"),
    ],
)
def test_another_number_or_day_or_a_negation_is_no_repetition(other: str) -> None:
    assert read(f"{FERRY} {TUGS} {other}")[2].kind is Kind.FACT


def test_a_fact_that_was_denied_before_is_no_repetition() -> None:
    assert read(f"{FERRY.replace('ran aground', 'did not run aground')} {TUGS} {FERRY}")[2].kind is Kind.FACT


def test_the_headline_as_first_line_is_repeated() -> None:
    told = read(f"Ferry runs aground off Naxos\n\n{FERRY}", title="Ferry runs aground off Naxos")

    assert told[0].kind in (Kind.REPEATED, Kind.CAPTION)
    assert told[1].kind is Kind.FACT


def test_a_summary_of_one_line_without_stop_is_a_fact() -> None:
    assert [one.kind for one in read("Ferry runs aground off the northern pier")] == [Kind.FACT]


def test_the_life_of_a_writer_with_an_invitation_behind_it_is_furniture() -> None:
    page = f"{FERRY}\n\nKim Roe is a reporter for the Naxos Courier covering ships and harbours. Follow her on Twitter @kimroe."

    assert [one.kind for one in read(page)] == [Kind.FACT, Kind.FURNITURE, Kind.FURNITURE]


def test_each_of_two_sentences_with_one_cue_is_comment() -> None:
    twice = read("Lanterns set the perfect mood on the upper deck. Violins set the perfect mood ashore. Ferries sail at nine.")

    assert [one.kind for one in twice] == [Kind.COMMENT, Kind.COMMENT, Kind.FACT]


def test_a_paragraph_counts_from_nought() -> None:
    assert [one.paragraph for one in read(f"{FERRY} {TUGS}\n\n{FERRY}")] == [0, 0, 1]


def test_a_text_without_words_has_no_sentences() -> None:
    assert read("") == read(" \n\t ") == ()


@pytest.mark.parametrize("text", ["“half", "half”", "(half", "one) and the other (half", '"half', "‘half of it", "[half"])
def test_half_a_pair_of_marks_is_not_balanced(text: str) -> None:
    assert not balanced(text)


@pytest.mark.parametrize("text", ["“whole”", "the crew’s ship", "‘whole’", "(a) [b]", '"whole"', "it's the owners' ship"])
def test_an_apostrophe_is_no_quotation_mark(text: str) -> None:
    assert balanced(text)


def test_a_quotation_is_blanked_at_its_length() -> None:
    assert unquoted("“No,” she said.") == "      she said."
    assert unquoted("A quotation that “begins here.").rstrip() == "A quotation that"


PIER = "The pier is rotten."


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"“It rained. {PIER} We left,” Pell wrote.", id="speaker-behind"),
        pytest.param(f"Pell wrote: “It rained. {PIER} We left.”", id="speaker-before"),
        pytest.param(f'"It rained. {PIER} We left," Pell wrote.', id="straight"),
        pytest.param(f'Pell wrote ("It rained. {PIER} We left.").', id="in-brackets"),
        pytest.param(f"“It rained. {PIER}\n\n“We left,” Pell wrote.", id="goes-on-in-the-next-paragraph"),
        pytest.param(f'"Rain," said Pell, 62" tall. "It rained. {PIER} We left."', id="behind-a-mark-that-is-none"),
    ],
)
def test_a_sentence_between_the_marks_of_a_longer_quotation_is_inside_it(text: str) -> None:
    assert inside_quotation(text, text.index(PIER), text.index(PIER) + len(PIER))


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(f"It rained. {PIER} We left.", id="no-marks"),
        pytest.param(f"“It rained.” {PIER} “We left,” Pell wrote.", id="between-two-quotations"),
        pytest.param(f'"It rained." {PIER} "We left," Pell wrote.', id="between-two-straight-ones"),
        pytest.param(f"“It rained. {PIER} Pell left the “Alma” on Monday.", id="never-closed"),
        pytest.param(f"“It rained. {PIER} Pell left.", id="never-closed-in-the-text"),
        pytest.param(f'The rock is 5" wide. {PIER} We left," Pell wrote.', id="behind-inches"),
        pytest.param(f"“It rained,\n\n{PIER} We left,” Pell wrote.", id="opened-in-another-paragraph"),
        pytest.param(f"“It rained. {PIER}\n\nPell left the “Alma” on Monday.", id="next-paragraph-opens-without-a-mark"),
        pytest.param(f"She called it “rain. {PIER} It was ‘wet’.", id="closed-by-no-double-mark"),
    ],
)
def test_a_sentence_that_no_quotation_holds_is_inside_none(text: str) -> None:
    assert not inside_quotation(text, text.index(PIER), text.index(PIER) + len(PIER))


def test_each_turn_of_a_talk_is_no_fact_of_the_outlet() -> None:
    told = read(f"{FERRY}\n\nQ: When did it happen?\n\nA: It happened at noon.\n\nQ: And then?\n\nA: The tugs came.\n\n{TUGS}")

    assert [one.kind for one in told] == [Kind.FACT, *[Kind.COMMENT] * 4, Kind.FACT]


def test_a_notice_of_what_was_amended_is_no_fact_to_the_end_of_its_paragraph() -> None:
    notice = "Correction, 12 May: An earlier version of this article said that 200 were aboard. There were 140."
    text = f"The ferry ran aground off Naxos.\n{notice}\nTugs pulled it free at high tide."

    assert [one.text for one in read(text) if one.kind is Kind.FACT] == [
        "The ferry ran aground off Naxos.",
        "Tugs pulled it free at high tide.",
    ]


def test_a_notice_in_a_text_of_one_paragraph_takes_nothing_with_it() -> None:
    text = "Correction: An earlier version of this article misspelt a name. The ferry ran aground off Naxos."

    assert [one.kind for one in read(text)] == [Kind.FURNITURE, Kind.FACT]
