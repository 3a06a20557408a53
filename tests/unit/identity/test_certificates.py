"""Rules for client certificates: the first that a name matches says whose it is."""

import pytest

from backscroll_server.domain.errors import NotAuthenticatedError
from backscroll_server.identity.certificates import certified, parse_rules

RULES = parse_rules("user uri:spiffe://chat/user/*, service cn:billing,service  dns:*.support.example, user cn:u-*-x")


@pytest.mark.parametrize(
    ("names", "name", "user"),
    [
        ({"uri": ["spiffe://chat/user/ann"]}, "ann", "ann"),
        ({"uri": ["spiffe://other", "spiffe://chat/user/a/b"]}, "a/b", "a/b"),
        ({"cn": ["billing"]}, "cn:billing", ""),
        ({"dns": ["x", "one.support.example"]}, "dns:one.support.example", ""),
        ({"cn": ["u-ann-x"]}, "ann", "ann"),
        # The rules decide, in their order, and not the names.
        ({"cn": ["billing"], "uri": ["spiffe://chat/user/ann"]}, "ann", "ann"),
    ],
)
def test_certificate_when_a_rule_matches_is_of_whom_it_says(names: dict[str, list[str]], name: str, user: str) -> None:
    identity = certified(RULES, names)
    assert (identity.name, identity.user_id, identity.is_service) == (name, user, not user)


@pytest.mark.parametrize(
    "names",
    [
        {},
        {"cn": ["Billing"]},
        {"cn": ["billing2"]},
        {"dns": ["billing", ".support.example", "support.example"]},
        {"uri": ["spiffe://chat/user/", "x spiffe://chat/user/ann"]},
        {"cn": ["u--x", "u-x"]},
    ],
)
def test_certificate_when_no_rule_matches_proves_nothing(names: dict[str, list[str]]) -> None:
    with pytest.raises(NotAuthenticatedError) as caught:
        certified(RULES, names)
    assert caught.value.metadata == {"cause": "invalid"}


@pytest.mark.parametrize(
    "rules",
    ["", "billing", "service billing", "admin cn:x", "user cn:ann", "service ip:1", "user cn:*-*", "service cn:"],
)
def test_rules_when_one_is_none_are_refused(rules: str) -> None:
    with pytest.raises(ValueError, match="rule"):
        parse_rules(rules)
