"""The loop: fifteen states, twenty-six transitions, and the clocks that run in them. Pure; knows no case, no database.

`alphabet` says what exists, `definition` how a kind of case picks its path, `engine` whether a move is possible now and
what follows from it, `deadlines` when it is due. `drawing` and `labels` say the same to people.
"""
