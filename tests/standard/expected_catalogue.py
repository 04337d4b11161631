"""What the editions hold, written down apart from the package's data: facts of the published tables.

A line of `UNITS` is a test group with its cases and their unit letters; a line of `STATUS` is a provision
with its status and the conditions or features that must hold.
"""

UNITS = {
    "1.1.1": """\
4-1     1:a
5.1-1   1:a  2:abc
5.1-2   1:abcd  2:a
5.1-3   1:abcd  2:a
5.1-4   1:a  2:ab
5.1-5   1:a  2:ab
5.2-1   1:a  2:ab
5.2-2   1:ab
5.2-3   1:abcd
5.3-1   1:ab  2:a
5.3-2   1:a  2:ab
5.3-3   1:a
5.3-4   1:ab
5.3-5   1:a
5.3-6   1:abcde  2:abcd
5.3-7   1:abcd
5.3-8   1:ab
5.3-9   1:abcd
5.3-10  1:abc
5.3-11  1:ab
5.3-12  1:a
5.3-13  1:a  2:abc
5.3-14  1:a  2:abcde
5.3-15  1:ab  2:abcde
5.3-16  1:a  2:ab
5.4-1   1:abcd  2:a
5.4-2   1:abc  2:a
5.4-3   1:ab  2:a
5.4-4   1:ab
5.5-1   1:abcd  2:a
5.5-2   1:ab  2:a
5.5-3   1:ab
5.5-4   1:abcd  2:abc
5.5-5   1:a  2:ab
5.5-6   1:a  2:a
5.5-7   1:a  2:a
5.5-8   1:ab
5.6-1   1:a  2:ab
5.6-2   1:ab  2:a
5.6-3   1:abc  2:abcd
5.6-4   1:abc  2:ab
5.6-5   1:a
5.6-6   1:a
5.6-7   1:a
5.6-8   1:ab
5.6-9   1:ab
5.7-1   1:ab  2:a
5.7-2   1:ab  2:ab
5.8-1   1:a  2:a
5.8-2   1:a  2:a
5.8-3   1:abc
5.9-1   1:ab  2:ab
5.9-2   1:abc  2:ab
5.9-3   1:ab  2:a
5.10-1  1:ab
5.11-1  1:abc  2:abc
5.11-2  1:ab  2:abc
5.11-3  1:abc
5.11-4  1:ab
5.12-1  1:ab  2:abcd
5.12-2  1:abc
5.12-3  1:abc
5.13-1  1:ab  2:abc
6-1     1:a  2:abcd
6-2     1:a  2:a
6-3     1:a  2:a
6-4     1:a
6-5     1:a  2:abcd
""",
    "2.1.1": """\
5.0-1   1:a
5.1-1   1:a  2:abc
5.1-2   1:abcd  2:a
5.1-2A  1:a  2:ab
5.1-3   1:abcd  2:a
5.1-4   1:ab  2:ab
5.1-5   1:a  2:ab
5.2-1   1:a  2:ab
5.2-2   1:ab
5.2-3   1:abcd
5.3-1   1:ab  2:a
5.3-2   1:a  2:ab
5.3-3   1:a
5.3-4A  1:a  2:a
5.3-4B  1:abc  2:abc
5.3-5   1:a
5.3-6A  1:ab  2:a
5.3-6B  1:a  2:a
5.3-7   1:abcd
5.3-8   1:ab
5.3-9   1:abcd
5.3-10  1:abc
5.3-11  1:ab
5.3-12  1:a
5.3-13  1:a  2:abc
5.3-14  1:a  2:abcd
5.3-15A 1:a  2:abc
5.3-15B 1:a  2:ab
5.3-16  1:a  2:ab
5.4-1   1:abcd  2:a
5.4-2   1:abc  2:a
5.4-3   1:ab  2:a
5.4-4   1:ab
5.5-1   1:abcd  2:a
5.5-2   1:ab  2:a
5.5-3   1:ab
5.5-4   1:abcd  2:abc
5.5-5   1:a  2:ab
5.5-6   1:a  2:a
5.5-7   1:a  2:a
5.5-8   1:ab
5.6-1   1:ab  2:abc
5.6-2   1:ab  2:a
5.6-3   1:ab  2:abc
5.6-4A  1:abcd  2:ab
5.6-4B  1:a  2:a
5.6-5   1:a
5.6-6   1:a
5.6-7   1:a
5.6-8   1:ab
5.6-9   1:ab
5.7-1   1:ab  2:a
5.7-2   1:ab  2:ab
5.8-1   1:a  2:a
5.8-2   1:a  2:a
5.8-3   1:abc
5.9-1   1:ab  2:ab
5.9-2   1:abc  2:ab
5.9-3   1:ab  2:a
5.10-1  1:ab
5.11-1  1:abc  2:abcd
5.11-2  1:ab  2:abc
5.11-3  1:abc
5.11-4  1:abc
5.12-1  1:ab  2:abcd
5.12-2  1:abc
5.12-3  1:ab  2:abcde
5.13-1A 1:ab  2:ab
5.13-1B 1:ab  2:ab
6-1     1:a  2:ab
6-2     1:a  2:a
6-3A    1:a  2:a
6-3B    1:a  2:a
6-4     1:a
6-5     1:a  2:abcd
6-6     1:abc  2:abcd
6-7     1:abc  2:ab
6-8     1:a  2:ab
""",
}

