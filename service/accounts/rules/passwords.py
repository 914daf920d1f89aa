"""Which passwords are taken, and how long who guesses one waits."""

import re
from datetime import datetime, timedelta

# NIST SP 800-63B rev. 4, 3.1.1.2: fifteen characters where a password is all there is; length and a list of common ones
# are the rules, composition and expiry are not. Ours is shorter with a list and with guesses slowed down; the longest
# keeps a request from buying minutes of hashing.
SHORTEST, LONGEST = 10, 128


# As the table has it: logins are typed on any keyboard, and stand in every record.
LOGIN = r"[a-z0-9][a-z0-9._-]{1,39}"
# A shorter login stands in a good password by chance.
SHORTEST_GUESS = 4


def login_fault(login: str) -> tuple[str, str] | None:
    """Why a login cannot be taken, in both languages; None where it can."""
    if re.fullmatch(LOGIN, login):
        return None
    return (
        "登录名须为 2 至 40 个小写字母、数字、点、横线或下划线，以字母或数字开头。",
        "A login is 2 to 40 small letters, digits, dots, hyphens or underscores and begins with a letter or digit.",
    )


def password_fault(password: str, *, login: str, common: frozenset[str]) -> tuple[str, str] | None:
    """Why a password cannot be taken, in both languages; None where it can."""
    if len(password) < SHORTEST:
        return f"密码至少 {SHORTEST} 个字符。", f"A password has at least {SHORTEST} characters."
    if len(password) > LONGEST:
        return f"密码最多 {LONGEST} 个字符。", f"A password has at most {LONGEST} characters."
    plain = password.casefold()
    if plain in common or len(set(plain)) < 5 or (len(login) >= SHORTEST_GUESS and login in plain):
        return "这个密码太容易被猜到，请换一个。", "This password is too easy to guess; choose another."
    return None


# Failures are remembered so long; a person behind a bad keyboard starts afresh after it.
REMEMBERED = timedelta(minutes=30)
# Free tries of one login from one address, then waits of 2, 4, 8 … seconds, at most LONGEST_WAIT. A login is never locked
# for other addresses: nobody can shut somebody else out by guessing badly.
FREE_TRIES = 5
# An office shares one address, so it has more tries before all its failures together slow it down.
FREE_TRIES_OF_ADDRESS = 50
LONGEST_WAIT = timedelta(minutes=5)


def waits_until(failures: int, last: datetime | None, *, free: int = FREE_TRIES) -> datetime | None:
    """When the next try is looked at; None for now. failures: within REMEMBERED; last: the latest of them."""
    if last is None or failures < free:
        return None
    seconds = min(2 ** min(failures - free + 1, 12), LONGEST_WAIT.total_seconds())
    return last + timedelta(seconds=seconds)
