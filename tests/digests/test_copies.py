from digests.copies import group

WIRE = (
    "The harbour authority closed the northern channel on Tuesday after divers found a crack in the lock gate that "
    "engineers had inspected only a month ago, and ships were told to wait at anchor until a team from the maker arrives."
)


def test_a_text_printed_twice_with_small_edits_is_one_text():
    edited = WIRE.replace("on Tuesday ", "").replace("ships were told", "all ships were told") + " More follows."

    assert group([WIRE, edited]) == [0, 0]


def test_two_reports_of_the_same_event_are_two_texts():
    other = "A cracked lock gate has shut the northern channel of the harbour, and a repair team is on its way to look at it."

    assert group([WIRE, other]) == [0, 1]


def test_a_copy_of_a_copy_belongs_to_the_first():
    first, second = WIRE + " " + "Tugs were kept ready through the night. " * 2, WIRE
    third = WIRE + " The port of Vessel expects losses of two million a day while the gate is out of use and crews wait."

    assert group([first, second, third]) == [0, 0, 0]


def test_short_and_empty_texts_are_only_copies_of_the_same_words():
    assert group(["Closed today", "Closed today", "Open today", ""]) == [0, 0, 2, 3]


def test_among_more_texts_than_a_story_has_a_copy_is_found_as_among_few():
    others = [f"Report {number} of the watch at gate {number} says that nothing moved in hour {number}" for number in range(60)]
    edited = WIRE.replace("on Tuesday ", "")

    assert group([WIRE, *others, edited])[-1] == group([WIRE, *others[:3], edited])[-1] == 0
