"""Names that go out of a text, and the words beside them that stay."""

import pytest

from reviews.queries.naming import unnamed


def without(name, text):
    return unnamed(text, {name: "N."})


@pytest.mark.parametrize(
    ("name", "text", "left"),
    [
        ("Ann Ample", "Ann Ample led well; Ample's case.", "N. led well; N.'s case."),
        ("Ann Ample", "ann  ample, ANN AMPLE", "N., N."),
        ("Ann Ample", "Annual and ample; Ann-Marie is another.", None),
        ("Grace Field", "Three days of grace in the field; Grace asked.", "…; N. asked."),
        ("Will Young", "She will; Will did, when young.", "She will; N. did, when young."),
        ("Ludwig van der Au", "A van; Ludwig, van der Au.", "A van; N., van der N.."),
        ("Li Wu", "Li and Wu, Lily and Wuhan", "N. and N., Lily and Wuhan"),
        ("Ann B. Ample", "Vitamin B. for Ann B. Ample.", "Vitamin B. for N.."),
        ("李 明", "李 明 came; 明 left.", "N. came; N. left."),
        ("Ann", "Ann, and ann.", "N., and ann."),
        ("A+B (C)", "a+b (c) stays written.", "N. stays written."),
    ],
)
def test_names_go_as_whole_words_as_they_are_written(name, text, left):
    expected = text if left is None else left.replace("…", text.partition(";")[0])

    assert without(name, text) == expected


@pytest.mark.parametrize("name", ["May", "May Long", "Ling May"])
@pytest.mark.parametrize(
    "text",
    [
        "The applicant may lead.",
        "From March 2023 to May 2024.",
        "On 3 May; on May 3.",
        "It ended in May.",
        "Since May they lead, until late May.",
        "March to May.",
    ],
)
def test_a_month_and_a_small_word_stay(name, text):
    assert without(name, text) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("May led well.", "N. led well."),
        ("May Long led in May.", "N. led in May."),
        ("In May’s group May was calm.", "In N.’s group N. was calm."),
        ("Supervised by May, who is kind.", "Supervised by N., who is kind."),
    ],
)
def test_somebody_whose_name_is_a_month_goes(text, left):
    assert without("May Long", text) == left


def test_nobody_is_named_by_another_persons_words():
    people = {"Ann Ample": "the applicant", "Sue Ample": "the supervisor"}

    said = unnamed("Sue Ample saw Ann; Ample agreed with Sue.", people)

    assert said == "the supervisor saw the applicant; the applicant agreed with the supervisor."
    assert unnamed("Nobody.", {}) == "Nobody."
