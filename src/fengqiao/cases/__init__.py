"""Cases: the one way in for every change of anything that was reported.

A case is *closed* when somebody other than the handler has confirmed the result and the reporter has been told.
Writes are in ``services`` (open, move), ``requests`` (side requests) and ``family`` (parts of a case); reads in ``queries``.
"""
