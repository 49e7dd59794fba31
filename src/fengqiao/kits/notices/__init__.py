"""Notices: telling people what they must know, in their own language, once, by the ways they can be reached.

A notice is kept as a sentence with facts and shown in the reader's language. What leaves the house (a text message, a
work notice) says the number, the kind, the clock and the town, and nothing personal. This kit knows no case.
"""
