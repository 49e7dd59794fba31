"""Cases: the one way in for every change of anything that was reported.

A case is *closed* when somebody other than the handler has confirmed the result and the reporter has been told.
Modules import from here: ``open_case``, ``move_case``, ``dispatch``, ``read``.
"""
