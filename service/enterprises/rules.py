"""What an enterprise and a site are told apart by, and the unified social credit code of GB 32100-2015."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pypinyin import Style, lazy_pinyin

# GB 32100-2015 §4: 31 characters, without I, O, Z, S, V, which are taken for 1, 0, 2, 5, U.
ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VALUE = {character: value for value, character in enumerate(ALPHABET)}
# Weight of the i-th character: 3^(i-1) mod 31.
_WEIGHTS = tuple(pow(3, place, 31) for place in range(17))
USCC_LENGTH = 18
# The registering authority: 1-9, or A (军改), N (农业农村: rural collective organisations), Y (其他).
_AUTHORITY = re.compile(r"[1-9ANY]")
_REGION = re.compile(r"[0-9]{6}")

# The site of an enterprise that has only one.
ONLY_SITE = "1"

_SPACE = re.compile(r"\s+")
_TYPED = re.compile(r"[a-z0-9]")


@dataclass(frozen=True, slots=True)
class UsccFault:
    """Why a text is no unified social credit code: a code for programs, a sentence in each language."""

    code: str
    zh: str
    en: str


@lru_cache(4096)  # the points of a firm repeat its code
def find_uscc_fault(text: str) -> UsccFault | None:
    """What is wrong with a code of 18 characters in capitals; None when nothing is.

    Only the code's own check character is computed: the organisation code in it follows GB 11714, whose check
    character old registrations do not always keep.
    """
    if len(text) != USCC_LENGTH:
        return UsccFault(
            "uscc_length",
            f"统一社会信用代码应为 18 位，此处为 {len(text)} 位，请核对营业执照",
            f"A unified social credit code has 18 characters, this has {len(text)}; see the business licence",
        )
    strange = sorted(set(text) - set(ALPHABET))
    if strange:
        shown = "、".join(strange)
        return UsccFault(
            "uscc_characters",
            f"统一社会信用代码含有不允许的字符 {shown}（不使用 I、O、Z、S、V），请核对营业执照",
            f"The unified social credit code holds {shown}, which is not in it (nor are I, O, Z, S, V)",
        )
    if not _AUTHORITY.match(text) or not _REGION.fullmatch(text[2:8]):
        return UsccFault(
            "uscc_form",
            "统一社会信用代码第 1 位应为登记管理部门代码，第 3 至 8 位应为 6 位行政区划数字，请核对营业执照",
            "Its first character should be an authority's and characters 3 to 8 a region of six digits",
        )
    expected = check_character(text[:17])
    if text[17] != expected:
        return UsccFault(
            "uscc_check_character",
            f"统一社会信用代码校验位不符：末位应为 {expected}，请核对是否录错",
            f"The check character does not fit: the last one should be {expected}; look for a slip of the pen",
        )
    return None


def check_character(first: str) -> str:
    """The eighteenth character that the first seventeen ask for. GB 32100-2015 §5: modulus 31."""
    total = sum(_VALUE[character] * weight for character, weight in zip(first, _WEIGHTS, strict=True))
    return ALPHABET[-total % 31]


@lru_cache(1 << 14)  # and its name
def name_key(name: str) -> str:
    """A name as it is compared: without spaces, full-width forms as half-width. SQL says the same in find_*.sql."""
    return _SPACE.sub("", unicodedata.normalize("NFKC", name))


def initials_of(name: str) -> str:
    """The first letters of the syllables of a name, small, as people type them: 长春一汽2厂 is ccyq2c.

    Letters and digits stay, anything else is left out. Which syllable a character of two readings has, its phrase says.
    """
    plain = unicodedata.normalize("NFKC", name)
    parts = lazy_pinyin(plain, style=Style.FIRST_LETTER, errors="default")
    return "".join(_TYPED.findall("".join(parts).lower()))


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterpriseRecord:
    """An enterprise as it is to stand in the register. id: None for a new one. industries: codes."""

    id: int | None
    uscc: str | None
    name: str
    industries: tuple[str, ...]
    economy_code: str | None
    employees: int | None
    home_territory_id: int
    demo: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRecord:
    """A site as it is to stand in the register.

    id: None for a new one. enterprise_id: None when the enterprise is new too. geom: hexadecimal EWKB of a Point, SRID
    4490. source_x, source_y: the numbers as given, in source_datum.
    """

    id: int | None
    enterprise_id: int | None
    number: str
    name: str
    address: str
    geom: str | None
    source_datum: str | None
    source_x: str | None
    source_y: str | None
    located_in_id: int
    located_stated: bool
    managed_by_id: int
    managed_reason: str | None
    demo: bool


@dataclass(frozen=True, slots=True)
class ContactRecord:
    """The person to call at a site. Both empty: there is nobody any more."""

    name: str
    phone: str
