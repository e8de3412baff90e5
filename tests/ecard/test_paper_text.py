"""Names, plans and numbers of any script and length on paper: the PDF is always made, and no text touches or is cut."""

from itertools import combinations
from typing import Any, NamedTuple

import pypdfium2
import pytest

from mypolis.insurance.ecard import numbers
from mypolis.insurance.ecard.cards import Held, card_of
from mypolis.insurance.ecard.face.card_face import front_facts
from mypolis.insurance.ecard.face.print_values import card_pdf
from mypolis.insurance.ecard.letters import letters
from mypolis.insurance.ecard.models import Card, Letter
from mypolis.membership.people.models import Membership
from tests.cast import ANNA, VERA
from tests.ecard.holders import Holder
from tests.ecard.test_papers import ask_letter, paper, words
from tests.post import Post

FACE = (19.4, 19.4 + 85.6)  # mm from the left edge of the sheet: the front of the card
INSET = 4.5
SCRIPTS = {
    "arabic": "محمد علي",
    "hebrew": "דוד כהן",
    "chinese": "王小明",
    "japanese": "やまだ太郎",
    "korean": "김철수",
    "thai": "สมชาย ใจดี",
    "devanagari": "राम शर्मा",
    "georgian": "ირაკლი",
    "tamil": "தமிழ்",
    "ethiopic": "አማርኛ",
    "emoji": "Plan 😀 👨‍👩‍👧 🇮🇩",
    "marks": "e\u0301\u0323\u0308 x\u0489 \u0301",
    "controls": "a\x07b\x1b[31m\u0085",
    "reordering": "Plan \u202egnola\u202c \u2066x\u2069",
    "unassigned": "a\u0378\uffff\ue000\U000e0041",
    "markup": '#[]$*_@<>\\ #read("/etc/passwd") `x` // /* = - + ~ \' "',
    "one long word": "W" * 80,
}


@pytest.fixture
def anna(post: Post, folder: Any) -> Holder:
    anna = Holder(ANNA)
    anna.activate()
    return anna


def rename(holder: Holder, *, name: str, **changes: str) -> Membership:
    """Change the name, plan or number of the member's cover."""
    membership = holder.membership
    for field, value in changes.items():
        setattr(membership, field, value)
    membership.save()
    type(membership.person).objects.filter(pk=membership.person_id).update(given_name=name)
    return membership


@pytest.mark.parametrize("text", SCRIPTS.values(), ids=SCRIPTS)
def test_card_and_letter_are_made_whatever_a_name_and_a_plan_are_written_in(anna: Holder, text: str) -> None:
    rename(anna, name=text, plan=text)
    card = anna.get(f"cards/{anna.card}/pdf")
    assert card.status_code == 200
    letter = words(paper(anna, ask_letter(anna)))
    for page in (words(card.content), letter):
        assert ANNA.surname in page
        assert ANNA.policy_number in page
        assert "root:" not in page


@pytest.mark.parametrize("script", ["chinese", "japanese", "korean", "hebrew", "georgian"])
def test_a_name_of_another_script_can_be_read(anna: Holder, script: str) -> None:
    rename(anna, name=SCRIPTS[script])
    text = words(anna.get(f"cards/{anna.card}/pdf").content)
    assert set(SCRIPTS[script].replace(" ", "")) <= set(text)


@pytest.mark.parametrize(
    "plan",
    ["", "Комфорт", "Премиум Семейный Комфорт26", "W" * 26, "Ж" * 40, "Премиум " * 9, "W" * 80],
    ids=["none", "short", "26 letters", "26 wide letters", "40 letters", "many words", "as long as can be"],
)
@pytest.mark.parametrize(
    "number", ["K-0001", "W" * 24, "9" * 64], ids=["short number", "long number", "longest number"]
)
def test_nothing_on_a_card_touches_or_is_cut(anna: Holder, plan: str, number: str) -> None:
    membership = rename(anna, name="Анна", plan=plan.strip(), participant_number=number)
    pdf = card_pdf(held_of(anna))
    boxes = boxes_on_front(pdf)
    assert [(one, two) for one, two in combinations(boxes, 2) if overlap(one, two)] == []
    assert all(FACE[0] + INSET - 0.2 <= box.left and box.right <= FACE[1] - INSET + 0.2 for box in boxes)
    facts = [squeezed(part) for fact in front_facts(held_of(anna)) for part in fact]
    whole = [run for run in runs(boxes) if any(fact and fact in run for fact in facts)]
    joined = [run for run in whole if not any(run in fact for fact in facts)]
    assert joined == [], "two facts that touch read as one word"
    text = squeezed(words(pdf))
    for part in (membership.plan, number, ANNA.policy_number):
        assert squeezed(part) in text


