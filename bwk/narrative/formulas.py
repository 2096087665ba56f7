from collections.abc import Iterator


def proposed(claim, words, said, sheets) -> Iterator:
    return iter(())
