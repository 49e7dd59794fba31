"""Intake: how anything reaches the house, whatever way it comes and whatever kind it is.

It finds the place, proposes who should take it and says why, shows what was reported nearby before, and hands out a
receipt with which anybody can follow the matter to its end without an account.
"""
