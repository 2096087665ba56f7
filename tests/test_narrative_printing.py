"""What the screen shows and the report cannot print is said, with its remedy."""

import pytest

from bwk.narrative.printing import lost


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Zo ziet de tuin eruit: ![tuin.png](attachment:tuin.png)", "De afbeelding ‘tuin.png’"),
        ("![](foto.jpg)", "De afbeelding komt niet in het verslag"),
        ('<img src="tuin.png">', "De afbeelding komt niet in het verslag"),
        ('Dit is <span style="color: red">rood</span>.', "De opmaak <span>"),
        ("# Ons jaar", "De kop ‘Ons jaar’ is te hoog"),
        ("Er was:\n• soep\n• brood", "Met ‘•’ komt er geen lijst"),
        ("Welkom: እንቋዕ", "hokje waar dit teken hoort: ቋ ን እ ዕ."),
        ("Mooi 🌳", "hokje waar dit teken hoort: 🌳."),
    ],
)
def test_it_is_said_once(text, said):
    (sentence,) = lost(text)
    assert said in sentence


@pytest.mark.parametrize(
    "text",
    [
        "Een café, €\u00a05, ‘goed’ – ½ van de mensen.\n\n- een\n- twee\n\n### Een kop\n\n1. eerst",
        "Zie <https://www.utrecht.nl> of <post@werkkamer.nl>.<br>Minder < meer > minder.",
        "Добро пожаловать, hoş geldiniz, καλώς ήρθατε.",
        "Het was *mooi*[^1].\n\n[^1]: Zeggen bezoekers.\n\n| a | b |\n| - | - |\n| 1 | 2 |",
    ],
)
def test_of_what_can_be_printed_nothing_is_said(text):
    assert list(lost(text)) == []


def test_many_signs_are_named_in_one_short_sentence():
    (sentence,) = lost("".join(map(chr, range(0x4E00, 0x4E40))))
    assert "en meer." in sentence
    assert len(sentence) < 120
