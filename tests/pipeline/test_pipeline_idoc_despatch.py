"""Despatch advices of an ERP that speaks IDoc: what it ships leaves in X12, what is shipped to it comes labelled."""

from __future__ import annotations

import pytest

from gateway.codecs.idoc_columns import CONTROL_LENGTH, DATA_LENGTH
from tests.mapping.made import X12, cut
from tests.pipeline.orders import document, group, interchange
from tests.pipeline.test_pipeline_idoc import ERP, agree
from tests.pipeline.yard import Yard, segments

OF_ERP = """
[[agreement]]
name = "erp-advices-{way}"
with = "acme"
direction = "{way}"
standard = "idoc"
version = "{version}"
type = "DESADV"
mapping = "idoc/desadv"
"""
OUT = OF_ERP.format(way="out", version="DELVRY03") + 'document = "DespatchAdvice"\nendpoint = "erp-out"\n'
OUT += 'unmapped = "report"\n'
WITH_GLOBEX = """
[[agreement]]
name = "globex-856-{way}"
with = "acme"
direction = "{way}"
standard = "x12"
version = "004010"
type = "856"
mapping = "x12/856"
"""
GLOBEX_OUT = (
    WITH_GLOBEX.format(way="out") + 'document = "DespatchAdvice"\nendpoint = "globex-out"\nunmapped = "report"\n'
)
LABEL = "00340123450000000017"
ADVICE = f"""
    BSN*00*SH-900*20260201*0830*0001~
    HL*1**S~
    DTM*011*20260201~
    HL*2*1*O~
    PRF*PO-1***20260115~
    HL*3*2*P~
    MAN*GM*{LABEL}~
    HL*4*3*I~
    LIN*1*BP*A-1~
    SN1*1*10*EA~
    CTT*4~
"""
XML = f"""<?xml version="1.0" encoding="UTF-8"?>
<DELVRY03><IDOC BEGIN="1">
<EDI_DC40 SEGMENT="1"><TABNAM>EDI_DC40</TABNAM><DOCNUM>0000000000000042</DOCNUM><IDOCTYP>DELVRY03</IDOCTYP>
<MESTYP>DESADV</MESTYP></EDI_DC40>
<E1EDL20 SEGMENT="1"><VBELN>0080001234</VBELN><BTGEW>100.000</BTGEW><GEWEI>KGM</GEWEI>
<E1ADRM1 SEGMENT="1"><PARTNER_Q>WE</PARTNER_Q><PARTNER_ID>1000</PARTNER_ID><NAME1>Acme Depot</NAME1></E1ADRM1>
<E1EDT13 SEGMENT="1"><QUALF>015</QUALF><NTANF>20260201</NTANF><NTANZ>083000</NTANZ></E1EDT13>
<E1EDT13 SEGMENT="1"><QUALF>006</QUALF><ISDD>20260201</ISDD></E1EDT13>
<E1EDL24 SEGMENT="1"><POSNR>000010</POSNR><MATNR>V-77</MATNR><LFIMG>6.000</LFIMG><VRKME>EA</VRKME>
<E1EDL41 SEGMENT="1"><QUALI>001</QUALI><BSTNR>PO-1</BSTNR><POSEX>1</POSEX></E1EDL41></E1EDL24>
<E1EDL37 SEGMENT="1"><EXIDV>{LABEL}</EXIDV>
<E1EDL44 SEGMENT="1"><VELIN>1</VELIN><POSNR>000010</POSNR><VEMNG>6.000</VEMNG><VEMEH>EA</VEMEH></E1EDL44></E1EDL37>
</E1EDL20></IDOC></DELVRY03>
"""


@pytest.mark.parametrize("version", ["DELVRY03", "DELVRY05"])
def test_what_sap_ships_leaves_as_856_with_its_labels(yard: Yard, version: str) -> None:
    agree(yard, ERP + OF_ERP.format(way="in", version=version), GLOBEX_OUT)
    yard.arrive(XML.replace("DELVRY03", version).encode(), "erp-in")
    (body,) = yard.to("globex-out")
    assert f"MAN*GM*{LABEL}" in segments(body)
    assert [each for each in segments(body) if each.startswith(("PRF", "SN1", "HL*"))] == [
        *("HL*1**S", "HL*2*1*O", "PRF*PO-1", "HL*3*2*P", "HL*4*3*I", "SN1*1*6.000*EA"),
    ]
    assert yard.nothing_left()


@pytest.mark.parametrize("form", ["xml", "flat"])
def test_what_is_shipped_to_sap_reaches_it_and_reads_back(yard: Yard, form: str) -> None:
    agree(yard, ERP + OUT + f'[agreement.envelope]\nform = "{form}"\n', WITH_GLOBEX.format(way="in"))
    head, *inside = group([document(["*".join(each) for each in cut(ADVICE, X12)], 1, type="856")], 1)
    yard.arrive(interchange([[head.replace("GS*PO*", "GS*SH*"), *inside]], 1), "globex-in")
    (body,) = yard.to("erp-out")
    if form == "flat":
        first, *rest = body.decode().splitlines()
        assert (len(first), {len(line) for line in rest}) == (CONTROL_LENGTH, {DATA_LENGTH})
        assert [line[:30].strip() for line in rest] == [
            *("E2EDL20", "E2EDT13", "E2EDT13", "E2EDL24", "E2EDL41", "E2EDL37", "E2EDL44"),
        ]
        assert [line[55:63] for line in rest] == [
            *("00000001", "00000102", "00000102", "00000102", "00000403", "00000102", "00000603"),
        ]
    # The same file, had SAP sent it, says the same.
    agree(yard, ERP + OF_ERP.format(way="in", version="DELVRY03"), GLOBEX_OUT)
    yard.arrive(body, "erp-in")
    again = segments(next(file for file in yard.to("globex-out") if b"ST*856*" in file))
    assert {f"MAN*GM*{LABEL}", "SN1*1*10*EA", "PRF*PO-1***20260115", "DTM*011*20260201"} <= set(again)