def test_the_longest_name_fits_on_a_card_and_in_a_letter(anna: Holder) -> None:
    rename(anna, name="Щ" * 120, plan="Щ" * 80, participant_number="Щ" * 64)
    boxes = boxes_on_front(card_pdf(held_of(anna)))
    assert [(one, two) for one, two in combinations(boxes, 2) if overlap(one, two)] == []
    with pypdfium2.PdfDocument(paper(anna, ask_letter(anna))) as letter:
        assert all(box.right <= 210 - 24 for page in letter for box in boxes_of(page))


def test_a_letter_number_that_is_taken_is_drawn_again(anna: Holder, post: Post, monkeypatch: Any) -> None:
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr(letters, "new_letter_number", lambda year: f"{year}-{next(drawn):08}")
    ask_letter(anna)
    assert ask_letter(anna)["number"].endswith("-00000008")
    assert Letter.objects.count() == 2


def test_a_card_number_that_is_taken_is_drawn_again(anna: Holder, post: Post, monkeypatch: Any) -> None:
    taken = Card.objects.get().number
    drawn = iter([taken, taken, taken, "123456789015"])
    monkeypatch.setattr("mypolis.insurance.ecard.flows.new_card_number", lambda: next(drawn))
    vera = Holder(VERA)
    assert vera.activate()["number"] == "123456789015"


def test_numbers_that_never_become_free_are_told(anna: Holder, monkeypatch: Any) -> None:
    monkeypatch.setattr(numbers.secrets, "randbelow", lambda _below: 0)
    ask_letter(anna)
    with pytest.raises(Exception, match="letter_number_once"):
        anna.post("letters", {"card": anna.card})


def held_of(holder: Holder) -> Held:
    return card_of(holder.account, holder.card)


class Box(NamedTuple):
    """Some text on a page, in mm from its lower left corner."""

    left: float
    low: float
    right: float
    top: float
    text: str


def boxes_on_front(pdf: bytes) -> list[Box]:
    """The text on a card's front."""
    with pypdfium2.PdfDocument(pdf) as document:
        boxes = boxes_of(document[0])
    highest = 297 - 24 - 18  # below the title and a line of text
    return [box for box in boxes if box.left < FACE[1] and highest - 54 < box.low and box.top < highest]


def boxes_of(page: pypdfium2.PdfPage) -> list[Box]:
    text, mm = page.get_textpage(), 25.4 / 72
    rects = [text.get_rect(index) for index in range(text.count_rects())]
    return [Box(*(side * mm for side in rect), squeezed(text.get_text_bounded(*rect))) for rect in rects]


def overlap(one: Box, two: Box) -> bool:
    """Whether two boxes overlap by more than a hair."""
    across = min(one.right, two.right) - max(one.left, two.left)
    up = min(one.top, two.top) - max(one.low, two.low)
    return across > 0.05 and up > 0.05


def runs(boxes: list[Box]) -> list[str]:
    """Text that reads as one word: boxes of a line with less than 0.6 mm between them, joined."""
    found: list[Box] = []
    for box in sorted(boxes, key=lambda box: (-round(box.low), box.left)):
        last = found[-1] if found else None
        if last and abs(last.low - box.low) < 1 and 0 <= box.left - last.right < 0.6:
            found[-1] = last._replace(right=box.right, text=last.text + box.text)
        else:
            found.append(box)
    return [box.text for box in found]


def squeezed(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "")
