"""Files of parties are read strictly: whatever is wrong is named with its file and key."""

from __future__ import annotations

import pytest

from gateway.agreements import Envelope, load, mistakes
from gateway.core.errors import ConfigurationError
from gateway.core.issues import Severity
from tests.agreements.files import ERP, GLOBEX, agreements, texts


def refusal(**changed: str) -> str:
    with pytest.raises(ConfigurationError) as caught:
        load(texts(**changed))
    return str(caught.value)


def globex(old: str, new: str) -> str:
    assert old in GLOBEX
    return refusal(globex=GLOBEX.replace(old, new, 1))


def test_everything_that_is_left_out_has_a_default():
    agreement = agreements().agreement("globex-orders")
    assert (agreement.lane, agreement.duplicate, agreement.reject) == ("production", "answer", "document")
    assert (agreement.unmapped, agreement.order, agreement.severities) == (None, "key", {})
    assert agreement.envelope == Envelope()
    assert agreements().party("globex").kind == "external"


def test_what_the_file_says_holds():
    more = """
        reject = "interchange"
        severities = { "X12-E07" = "warning" }
        handlers = ["trading"]
        charset = "cp1252"
        [agreement.limits]
        document_bytes = 1000
        [agreement.envelope]
        control_number_start = 500
        line_break = true
        [agreement.envelope.delimiters]
        component = ">"
    """
    agreement = agreements(globex=GLOBEX + more).agreement("globex-orders")
    assert agreement.severities == {"X12-E07": Severity.WARNING}
    assert (agreement.reject, agreement.handlers, agreement.charset) == ("interchange", ("trading",), "cp1252")
    assert agreement.limits.document_bytes == 1000
    assert (agreement.envelope.control_number_start, agreement.envelope.delimiters.component) == (500, ">")


def test_further_keys_of_an_endpoint_are_its_connectors():
    endpoint = agreements().endpoint("globex-in")
    assert (endpoint.connector, endpoint.options, endpoint.party) == ("directory", {"path": "in/globex"}, "globex")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('name = "Globex Retail"', 'nam = "Globex"', "partners/globex.toml: nam: no such key. Did you mean name?"),
        ("mapping =", "maping =", "agreement[0].maping: no such key. Did you mean mapping?"),
        ("mapping =", "zzz =", "agreement[0].zzz: no such key. There are: name, with, direction"),
        ("identifier =", "ident =", "identity[0].ident: no such key. Did you mean identifier?"),
        ('"ZZ"', "12", "identity[0].qualifier: expected `str`, got `int`."),
        ('direction = "in"\nstandard', 'direction = "inn"\nstandard', "agreement[0].direction: invalid enum value"),
        ('standard = "x12"\nversion', 'standard = "tradacoms"\nversion', "agreement[0].standard: invalid enum value"),
        ('name = "globex-orders"\n', "", "agreement[0]: object missing required field `name`"),
        ('id = "globex"', 'id = "Glo bex"', "id: expected `str` matching regex"),
        ('["997"]', '["998"]', "agreement[0].acknowledgments[0]: invalid enum value"),
        ('with = "acme"', 'with = "acne"', 'agreement[0].with: there is no party "acne". Did you mean acme?'),
        ('with = "acme"', 'with = "initech"', 'agreement[0].with: "initech" is not an own party'),
        (
            '["997"]',
            '["CONTRL"]',
            "agreement[0].acknowledgments: CONTRL does not answer x12. There are: TA1, 997, 999, 824.",
        ),
        ('acknowledge_through = "globex-out"', "", "agreement[0].acknowledge_through: is missing"),
        ('"globex-out"\n', '"globex-ouz"\n', "acknowledge_through: there is no endpoint"),
        ('through = "globex-out"', 'through = "globex-in"', '"globex-in" is an endpoint for what comes in.'),
        ('through = "globex-out"', 'through = "initech-out"', "does not carry documents of globex"),
        ('mapping = "x12/850"', "", "agreement[0]: mapping is missing: x12 in needs it."),
        ('type = "850"', "", "agreement[0]: type is missing"),
        (
            "mapping =",
            'endpoint = "globex-out"\nmapping =',
            "[0].endpoint: this key has no meaning for x12 in.",
        ),
        ("mapping =", 'batch = "interchange"\nmapping =', "agreement[0].batch: this key has no meaning"),
        ("mapping =", 'severities = { "X12-E7" = "warning" }\nmapping =', "severities.X12-E7: there is no issue"),
        ("mapping =", 'severities = { "X12-E07" = "mild" }\nmapping =', "severities"),
        ("mapping =", 'route = "erp-ordres"\nmapping =', "Did you mean erp-orders?"),
        ("mapping =", 'route = "globex-orders"\nmapping =', "is for documents that come in."),
        ("mapping =", 'lane = "test"\nroute = "erp-orders"\nmapping =', "is in the production lane, this one in test."),
        ("mapping =", 'route = "erp-orders"\nhandlers = ["trading"]\nmapping =', "either route or handlers"),
        ('"004010"', '"4010"', 'agreement[0].version: "4010" is no version of x12. Write "004010"'),
        ('"004010"', '"four"', 'agreement[0].version: "four" is no version of x12.'),
        (
            'direction = "in"\npath',
            'direction = "in"\ncarries = ["hooli"]\npath',
            "endpoint[0].carries: there is no",
        ),
        ('path = "in/globex"', 'password = "hunter2"', "endpoint[0].password: a secret is never written here."),
        ("[[agreement]]", "[[agreement]", "this is not TOML"),
    ],
)
def test_what_is_wrong_is_named_with_file_and_key(old, new, message):
    text = globex(old, new)
    assert text.startswith("partners/globex.toml: ")
    assert message in text


