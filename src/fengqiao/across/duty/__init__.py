"""Duty: who has it now, whom the ladder and every order reach, and how one shift hands over to the next.

Nobody is told by a fixed name: whoever must know is asked of the roster at that moment, and where nobody has duty the
notice goes one rung further up and says so. A handover is closed when both have signed; it is never changed afterwards.
"""
