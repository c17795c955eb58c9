"""Who sent it, to whom, and by which agreement; and what would admit it when there is none."""

from __future__ import annotations

import tomllib

import pytest

from gateway.agreements import Agreement, Agreements, Missing, load
from gateway.codecs.model import Address
from gateway.core.errors import NotFoundError
from tests.agreements.files import GLOBEX, INITECH, agreements, texts

GLX, ACME = Address("GLOBEX", "ZZ"), Address("ACME", "ZZ")
INI, ACME_EAN = Address("5412345000013", "14"), Address("5412345000020", "14")


def admitted(agreed: Agreements, *document, **more) -> str:
    found = agreed.inbound(*document, **more)
    assert isinstance(found, Agreement), found
    return found.name


def missing(*document, **more) -> Missing:
    found = agreements().inbound(*document, **more)
    assert isinstance(found, Missing)
    return found


class TestAdmission:
    def test_sender_receiver_and_document_find_the_agreement(self):
        assert admitted(agreements(), GLX, ACME, "x12", "004010", "850") == "globex-orders"
        assert admitted(agreements(), INI, ACME_EAN, "edifact", "D.96A", "ORDERS") == "initech-orders"

    def test_the_blanks_of_isa_do_not_count(self):
        padded = Address("GLOBEX         ", "ZZ"), Address("ACME           ", "ZZ")
        assert admitted(agreements(), *padded, "x12", "004010", "850") == "globex-orders"

    @pytest.mark.parametrize("version", ["004010", "004010VICS", "4010"])
    def test_what_builds_on_the_version_is_admitted(self, version):
        assert admitted(agreements(), GLX, ACME, "x12", version, "850") == "globex-orders"

    def test_so_is_an_association_of_edifact(self):
        found = admitted(agreements(), INI, ACME_EAN, "edifact", "D.96A", "ORDERS", association="EAN008")
        assert found == "initech-orders"

    def test_an_agreement_on_the_longer_name_goes_first(self):
        vics = _agreement(GLOBEX).replace("globex-orders", "vics").replace("004010", "004010VICS")
        agreed = agreements(globex=GLOBEX + vics)
        assert admitted(agreed, GLX, ACME, "x12", "004010VICS", "850") == "vics"
        assert admitted(agreed, GLX, ACME, "x12", "004010", "850") == "globex-orders"
        ean = _agreement(INITECH).replace("initech-orders", "ean").replace("D.96A", "D.96A:EAN008")
        agreed = agreements(initech=INITECH + ean)
        assert admitted(agreed, INI, ACME_EAN, "edifact", "D.96A", "ORDERS", association="EAN008") == "ean"
        assert admitted(agreed, INI, ACME_EAN, "edifact", "D.96A", "ORDERS") == "initech-orders"

    def test_lanes_are_kept_apart(self):
        test = _agreement(GLOBEX).replace("globex-orders", "trial").replace("standard", 'lane = "test"\nstandard')
        agreed = agreements(globex=GLOBEX + test)
        assert admitted(agreed, GLX, ACME, "x12", "004010", "850", "test") == "trial"
        assert admitted(agreed, GLX, ACME, "x12", "004010", "850") == "globex-orders"

    def test_formats_without_addresses_are_sent_by_party_id(self):
        json = _agreement(GLOBEX).split("version")[0].replace("globex-orders", "shop").replace("x12", "json")
        agreed = agreements(globex=GLOBEX + json + 'document = "Order"\n')
        assert admitted(agreed, Address("globex"), None, "json", "", "Order") == "shop"

    def test_an_identity_with_routing_is_more_exact_than_one_without(self):
        desk = 'id = "desk"\nname = "Desk"\n' + _identity(INITECH) + 'routing = "DESK"\n'
        agreed = agreements(desk=desk)
        assert agreed.party_by_identity("edifact", INI._replace(routing="DESK")).id == "desk"
        assert agreed.party_by_identity("edifact", INI._replace(routing="ELSEWHERE")).id == "initech"
        assert agreed.party_by_identity("edifact", INI).id == "initech"