STATUS = {
    "1.1.1": """\
4-1     M
5.1-1   M 1
5.1-2   M 2
5.1-3   M
5.1-4   M 8
5.1-5   M 5
5.2-1   M
5.2-2   R
5.2-3   R
5.3-1   R
5.3-2   M 5
5.3-3   M 12
5.3-4   R 12
5.3-5   R 12
5.3-6   R 9,12
5.3-7   M 12
5.3-8   M 12
5.3-9   R 12
5.3-10  M 11,12
5.3-11  R 12
5.3-12  R 12
5.3-13  M
5.3-14  R 3,4
5.3-15  R 3,4
5.3-16  M
5.4-1   M
5.4-2   M 10
5.4-3   M
5.4-4   M
5.5-1   M
5.5-2   R
5.5-3   R
5.5-4   R
5.5-5   M
5.5-6   R
5.5-7   M
5.5-8   M
5.6-1   M
5.6-2   M
5.6-3   R
5.6-4   M 13
5.6-5   R
5.6-6   R
5.6-7   R
5.6-8   R
5.6-9   R
5.7-1   R
5.7-2   R
5.8-1   R
5.8-2   M
5.8-3   M
5.9-1   R
5.9-2   R
5.9-3   R
5.10-1  R 6
5.11-1  M
5.11-2  R
5.11-3  R
5.11-4  R
5.12-1  R
5.12-2  R
5.12-3  R
5.13-1  M
6-1     M
6-2     M 7
6-3     M
6-4     R 6
6-5     M 6
""",
    "2.1.1": """\
5.0-1   M
5.1-1   M a
5.1-2   M b
5.1-2A  R
5.1-3   M c
5.1-4   M d
5.1-5   M 14,e
5.2-1   M
5.2-2   R
5.2-3   R
5.3-1   R f
5.3-2   M 15
5.3-3   M g
5.3-4A  R g
5.3-4B  R h
5.3-5   R g
5.3-6A  R h
5.3-6B  R i
5.3-7   M g
5.3-8   M 12
5.3-9   R g
5.3-10  M j
5.3-11  R 12
5.3-12  R 12
5.3-13  M
5.3-14  R 3
5.3-15A R 3
5.3-15B R 3
5.3-16  M
5.4-1   M k
5.4-2   M l
5.4-3   M
5.4-4   M m
5.5-1   M
5.5-2   R
5.5-3   R
5.5-4   R
5.5-5   M n
5.5-6   R o
5.5-7   M o
5.5-8   M 16
5.6-1   M p
5.6-2   M
5.6-3   R
5.6-4A  M q
5.6-4B  R r
5.6-5   R
5.6-6   R
5.6-7   R
5.6-8   R
5.6-9   R
5.7-1   R
5.7-2   R s
5.8-1   R t
5.8-2   M u
5.8-3   M v
5.9-1   R
5.9-2   R
5.9-3   R
5.10-1  R w
5.11-1  M
5.11-2  R x
5.11-3  R
5.11-4  R
5.12-1  R
5.12-2  R
5.12-3  R
5.13-1A M
5.13-1B M
6-1     M
6-2     M y
6-3A    M y
6-3B    M y
6-4     R w
6-5     M w
6-6     M z
6-7     R aa
6-8     R z
""",
}

COUNTS = {
    "1.1.1": {"groups": 68, "cases": 109, "units": 226, "M": 33, "R": 35},
    "2.1.1": {"groups": 78, "cases": 131, "units": 258, "M": 36, "R": 42},
}


def units(edition_id: str) -> list[str]:
    """Unit ids, in the order of the table."""
    found = []
    for line in UNITS[edition_id].splitlines():
        group, *cases = line.split()
        for case in cases:
            number, letters = case.split(":")
            found += [f"{group}-{number}/{letter}" for letter in letters]
    return found


def statuses(edition_id: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Provision id -> status and conditions."""
    found = {}
    for line in STATUS[edition_id].splitlines():
        provision, status, *conditions = line.split()
        found[provision] = (status, tuple(conditions[0].split(",")) if conditions else ())
    return found