def test_a_secret_is_never_shown():
    assert "hunter2" not in globex('path = "in/globex"', 'password = "hunter2"')


def test_references_to_secrets_are_taken_as_they_are():
    text = GLOBEX.replace('path = "in/globex"', 'password = "env:GLOBEX_PASSWORD"')
    assert agreements(globex=text).endpoint("globex-in").options == {"password": "env:GLOBEX_PASSWORD"}


@pytest.mark.parametrize("version", ["D96A", "d.96a", "D:96A:UN", "96A"])
def test_versions_of_edifact_are_written_in_one_way(version):
    text = texts()["partners/initech.toml"].replace("D.96A", version)
    assert "is no version of edifact" in refusal(initech=text)


def test_there_is_no_ta1_in_edifact():
    text = texts()["partners/initech.toml"] + 'duplicate = "ta1"\n'
    assert "agreement[0].duplicate: there is no TA1 in edifact." in refusal(initech=text)


def test_outbound_agreements_need_an_endpoint_and_a_document():
    assert "endpoint is missing: json out needs it." in refusal(**{"acme-erp": ERP.replace('endpoint = "erp-out"', "")})
    assert "document is missing" in refusal(**{"acme-erp": ERP.replace('document = "Order"', "")})
    more = ERP + 'acknowledgments = ["997"]\n'
    assert "acknowledgments" in refusal(**{"acme-erp": more})


INVOICES = """
[[agreement]]
name = "globex-invoices"
with = "acme"
direction = "out"
standard = "x12"
version = "004010"
type = "810"
document = "Invoice"
mapping = "x12/810"
endpoint = "globex-out"
"""


def test_deadlines_are_lengths_of_time_for_answers_that_exist():
    invoices = GLOBEX + INVOICES + 'deadlines = { "997" = "24h", "TA1" = "90s" }\n'
    agreement = agreements(globex=invoices).agreement("globex-invoices")
    assert (agreement.deadline("997"), agreement.deadline("TA1"), agreement.deadline("CONTRL")) == (86400, 90, None)
    assert '"1 day" is no length of time' in refusal(globex=invoices.replace("24h", "1 day"))
    assert "deadlines.APERAK: this answer is not awaited." in refusal(globex=invoices.replace("TA1", "APERAK"))


@pytest.mark.parametrize(
    ("file", "addition", "message"),
    [
        ("hooli", GLOBEX, 'hooli.toml: id: The party "globex" is given twice: also partners/globex.toml: id.'),
        (
            "hooli",
            'id = "hooli"\nname = "H"\n[[identity]]\nstandard = "x12"\nqualifier = "ZZ"\nidentifier = "ACME"',
            "identity[0]: The identity ZZ:ACME is given twice",
        ),
        (
            "hooli",
            'id = "hooli"\nname = "H"\n[[endpoint]]\nname = "globex-in"\nconnector = "directory"\ndirection = "in"',
            'endpoint[0].name: The endpoint "globex-in" is given twice',
        ),
    ],
)
def test_nothing_is_given_twice(file, addition, message):
    assert message in refusal(**{file: addition})


def test_two_agreements_never_admit_the_same_document():
    again = GLOBEX[GLOBEX.index("[[agreement]]") :].replace("globex-orders", "globex-orders-2")
    assert "The way of 850 004010 (production) from globex to acme is given twice" in refusal(globex=GLOBEX + again)
    other = again.replace('"004010"', '"004030"')
    assert agreements(globex=GLOBEX + other).agreement("globex-orders-2").version == "004030"


def test_all_mistakes_are_listed_not_only_the_first():
    wrong = GLOBEX.replace("mapping =", "maping =").replace("identifier =", "ident =")
    found = mistakes(texts(globex=wrong, initech="id = 1"))
    assert [error.file for error in found] == ["partners/globex.toml"] * 2 + ["partners/initech.toml"]
    assert mistakes(texts()) == []


class TestDigest:
    def test_it_is_the_same_however_the_file_is_written(self):
        spaced = GLOBEX.replace(" = ", "   =   ") + "# a remark\n"
        assert _digest(globex=spaced) == _digest()

    @pytest.mark.parametrize(("old", "new"), [("x12/850", "x12/850-b"), ('"GLOBEX"', '"GLOBEX2"')])
    def test_it_changes_with_the_agreement_and_with_the_identities(self, old, new):
        assert _digest(globex=GLOBEX.replace(old, new)) != _digest()

    def test_it_changes_with_the_identities_of_the_other_side(self):
        acme = texts()["partners/acme.toml"].replace('"ACME"', '"ACME-2"')
        assert _digest(acme=acme) != _digest()

    def test_it_does_not_change_with_other_agreements(self):
        assert _digest(initech=texts()["partners/initech.toml"].replace("D.96A", "D.01B")) == _digest()

    def test_that_of_all_changes_with_anything(self):
        moved = GLOBEX.replace("in/globex", "in/glx")
        assert agreements(globex=moved).digest != agreements().digest
        assert agreements().digest == agreements().digest


def _digest(**changed: str) -> str:
    return agreements(**changed).agreement("globex-orders").digest


def test_a_guide_for_ubl_which_has_no_segments_is_told_with_what_to_do():
    text = GLOBEX.replace('standard = "x12"\nversion = "004010"', 'standard = "ubl"\nguide = "acme"\nversion = "2.1"')
    told = [str(mistake) for mistake in mistakes(texts(globex=text))]
    [found] = [mistake for mistake in told if ".guide:" in mistake]
    assert (
        "a guide narrows segments of X12 and EDIFACT; a document of UBL is checked by the tables of UBL alone" in found
    )
    assert 'version = "2.1:CUSTOMIZATION-ID"' in found
