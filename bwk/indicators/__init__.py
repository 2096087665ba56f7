"""Counts, uniques, growth and projection: pure functions on the tidy tables.

No function here decides what may be shown. Beside each count stands the number of people behind
it, for the room that does.
"""
