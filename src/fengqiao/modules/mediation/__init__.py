"""Mediation: two sides in dispute sit down with a mediator, and with some luck agree.

A case is *closed* when the agreement stands, or the mediation ended and the other remedies were told, and somebody who did
not mediate has read the file. Whether an agreement is kept is followed afterwards (decision 16).
"""
