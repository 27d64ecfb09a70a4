"""People across documents: one e-mail address is one person, free mail is no company, the vendor's people no buyers."""

from __future__ import annotations

from dataclasses import replace

import pytest

from nlp.text.addresses import company_domain, is_within
from nlp.text.names import is_label, share_a_part
from winloss.bootstrap import open_workbench
from winloss.codebook import load_codebook, with_vendor
from winloss.config import load_settings
from winloss.model import Account, Participant, ReadDocument, ReadTurn, Side, SourceKind
from winloss.services.sources import identity, intake, joining, reading_in, speaking


def put(bench, name: str, *people: Participant, account: str | None = None) -> str:
    """Store a call in which everybody says something; returns its id."""
    turns = tuple(ReadTurn(speaker=person.name, text=f"Words of {person.name} in {name}.") for person in people)
    read = ReadDocument(kind=SourceKind.INTERVIEW, external_id=name, turns=turns, participants=people, account=account)
    document, stored, _ = reading_in.as_stored(read, bench.codebook, bench.settings, file_id="f")
    with bench.store.transaction() as transaction:
        transaction.put_document(document, stored, people)
    return document.id


def respondents(bench, document_id: str) -> list[str]:
    return [turn.speaker.respondent for turn in bench.store.turns(document_id)]


def person(name: str, email: str | None = None) -> Participant:
    return Participant(name=name, email=email, side=Side.BUYER)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 0, 1), (1, 2, 0)])
def test_one_address_is_one_person_in_whatever_order_the_calls_come(bench, order):
    calls = [
        ("one", person("Priya Nair", "Priya@Mill.example"), "Mill"),
        ("two", person("Priya N.", "priya@mill.example "), None),
        ("three", person("Priya Nair", None), "mill"),
    ]
    ids = {}
    for place in order:
        name, who, account = calls[place]
        ids[name] = put(bench, name, who, account=account)
        with bench.store.transaction() as transaction:
            transaction.put_accounts([Account(name="Mill")], "f", path="x.csv")
        joining.join_context(bench)
    found = {respondents(bench, item)[0] for item in ids.values()}
    assert len(found) == 1
    assert identity.link(bench) == 0


def test_two_people_at_one_address_stay_two(bench):
    one = put(bench, "one", person("Priya Nair", "soc@mill.example"))
    two = put(bench, "two", person("Marcus Lee", "soc@mill.example"))
    identity.link(bench)
    assert respondents(bench, one) != respondents(bench, two)


def test_one_name_in_two_accounts_is_two_people_and_a_label_is_nobody(bench):
    ids = [put(bench, "one", person("Priya Nair"), account="Mill")]
    ids.append(put(bench, "two", person("Priya Nair"), account="Dam"))
    ids.append(put(bench, "three", person("Priya Nair")))
    ids += [put(bench, name, person("Speaker 1", "soc@mill.example")) for name in ("four", "five")]
    identity.link(bench)
    assert len({respondents(bench, item)[0] for item in ids}) == 5


def test_a_full_name_set_by_hand_is_the_person_of_that_name(bench):
    one = put(bench, "one", person("Priya Nair", "priya@mill.example"), account="Mill")
    two = put(bench, "two", person("Speaker 1"), account="Mill")
    speaking.assign(bench, speaking.Target(name="Speaker 1", document="two"), name="Priya Nair")
    assert respondents(bench, one) == respondents(bench, two)
    speaking.undo(bench, speaking.Target(name="Speaker 1", document="two"))
    assert respondents(bench, one) != respondents(bench, two)


