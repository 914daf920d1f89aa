"""A row of an enterprise register as a draft: one enterprise, one of its sites, a contact."""

import re
import unicodedata
from dataclasses import dataclass

from geo.crs import Datum
from service.enterprises.rules import find_uscc_fault
from service.imports.rules.cells import Erasure, RowReader
from service.imports.rules.fields import Kind
from service.imports.rules.positions import GivenPosition, read_position
from service.imports.rules.vocabulary import Vocabulary, read_codes

# GB/T 4754-2017: a section letter, then division, group and class; what follows in the cell is its name.
_ECONOMY = re.compile(r"([A-T]?)([0-9]{2,4})(?![0-9]).*|([A-T])(?![A-Z0-9]).*", re.IGNORECASE | re.DOTALL)
_LONG_NUMBER = 1e15  # a number cell of 16 digits and more has lost its last ones


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseDraft:
    """What a row says. None: it says nothing; ERASED: it asks for removal. territory: as written."""

    uscc: str | None
    name: str
    industries: tuple[str, ...] | Erasure | None
    economy_code: str | Erasure | None
    employees: int | Erasure | None
    site_number: str | None
    site_name: str | Erasure | None
    address: str | Erasure | None
    territory: str | None
    position: GivenPosition | Erasure | None
    contact: str | Erasure | None
    phone: str | Erasure | None


def read_enterprise(row: RowReader, vocabulary: Vocabulary, datum: Datum) -> EnterpriseDraft:
    """Read a row; what is wrong with it is noted on the reader."""
    return EnterpriseDraft(
        uscc=read_uscc(row),
        name=row.required("name"),
        industries=read_codes(row, "industries", vocabulary.industries),
        economy_code=_read_economy_code(row),
        employees=row.count("employees"),
        site_number=read_site_number(row),
        site_name=row.text("site_name"),
        address=row.text("address"),
        territory=row.words("territory"),
        position=read_position(row, datum, Kind.ENTERPRISES),
        contact=row.text("contact"),
        phone=row.text("phone"),
    )


def read_uscc(row: RowReader) -> str | None:
    """The credit code in capitals; None where there is none or a wrong one, which is noted."""
    text = row.compact("uscc")
    if not isinstance(text, str):
        return None
    value = row.cell("uscc")
    if isinstance(value, float) and value >= _LONG_NUMBER:
        row.error(
            "uscc",
            "uscc_as_number",
            "统一社会信用代码被存成了数字，末几位已丢失；请把该列设为文本格式后重新填写",
            "The credit code was stored as a number and has lost its last digits; format the column as text",
        )
        return None
    code = text.upper()
    fault = find_uscc_fault(code)
    if fault is not None:
        row.error("uscc", fault.code, fault.zh, fault.en)
        return None
    return code


def read_site_number(row: RowReader) -> str | None:
    """The number of the site as it is compared: half-width, without spaces."""
    text = row.compact("site_number")
    return text if isinstance(text, str) else None


def _read_economy_code(row: RowReader) -> str | Erasure | None:
    text = row.text("economy_code")
    if not isinstance(text, str):
        return text
    found = _ECONOMY.fullmatch(unicodedata.normalize("NFKC", text))
    if found is None:
        row.error(
            "economy_code",
            "economy_code_form",
            f"“{text}”不是国民经济行业代码，应为门类字母和 2 至 4 位数字，如 C3041",
            f"'{text}' is no GB/T 4754 code; it is a section letter and two to four digits, such as C3041",
        )
        return None
    return (found[3] or f"{found[1]}{found[2]}").upper()
