"""What terminals ask and say, in the languages and character sets that devices are sold in."""

from __future__ import annotations

import re

__all__ = [
    "BARE_PROMPT",
    "LOGIN_PROMPT",
    "PASSWORD_PROMPT",
    "REJECTION",
    "SECRETS",
    "SHELL_PROMPT",
    "UNKNOWN_PROMPT",
    "ends_in",
    "last_line",
]

_CHARSETS = ("utf-8", "latin-1", "cp1250", "cp1251", "koi8-r", "gb18030", "big5", "shift_jis", "euc_kr")
_NAMES = (
    "log in", "login", "log in as", "login as", "user name", "user", "username", "user id", "account", "benutzer",
    "benutzername", "usuario", "nombre de usuario", "usuário", "utilizador", "utilisateur", "nom d'utilisateur",
    "identifiant", "utente", "nome utente", "gebruiker", "gebruikersnaam", "användare", "användarnamn", "brugernavn",
    "bruker", "brukernavn", "käyttäjätunnus", "użytkownik", "nazwa użytkownika", "uživatel", "felhasználónév",
    "kullan\u0131c\u0131 ad\u0131", "логин", "Логин", "пользователь", "Пользователь", "имя пользователя",
    "Имя пользователя",
    "用户名", "用户", "帐号", "账号", "用戶名", "使用者名稱", "帳號", "ユーザー名", "ユーザ名", "ユーザー", "사용자",
    "사용자 이름", "아이디",
)  # fmt: skip
SECRETS = (
    "password", "pass word", "passcode", "pin", "passwort", "kennwort", "secret", "contraseña", "clave", "senha",
    "palavra-passe", "mot de passe", "parola", "wachtwoord", "lösenord", "adgangskode", "passord", "salasana", "hasło",
    "heslo", "jelszó", "şifre", "пароль", "Пароль", "密码", "口令", "密碼", "パスワード", "비밀번호", "암호",
)  # fmt: skip
"""Words by which a secret is asked for."""


def _spelled(words: tuple[str, ...]) -> bytes:
    """An alternation of the words in every character set that can write them, the longest first."""
    written: set[bytes] = set()
    for word in words:
        for charset in _CHARSETS:
            try:
                written.add(re.escape(word.encode(charset)))
            except UnicodeEncodeError:
                continue
    longest_first: list[bytes] = sorted(sorted(written), key=lambda one: -len(one))
    return b"|".join(longest_first)


_LONGEST_PROMPT = 400
"""Bytes, escape sequences included."""
_ESCAPES = rb"(?:\x1b\[[0-9;?]*[A-Za-z]|\s)*$"
_COLON = rb"(?::|\xef\xbc\x9a|\xa3\xba|\xa1\x47|\x81\x46)"
"""A colon, or the wide one in UTF-8, GB 18030, Big5 and Shift JIS."""
_END = rb"(?:>|" + _COLON + rb")"

LOGIN_PROMPT = re.compile(rb"(?i)(?:" + _spelled(_NAMES) + rb")\s?" + _END + rb"\s*" + _ESCAPES)
PASSWORD_PROMPT = re.compile(rb"(?i)(?:" + _spelled(SECRETS) + rb")[^\n:]{0,40}?" + _END + rb"\s*" + _ESCAPES)
SHELL_PROMPT = re.compile(rb"(?:^|\n)[^\n]{0,80}[#$>%]\s?" + _ESCAPES)
UNKNOWN_PROMPT = re.compile(rb"(?:^|\n)[^\n]{1,60}" + _COLON + rb"\s*" + _ESCAPES)
"""A line without an end that closes with a colon: a question in whatever language."""
BARE_PROMPT = re.compile(rb"[^\s]{0,40}[#$>%]")
"""A command prompt that is a single word, as a whole line; one of several words may be a sentence."""
REJECTION = re.compile(
    rb"(?i)incorrect|invalid|failed|denied|wrong|bad (?:password|login)|locked|too many|fail"
)


def ends_in(prompt: re.Pattern[bytes], text: bytes) -> bool:
    """Whether a text ends in a prompt; only its end is looked at, however much a device has said."""
    return prompt.search(text[-_LONGEST_PROMPT:]) is not None


def last_line(text: bytes) -> bytes:
    """The last line that holds anything, without escape sequences."""
    lines = re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", text[-_LONGEST_PROMPT:]).split(b"\n")
    return next((line.strip() for line in reversed(lines) if line.strip()), b"")
