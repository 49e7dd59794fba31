"""Requests about personal data (L9 §44-50): to read, copy, correct, delete or have explained what is kept with a report.

A case is closed when the privacy officer has decided, a second person has read the decision, what was granted has been
carried out and whoever asked was told, with the reason of whatever was refused.
"""
