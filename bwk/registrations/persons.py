"""Pseudonyms of the same person, joined: `zelfde_als` in the table of participants."""

from collections.abc import Mapping

import numpy as np
import pandas as pd


def same(participants: pd.DataFrame) -> dict[str, str]:
    """Return the pseudonym that stands for a person, for each that has others beside it.

    >>> pairs = {"deelnemer": ["p1", "p2", "p4"], "zelfde_als": ["p2", "p3", None]}
    >>> same(pd.DataFrame(pairs))
    {'p2': 'p1', 'p3': 'p1'}
    """
    stands_for: dict[str, str] = {}

    def root(pseudonym: str) -> str:
        while pseudonym in stands_for:
            pseudonym = stands_for[pseudonym]
        return pseudonym

    pairs = participants[["deelnemer", "zelfde_als"]].dropna().astype("str")
    for pair in pairs.itertuples(index=False):
        least, most = sorted(map(root, pair))
        if least != most:
            stands_for[most] = least
    return {pseudonym: root(pseudonym) for pseudonym in stands_for}


def joined(pseudonyms: pd.Series, stands_for: Mapping[str, str]) -> pd.Series:
    """Put one pseudonym for each person in a categorical column; its categories stay sorted."""
    categories = pseudonyms.cat.categories
    if not categories.isin([*stands_for]).any():  # saves a copy of millions
        return pseudonyms
    mapped = pd.Index([stands_for.get(name, name) for name in categories], dtype="str")
    persons = mapped.unique().sort_values()
    places = np.append(persons.get_indexer(mapped), -1)  # the last is that of an empty cell
    values = pd.Categorical.from_codes(places[pseudonyms.cat.codes], persons)
    return pd.Series(values, index=pseudonyms.index)


def with_homes(participants: pd.DataFrame) -> pd.DataFrame:
    """Return a row for each person, with the home that stands first."""
    stands_for = same(participants)
    if not stands_for:
        return participants
    people = participants["deelnemer"].replace(stands_for)
    return participants.assign(deelnemer=people).groupby("deelnemer", as_index=False).first()
