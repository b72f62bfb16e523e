"""Words around a statement, and statements that share words with them."""

import pytest

from model.text.sentences import read_sentences

STATEMENT = "We deplore the raid on the port."


def kind(line: str) -> set[str]:
    """What a paragraph below a statement is taken for."""
    units = read_sentences(f"{STATEMENT}\n\n{line}\n\nWe want the crew back.")
    return {each.kind for each in units[1:-1]}


@pytest.mark.parametrize(
    "line",
    [
        "Share this: Facebook Twitter Email Print",
        "Share on WhatsApp | Telegram | Copy link",
        "Facebook",
        "Print this page | Email | A+ A-",
        "Accept all",
        "Manage cookie settings",
        "Menu",
        "Toggle navigation",
        "Show more",
        "Sign in",
        "Tags: lock, pilots, Tarn",
        "Filed under: Ports",
        "Last updated: 12 May 2031",
        "Published on: 12 May 2031, 09:30",
        "Published 12 May 2031, 09:30 GMT",
        "Updated on May 12, 2031",
        "Related links",
        "Image caption: The Upper Lock was shut on Monday.",
        "Getty Images",
        "Tessa Voss/Reuters",
        "4 min read",
        "12 comments  |  44 shares",
        "1,204 views",
        "press@harbour.example",
        "For further information please contact: press@harbour.example",
        "Media enquiries: the Harbour Board",
        "FOR IMMEDIATE RELEASE",
        "Statement by Tessa Voss (check against delivery)",
        "Distr.: General 12 May 2031 Original: English",
        "For immediate release – 12 May 2031",
        "Embargoed until 12 May 2031",
        "All rights reserved.",
        "All rights reserved to the Harbour Board",
        "Privacy policy | Terms of use",
        "By using this site you agree to our terms of use.",
        "This e-mail is confidential and meant for the addressee alone.",
        "If you have received this message in error, please delete it.",
        "Please consider the river before printing this e-mail.",
        "The views in this text do not necessarily reflect those of the board.",
        "Sent from my phone",
        "From: Tessa Voss <voss@harbour.example>",
        "Sent: 12 May 2031 09:30",
        "![The lock](https://harbour.example/lock.jpg)",
        '[1]: https://harbour.example/lock "The lock"',
    ],
)
def test_words_of_the_page_are_furniture(line: str):
    assert kind(line) == {"furniture"}


@pytest.mark.parametrize(
    "line",
    [
        "Reporting by the harbour board is false and must stop.",
        "Editing by the board shall be forbidden.",
        "All rights reserved to the board must be given up.",
        "We call for immediate release of the crew.",
        "Check against delivery The pilots are owed the wages of nine months and more.",
        "Distr.: General Original: English We deplore the raid on the port.",
        "The boats were embargoed until May.",
        "The terms of use of the lock are a scandal.",
        "We reject the privacy policy of the board and will fight it.",
        "The board bears responsibility for the content of the leaflet.",
        "Its words do not necessarily reflect its deeds.",
        "We shall unsubscribe from that treaty.",
        "The map is not an official document of the board.",
        "This message is meant for the pilots: they must go.",
        "The recipient of such an order must refuse it.",
        "Accept all the terms and go home.",
        "Share the river with them.",
        "Published 12 May 2031 against our will",
        "Print money and you will regret it.",
        "More of this would be a folly.",
        "Tags: they are a disgrace.",
        "To: those who shut the lock, we say no",
        "Reuters said that the lock was shut.",
        "For more information, they went to the board.",
    ],
)
def test_what_claims_something_is_a_sentence(line: str):
    assert "furniture" not in kind(line)


@pytest.mark.parametrize(
    "line",
    [
        "— Tessa Voss, Harbour Minister",
        "– Tessa Voss",
        "-- Tessa van der Voss, of the pilots",
        "Tessa Voss, Harbour Minister",
    ],
)
def test_a_name_below_a_quotation_is_an_attribution(line: str):
    *_, last = read_sentences(f"“We deplore the raid. They must go.”\n\n{line}")

    assert last.kind == "attribution"


@pytest.mark.parametrize(
    "line", ["— Open the lock, and free the crew", "– They must go", "Tessa Voss, we are waiting."]
)
def test_a_demand_below_a_quotation_is_none(line: str):
    *_, last = read_sentences(f"“We deplore the raid. They must go.”\n\n{line}")

    assert last.kind != "attribution"