class TestWhatIsMissing:
    @pytest.mark.parametrize(
        ("document", "code", "file"),
        [
            ((Address("HOOLI", "01"), ACME, "x12", "004010", "850"), "GTW-SENDER", "partners/hooli.toml"),
            ((GLX, Address("ACME", "01"), "x12", "004010", "850"), "GTW-RECEIVER", "partners/acme.toml"),
            ((GLX, GLX, "x12", "004010", "850"), "GTW-RECEIVER", "partners/acme.toml"),
            ((GLX, ACME, "x12", "004010", "860"), "GTW-AGREEMENT", "partners/globex.toml"),
            ((GLX, ACME, "x12", "004030", "850"), "GTW-VERSION", "partners/globex.toml"),
            ((INI, ACME_EAN, "edifact", "D.01B", "ORDERS"), "GTW-VERSION", "partners/initech.toml"),
            ((GLX, ACME, "x12", "004010", "850", "test"), "GTW-LANE", "partners/globex.toml"),
        ],
    )
    def test_it_is_named_with_its_file(self, document, code, file):
        found = missing(*document)
        assert (found.issue.code, found.file) == (code, file)

    @pytest.mark.parametrize(
        "document",
        [
            (Address("HOOLI", "01"), ACME, "x12", "004010", "850"),
            (Address("HOOLI & Co", ""), ACME, "x12", "004010", "850", "test"),
            (Address('"; x = 1 #\n', "\\"), ACME, "x12", "004010", "850"),
            (GLX, Address("ACME", "01"), "x12", "004010", "850"),
            (GLX, ACME, "x12", "004010", "860"),
            (GLX, ACME, "x12", "004030VICS", "850"),
            (GLX, ACME, "x12", "004010", "850", "test"),
            (INI, ACME_EAN, "edifact", "D.01B", "ORDERS"),
            (INI, ACME_EAN, "edifact", "D.96A", "DESADV"),
            (Address("globex"), None, "json", "", "Order"),
        ],
    )
    def test_its_lines_admit_the_document_once_they_are_added(self, document):
        files = texts()
        found = load(files).inbound(*document)
        for _ in range(3):
            if isinstance(found, Agreement):
                break
            files[found.file] = files.get(found.file, "") + "\n" + found.configuration
            found = load(files).inbound(*document)
        assert isinstance(found, Agreement)

    def test_another_lane_or_version_is_proposed_like_the_agreed_one(self):
        added = tomllib.loads(missing(GLX, ACME, "x12", "004010", "850", "test").configuration)["agreement"][0]
        assert (added["mapping"], added["acknowledgments"]) == ("x12/850", ["997"])
        assert (added["lane"], added["acknowledge_through"]) == ("test", "globex-out")

    def test_the_sentence_says_what_is_agreed(self):
        found = missing(GLX, ACME, "x12", "004030", "850")
        assert found.issue.text == "Version 004030 of 850 is not agreed with globex: agreed is 004010."
        assert "[[agreement]]" in found.issue.hint
        assert found.configuration in found.issue.hint

    def test_undecodable_bytes_of_a_stranger_are_shown_as_question_marks(self):
        configuration = missing(Address("H\udc80", "ZZ"), ACME, "x12", "004010", "850").configuration
        assert tomllib.loads(configuration)["identity"][0]["identifier"] == "H?"

    def test_where_nobody_is_known_the_first_own_party_is_proposed(self):
        found = Agreements().inbound(GLX, ACME, "x12", "004010", "850")
        assert found.issue.code == "GTW-SENDER"
        assert 'with = "acme"' in found.configuration
        found = load({"partners/globex.toml": 'id = "globex"\nname = "G"\n' + _identity(GLOBEX)}).inbound(
            GLX, ACME, "x12", "004010", "850"
        )
        assert found.file == "partners/acme.toml"
        assert 'kind = "own"' in found.configuration


class TestDoors:
    def test_a_door_admits_its_own_party_alone(self):
        assert admitted(agreements(), GLX, ACME, "x12", "004010", "850", endpoint="globex-in") == "globex-orders"
        found = missing(GLX, ACME, "x12", "004010", "850", endpoint="initech-in")
        assert found.issue.code == "GTW-ENDPOINT"
        assert found.issue.text == "Documents of globex may not come through initech-in, which belongs to initech."
        assert (found.file, 'carries = ["globex"]' in found.configuration) == ("partners/initech.toml", True)

    @pytest.mark.parametrize("carries", ['["globex"]', '["*"]'])
    def test_a_network_carries_others(self, carries):
        van = INITECH.replace('path = "in/initech"', f'path = "in/initech"\ncarries = {carries}')
        agreed = agreements(initech=van)
        assert admitted(agreed, GLX, ACME, "x12", "004010", "850", endpoint="initech-in") == "globex-orders"

    def test_a_door_that_nobody_configured_is_not_judged(self):
        assert admitted(agreements(), GLX, ACME, "x12", "004010", "850", endpoint="by hand") == "globex-orders"


class TestOutbound:
    def test_documents_leave_by_every_agreement_on_them(self):
        assert [a.name for a in agreements().outbound("acme", "Order")] == ["erp-orders"]
        assert [a.name for a in agreements().outbound("acme", "Order", to="acme-erp")] == ["erp-orders"]

    def test_only_theirs(self):
        agreed = agreements()
        assert agreed.outbound("acme", "Invoice") == []
        assert agreed.outbound("globex", "Order") == []
        assert agreed.outbound("acme", "Order", to="globex") == []

    def test_a_test_order_never_reaches_the_production_erp(self):
        assert agreements().outbound("acme", "Order", lane="test") == []


class TestLookups:
    def test_names_lead_to_what_they_name(self):
        agreed = agreements()
        assert agreed.party("globex").name == "Globex Retail"
        assert agreed.endpoint("erp-out").party == "acme-erp"
        assert {e.name for e in agreed.endpoints("in")} == {"globex-in", "initech-in"}
        assert len(agreed.endpoints()) == 5
        assert [p.id for p in agreed.own()] == ["acme", "acme-erp"]

    @pytest.mark.parametrize("look", [Agreements.party, Agreements.endpoint, Agreements.agreement])
    def test_a_name_that_nobody_has_says_which_there_are(self, look):
        with pytest.raises(NotFoundError, match="There are: "):
            look(agreements(), "hooli")

    def test_an_identity_counts_for_its_standard_alone(self):
        assert agreements().party_by_identity("edifact", GLX) is None
        assert agreements().party_by_identity("x12", Address("GLOBEX", "01")) is None


def _agreement(text: str) -> str:
    return text[text.index("[[agreement]]") :]


def _identity(text: str) -> str:
    return text[text.index("[[identity]]") : text.index("[[endpoint]]")]
