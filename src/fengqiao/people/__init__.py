"""People and places: who works where, in which post, for which piece of ground, and when they work.

Everything here is reference data: read on nearly every request, changed a few times a day. So reads are answered from
the process's memory and refreshed when the edition in the database has moved on.
"""
