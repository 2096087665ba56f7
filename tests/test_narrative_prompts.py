"""What a text still asks of its evaluator."""

import pytest

from bwk.narrative import prompts
from bwk.narrative.prompts import Item

CHOICE = "*Kies: gedaan, loopt nog of vervallen. **Schrijf hier:** wat ervan kwam.*"


class TestFollowingUp:
    @pytest.mark.parametrize(
        ("text", "state"),
        [
            ("Gedaan: in maart.", "gedaan"),
            ("LOOPT NOG, tot de zomer", "loopt nog"),
            ("– vervallen want te duur", "vervallen"),
            ("**Gedaan.** In maart.", "gedaan"),
            ("Gedaan.", None),
            ("Gedaante van het plan.", None),
            ("In maart gedaan.", None),
            ("*Kies: gedaan, loopt nog of vervallen. Schrijf hier: wat ervan kwam.*", None),
            ("", None),
        ],
    )
    def test_an_item_is_followed_up_by_a_state_and_some_text(self, text, state):
        source = f"- **Een nieuwsbrief.** {text}\n- **Meer taal.** Vervallen, helaas."
        items = [Item("Een nieuwsbrief.", state), Item("Meer taal.", "vervallen")]
        assert prompts.follow_up(source) == items

    def test_lists_with_numbers_or_stars_are_lists_too(self):
        found = prompts.follow_up("1. **Een.**\n   Gedaan: ja.\n* __Twee__\n- Drie.")
        assert found == [Item("Een.", "gedaan"), Item("Twee", None), Item("Drie.", None)]

    def test_without_a_bold_title_the_first_sentence_is_the_title(self):
        source = "We gaan:\n\n- Een nieuwsbrief maken. In maart.\n- Meer taal\n    - ook 's avonds"
        titles = [item.title for item in prompts.follow_up(source)]
        assert titles == ["Een nieuwsbrief maken.", "Meer taal"]


class TestAsking:
    @pytest.mark.parametrize(
        "prompt", ["*Schrijf hier: wat u zag.*", "***Schrijf hier:** wat u zag.*", CHOICE]
    )
    def test_a_prompt_is_found_whole_and_nothing_of_what_stands_before_it(self, prompt):
        assert prompts.PROMPT.sub("", f"Het is **druk** {prompt} Ja.") == "Het is **druk**  Ja."

    def test_each_intention_without_a_state_is_asked_after_and_the_prompt_not_again(self):
        items = (f"**Brief.** {CHOICE}", "**Meer taal.** Vervallen, helaas.", "**Ruimte.** Later.")
        source = "\n".join(f"- {item}" for item in items)
        said = prompts.asked(source, follows_up=True)
        assert [message.split("’")[0] for message in said] == [
            "Bij ‘Brief",
            "Bij ‘Ruimte",
        ]

    def test_elsewhere_a_list_is_no_question_but_a_prompt_is(self):
        assert prompts.asked("- **Ruimte.** Later.") == []
        assert prompts.asked("*Schrijf hier: wat beter kan.*") == ["Hier staat nog een vraag open."]
