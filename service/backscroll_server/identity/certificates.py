"""Identities of client certificates: rules that turn a name of a certificate into a user or a service."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from backscroll_server.identity.identities import Cause, Identity, no_identity

_RULE: Final = re.compile(r"(user|service) (cn|dns|uri):(\S+)")
_ANY: Final = "*"


@dataclass(frozen=True, slots=True)
class CertificateRule:
    """A rule for the names of one kind.

    Attributes:
        names_user: True if the certificate is that of a user, whose id is what `*` stands for; else of a service.
        kind: the kind of name: `cn` for the common name, `dns` or `uri` for subject alternative names.
        before: what the name begins with, before what `*` stands for.
        after: what it ends with, after that; None where the whole name is `before`.
    """

    names_user: bool
    kind: str
    before: str
    after: str | None

    def matched(self, name: str) -> str | None:
        """Return what `*` stands for in a name, or the whole name for a rule without it; None if it does not match."""
        if self.after is None:
            return name if name == self.before else None
        length = len(name) - len(self.before) - len(self.after)
        if length < 1 or not name.startswith(self.before) or not name.endswith(self.after):
            return None
        return name[len(self.before) : len(self.before) + length]


def parse_rules(value: str) -> list[CertificateRule]:
    """Return the rules of a setting, which are separated by commas.

    Each is `service KIND:NAME` or `user KIND:NAME`, with the kind `cn`, `dns` or `uri`. One `*` in the name stands for
    any text; in a rule for users, which needs one, for the id of the user.

    Raises:
        ValueError: where a part is no rule.
    """
    rules = []
    for part in value.split(","):
        found = _RULE.fullmatch(" ".join(part.split()))
        if not found or found[3].count(_ANY) > 1:
            raise ValueError(f"a rule is 'service KIND:NAME' or 'user KIND:NAME', KIND cn, dns or uri, not {part!r}")
        before, star, after = found[3].partition(_ANY)
        if found[1] == "user" and not star:
            raise ValueError(f"a rule for users needs a * where the id of the user stands: {part.strip()!r}")
        rules.append(CertificateRule(found[1] == "user", found[2], before, after if star else None))
    return rules


def certified(rules: Sequence[CertificateRule], names: Mapping[str, Iterable[str]]) -> Identity:
    """Return the identity of a client certificate, by the first rule that one of its names matches.

    Args:
        rules: the rules.
        names: the names of the certificate, by kind.

    Raises:
        NotAuthenticatedError: `INVALID` where no rule matches.
    """
    for rule in rules:
        for name in names.get(rule.kind, ()):
            found = rule.matched(name)
            if found is not None:
                return Identity(found, user_id=found) if rule.names_user else Identity(f"{rule.kind}:{name}")
    raise no_identity(Cause.INVALID, "no rule matches the names of the certificate")
