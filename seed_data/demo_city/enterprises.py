"""The enterprises of the demonstration city and their sites."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from seed_data.demo_city import names, places
from seed_data.demo_city.catalogue import Catalogue, Profile, Trade
from seed_data.demo_city.chance import Chance
from seed_data.demo_city.credit_codes import credit_code
from seed_data.demo_city.places import District, Position
from seed_data.demo_city.plans import FIRST, Part

# Registers are never complete: these shares are what the mapping and the 待补, 待定位 lists have to live with.
WITHOUT_CREDIT_CODE = 0.08
WITHOUT_POSITION = 0.027
DISTRICT_BY_CODE = 0.10
DISTRICT_LEFT_OUT = 0.07

# What a body is called decides who registers it (GB 32100-2015, first two characters).
_AUTHORITIES = {"教育": "52", "医疗卫生": "52"}

# The first firm of these trades has a name that the documentation can point at.
_NAMED = {"化工": "吉顺", "液化气储配": "东顺"}


@dataclass(frozen=True, slots=True)
class Site:
    """A plant, shop or building site; position None where the register has none yet. number '' for an only site."""

    number: str
    name: str
    address: str
    district: District
    position: Position | None
    stated: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Enterprise:
    """A firm; uscc '' where it is still to be found out (待补)."""

    serial: int
    uscc: str
    name: str
    profile: Profile
    trade: Trade
    employees: int
    staff: tuple[str, ...]
    sites: tuple[Site, ...]

    @property
    def industries(self) -> str:
        """The supervising industries as a sheet states them."""
        return self.trade.industry


def found_enterprises(
    catalogue: Catalogue, part: Part = FIRST, *, before: Sequence[Enterprise] = ()
) -> list[Enterprise]:
    """The enterprises of a part, in the order of the catalogue. before: those of the parts before it."""
    taken = {f"{one.name[:2]}{one.trade.name}" for one in before} or set(_NAMED.values())
    serials = iter(range(len(before) + 1, 100_000))
    return [
        enterprise
        for profile in catalogue.profiles
        for enterprise in _of_profile(profile, part, taken=taken, serials=serials)
    ]


def _of_profile(
    profile: Profile, part: Part, *, taken: set[str], serials: Iterator[int]
) -> Iterator[Enterprise]:
    first = part is FIRST
    for turn in range(part.grown(profile.count) + (0 if first else profile.group)):
        serial = next(serials)
        chance = Chance("enterprise", f"{serial}")
        trade = profile.trades[turn % len(profile.trades)]
        named = _NAMED.get(trade.name) if first and turn < len(profile.trades) else None
        # There are fewer pairs of characters than firms: later two trades may share one.
        style = named or names.firm_style(chance, taken, trade="" if first else trade.name)
        sites = _sites(chance, profile, style, streets=part.streets)
        authority = _AUTHORITIES.get(profile.sector, "93" if trade.name.endswith("合作社") else "91")
        uscc = credit_code(serial, region=sites[0].district.code, authority=authority)
        yield Enterprise(
            serial=serial,
            uscc="" if chance.happens(WITHOUT_CREDIT_CODE) and not named else uscc,
            name=f"{style}{trade.name}{_form(chance, profile, trade)}{names.MARK}",
            profile=profile,
            trade=trade,
            employees=_employees(chance, profile),
            staff=tuple(names.person(chance) for _ in range(chance.between(3, 7))),
            sites=sites,
        )


def _form(chance: Chance, profile: Profile, trade: Trade) -> str:
    if trade.name.endswith("合作社"):
        return ""
    return chance.pick([form for form in profile.forms if form or len(profile.forms) == 1])


def _employees(chance: Chance, profile: Profile) -> int:
    """Many small firms and few large ones."""
    least, most = profile.employees
    share = chance.unit()
    return least + int((most - least) * share * share)


def _sites(chance: Chance, profile: Profile, style: str, *, streets: bool) -> tuple[Site, ...]:
    count = chance.between(*profile.sites)
    located = not chance.happens(WITHOUT_POSITION)
    settings = list(profile.settings.items())
    sites = []
    for number in range(1, count + 1):
        position, district = places.place(chance, chance.weighed(settings), streets=streets)
        name = profile.site_names[(number - 1 + len(style)) % len(profile.site_names)]
        sites.append(
            Site(
                number=str(number) if count > 1 else "",
                name=name if count == 1 else f"{name}（{number}）",
                address=names.address(chance, district.name),
                district=district,
                position=position if located else None,
                stated=_stated(chance, district, located=located),
            )
        )
    return tuple(sites)


def _stated(chance: Chance, district: District, *, located: bool) -> str:
    """How the sheet names the district: by name, by code, or not at all where a position tells it."""
    mark = chance.unit()
    if mark < DISTRICT_BY_CODE:
        return district.code
    if located and mark < DISTRICT_BY_CODE + DISTRICT_LEFT_OUT:
        return ""
    return district.name
