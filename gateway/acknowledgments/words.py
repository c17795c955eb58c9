"""What the codes of receipts mean, in our own words, for people who have not got the code lists at hand.

X12 004010 and 005010: TA105 (I18), AK905 (716), AK502 (718), AK304 (720), AK403 (723), IK502 (618), IK304 (620),
IK403 (621), OTI01 (110), TED01 (647, those that are usual). ISO 9735: 0085. UN/EDIFACT: 4343.
"""

from __future__ import annotations

from gateway.acknowledgments.outcome import Remark

_INTERCHANGE = {
    "001": "the control numbers in ISA and IEA differ",
    "002": "this version of the standard is not supported",
    "003": "this version of the interchange is not supported",
    "004": "the segment terminator is not valid",
    "005": "the qualifier of the sender is not valid",
    "006": "the sender is not known",
    "007": "the qualifier of the receiver is not valid",
    "008": "the receiver is not valid",
    "009": "the receiver is not known",
    "010": "the authorization is not valid",
    "011": "the authorization is not valid",
    "012": "the security information is not valid",
    "013": "the security information is not valid",
    "014": "the date is not valid",
    "015": "the time is not valid",
    "016": "the standard in ISA11 is not valid",
    "017": "the version in ISA12 is not valid",
    "018": "the control number is not valid",
    "019": "ISA14 is not valid",
    "020": "the usage indicator is not valid",
    "021": "the number of groups is not right",
    "022": "the order of the envelope is not right",
    "023": "the interchange ended too early",
    "024": "the content of the envelope is not valid",
    "025": "the control number was used before",
    "026": "the element separator is not valid",
    "027": "the component separator is not valid",
    "028": "the date of delivery is not valid",
    "029": "the time of delivery is not valid",
    "030": "the code of delivery time is not valid",
    "031": "the grade of service is not valid",
}

_GROUP = {
    "1": "the functional group is not supported",
    "2": "the version of the group is not supported",
    "3": "the trailer of the group is missing",
    "4": "the control numbers in GS and GE differ",
    "5": "the number of documents in the group is not right",
    "6": "the control number of the group is not valid",
}

_DOCUMENT = {
    "1": "the document type is not supported",
    "2": "the trailer is missing",
    "3": "the control numbers in ST and SE differ",
    "4": "the number of segments is not right",
    "5": "segments are in error",
    "6": "the document type is not valid",
    "7": "the control number is missing or not valid",
    "23": "the control number is not unique",
    "I5": "segments do not keep the implementation guide",
    "I6": "the implementation guide is not supported",
}

_SEGMENT = {
    "1": "the segment is not known",
    "2": "the segment is not expected here",
    "3": "the segment is missing",
    "4": "the loop occurs too often",
    "5": "the segment occurs too often",
    "6": "the segment does not belong to this document type",
    "7": "the segment stands in the wrong place",
    "8": "elements are in error",
    "I4": "the implementation guide does not use the segment",
    "I6": "the segment is missing, which others require",
    "I7": "the loop occurs too rarely",
    "I8": "the segment occurs too rarely",
    "I9": "the segment is there, which others forbid",
}

_ELEMENT = {
    "1": "it is missing",
    "2": "it is missing, which others require",
    "3": "there are too many elements",
    "4": "it is too short",
    "5": "it is too long",
    "6": "it has a character that is not valid",
    "7": "the code is not valid",
    "8": "the date is not valid",
    "9": "the time is not valid",
    "10": "it is there, which others forbid",
    "12": "it is repeated too often",
    "13": "it has too many components",
    "I6": "the implementation guide does not use the code",
    "I9": "it is missing, which others require",
    "I10": "the implementation guide does not use it",
    "I11": "it is repeated too rarely",
    "I12": "it has not the form that the implementation guide wants",
    "I13": "it is there, which others forbid",
}

_SYNTAX = {
    "2": "the syntax version is not supported",
    "3": "the message version is not supported",
    "4": "a service segment is missing or not valid",
    "5": "the trailer is not right",
    "6": "the segment is missing or not valid",
    "7": "this is not the receiver",
    "8": "there are too many elements",
    "9": "a mandatory element is missing",
    "10": "it has the wrong form",
    "11": "the password is not valid",
    "12": "the value is not valid",
    "13": "it is missing",
    "14": "the value is not supported here",
    "15": "it is not expected here",
    "16": "there are too many parts",
    "17": "there is no agreement",
    "18": "the error is not specified",
    "19": "the decimal mark is not right",
    "20": "a character may not be a service character",
    "21": "it has a character that is not valid",
    "22": "the service characters are not valid",
    "23": "the sender is not known",
    "24": "it is too old",
    "25": "tests are not supported",
    "26": "it was received before",
    "27": "the security function is not supported",
    "28": "the references at both ends differ",
    "29": "the count is not right",
    "30": "messages stand beside groups",
    "31": "there are several message types in one group",
    "32": "it is empty",
    "33": "it stands outside of a message or group",
    "34": "a nesting indicator is not allowed",
    "35": "the segment occurs too often",
    "36": "the segment group occurs too often",
    "37": "it has the wrong kind of character",
    "38": "a digit is missing before the decimal mark",
    "39": "it is too long",
    "40": "it is too short",
    "41": "the network failed for good",
    "42": "the network failed for a while",
    "43": "the receiver is not known",
    "44": "the application is not available for a while",
    "45": "there is a separator too many at the end",
    "46": "the character set is not supported",
    "47": "the envelope has a function that is not supported",
}

_APPLICATION = {
    "007": "data is missing",
    "009": "the date is not valid",
    "010": "the total does not agree",
    "011": "it does not agree with what is known",
    "012": "the combination is not valid",
    "024": "something else is wrong with the contents",
    "848": "the data is not valid",
    "DUP": "it was received before",
    "MID": "the identification is missing or not valid",
    "AB": "the message was received",
    "AP": "it was accepted",
    "CA": "it was accepted on conditions",
    "BusinessReject": "it was rejected",
    "TechnicalReject": "it could not be read",
    "ProfileReject": "its profile is not supported",
    "RE": "it was rejected",
}

_X12 = {"interchange": _INTERCHANGE, "group": _GROUP, "document": _DOCUMENT, "segment": _SEGMENT, "element": _ELEMENT}
_OTHERS = {"CONTRL": _SYNTAX, "824": _APPLICATION, "APERAK": _APPLICATION, "ApplicationResponse": _APPLICATION}
_WHOLE = {"TA1": "interchange", "997": "group", "999": "group"}


def meaning(receipt: str, level: str, code: str) -> str:
    """What a code says in a receipt of this type; ``level`` is document, segment or element, empty for the whole."""
    words = _OTHERS.get(receipt) or _X12[level or _WHOLE.get(receipt, "document")]
    return words.get(code, "")


def meaning_of(receipt: str, remark: Remark) -> str:
    """The same for a remark: the partner's own words where there are some."""
    level = "element" if remark.element else "segment"
    return remark.text or meaning(receipt, level, remark.code)
