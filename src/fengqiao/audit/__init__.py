"""Audit: the witness. It writes down who read what, who came in, and who broke a glass; it holds no foreign keys.

Nothing here is changed or deleted by anybody: a trigger refuses, and only the retention role may drop what is old enough.
"""
