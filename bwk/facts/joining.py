"""Small services taken together as one, in everything that is issued (`samen_nemen`).

A service that few people use makes that larger numbers are held back with it. Joined to others it
is told as a part of them. Which services are joined is decided once, and noted with what is issued:
another choice in a later period would tell them apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from bwk.facts.registry import SUCCESSION, Place
from bwk.registrations import Registrations

OTHERS, CALLED = "overige-diensten", "Overige diensten"


def with_others(data: Registrations, joined: Place) -> Registrations:
    """Return the registrations with one service more, of which some others were names before.

    Parameters
    ----------
    data : Registrations
    joined : tuple of str
        Slugs of the services.
    """
    if not joined:
        return data
    service, successor = SUCCESSION
    services = data.services[data.services[service] != OTHERS]
    heirs = services[successor].astype(object).where(~services[service].isin(joined), OTHERS)
    row = pd.DataFrame({service: [OTHERS], "naam": [CALLED]})
    table = pd.concat([services.assign(**{successor: heirs}), row], ignore_index=True)
    return replace(data, services=table.astype(data.services.dtypes.to_dict()))


def choices(users: Mapping[str, Sequence[int]], threshold: int) -> Iterator[Place]:
    """Yield the services that could be joined: none, the two smallest, half and all small ones.

    Parameters
    ----------
    users : mapping of str to sequence of int
        Slug of a service to the people who used it, at each location, about.
    threshold : int
        A service is small where no more people used it, at any location.
    """
    yield ()
    small = [
        service
        for service, numbers in users.items()
        if service != OTHERS and any(0 < number <= threshold for number in numbers)
    ]
    small.sort(key=lambda service: sum(users[service]))
    for number in sorted({2, len(small) // 2, len(small)}):
        if 2 <= number <= len(small):
            yield tuple(sorted(small[:number]))
