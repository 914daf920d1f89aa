"""The four grades and the words for them."""

from enum import IntEnum

from service.codes.rules.documents import Text

# What the wire and the legend say where nothing has been assessed. It is not a grade: a point without an
# assessment is grey, and must never turn up as 低 because somebody needed a number.
UNASSESSED = "unassessed"
UNASSESSED_TEXT = Text("未评价", "not assessed")


class Grade(IntEnum):
    """A safety-risk grade; the number is the national exchange code riskClass (1 重大 … 4 低).

    A smaller number is a worse grade, so the worst of several grades is their `min`. Never send the bare
    number: public systems count from 0, from 1 and backwards, so the wire carries `word`.
    """

    MAJOR = 1
    LARGE = 2
    GENERAL = 3
    LOW = 4

    @property
    def word(self) -> str:
        """The word on the wire and in definitions."""
        return self.name.lower()

    @property
    def text(self) -> Text:
        """The name for people."""
        return _TEXTS[self]

    @property
    def colour(self) -> str:
        """The colour word fixed by 安委办〔2016〕11号: 重大 red, 较大 orange, 一般 yellow, 低 blue."""
        return _COLOURS[self]

    @classmethod
    def of_word(cls, word: str) -> "Grade":
        """The grade of a wire word; KeyError for any other word, `unassessed` included."""
        return _OF_WORD[word]


_TEXTS = {
    Grade.MAJOR: Text("重大", "major"),
    Grade.LARGE: Text("较大", "large"),
    Grade.GENERAL: Text("一般", "general"),
    Grade.LOW: Text("低", "low"),
}
_COLOURS = {Grade.MAJOR: "red", Grade.LARGE: "orange", Grade.GENERAL: "yellow", Grade.LOW: "blue"}
_OF_WORD = {grade.word: grade for grade in Grade}

GRADE_WORDS = tuple(_OF_WORD)


def wire_word(grade: Grade | None) -> str:
    """The word for a grade that may be absent: NULL in the database is `unassessed` on the wire."""
    return UNASSESSED if grade is None else grade.word