def test_the_account_of_a_call_is_that_of_its_peoples_addresses(bench):
    vendor = with_vendor(bench.codebook, ["Brackenfell"], ["brackenfell.example"])
    bench = replace(bench, codebook=vendor)
    told = put(bench, "told", person("Ann", "ann@eu.mill.example"), person("Mo", "mo@brackenfell.example"))
    stated = put(bench, "stated", person("Ann", "ann@mill.example"), account="Dam")
    free = put(bench, "free", person("Bo", "bo@gmail.com"))
    both = put(bench, "both", person("Ann", "ann@mill.example"), person("Cy", "cy@dam.example"))
    accounts = [
        Account(name="Mill", domain="https://www.mill.example/", segment="federal"),
        Account(name="Dam", domain="dam.example"),
        Account(name="Mail", domain="gmail.com"),
        Account(name="We", domain="brackenfell.example"),
    ]
    with bench.store.transaction() as transaction:
        transaction.put_accounts(accounts, "f", path="x.csv")
    joining.join_context(bench)
    found = {item: bench.store.document(item).account for item in (told, stated, free, both)}
    assert found == {told: "Mill", stated: "Dam", free: None, both: None}
    assert bench.store.document(told).segment == "federal"


@pytest.mark.parametrize(
    ("email", "domain"),
    [
        ("Ann@Mill.Example", "mill.example"),
        ("ann@gmail.com", None),
        ("ann@yahoo.co.uk", None),
        ("ann@hotmail.fr", None),
        ("ann@web.de", None),
        ("ann@outlookgroup.example", "outlookgroup.example"),
        ("ann at mill", None),
        ("@mill.example", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_that_everybody_can_have_tell_no_company(email, domain):
    assert company_domain(email) == domain


def test_a_domain_holds_those_below_it_and_no_other():
    assert is_within("eu.mill.example", "Mill.example")
    assert is_within("mill.example", "https://www.mill.example/about")
    assert not is_within("notmill.example", "mill.example")
    assert not is_within("mill.example", "")


@pytest.mark.parametrize(
    "name", ["Speaker 1", "SPEAKER_00", "Guest-2", "Q", "+1 415-***-1234", "Unknown speaker", "A1"]
)
def test_labels_are_no_names(name):
    assert is_label(name)


@pytest.mark.parametrize("name", ["Priya", "Guest Johnson", "Al", "Ann Speaker", "Mo Host", "Jo 2"])
def test_names_are_no_labels(name):
    assert not is_label(name)


def test_names_share_whole_parts_only():
    assert share_a_part("Priya Nair", "priya's iPhone")
    assert not share_a_part("Priya Nair", "P. Niro")


@pytest.mark.parametrize("written", ['"Brackenfell, BFL"', '["Brackenfell", "BFL"]'])
def test_the_vendor_is_told_by_settings(tmp_path, written):
    (tmp_path / "winloss.toml").write_text(f'vendor_names = {written}\nvendor_domains = ["@Brackenfell.example"]\n')
    assert load_settings(tmp_path).vendor_names == "Brackenfell, BFL"
    bench = open_workbench(tmp_path)
    vendor = bench.codebook.vendor
    bench.store.close()
    assert (vendor.name, vendor.aliases, vendor.domains) == ("Brackenfell", ("BFL",), ("brackenfell.example",))


def test_a_vendor_of_domains_alone_has_no_other_name():
    vendor = with_vendor(replace(load_codebook(), vendor=None), [], ["www.mill.example"]).vendor
    assert (vendor.name, vendor.domains) == ("www.mill.example", ("mill.example",))


def test_another_vendor_lets_files_be_read_again(bench, tmp_path):
    path = tmp_path / "call.txt"
    said = "Ann: Hello.\n\nMo: Hello, Ann.\n\nAnn: Well.\n\nMo: Go on.\n"
    path.write_text(f"---\nparticipants: Ann=Analyst, Mill; Mo=Brackenfell\n---\n{said}")
    intake.take_in(bench, [path])
    assert [item.status for item in intake.take_in(bench, [path]).files] == ["unchanged"]
    told = replace(bench, codebook=with_vendor(bench.codebook, ["Brackenfell"], []))
    assert [item.status for item in intake.take_in(told, [path]).files] == ["updated"]
    (document,) = bench.store.documents()
    assert [turn.speaker.side for turn in bench.store.turns(document.id)] == 2 * [Side.BUYER, Side.VENDOR]
