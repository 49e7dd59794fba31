"""The settings desk: what a centre sets itself, on screen, from a day on, tried before it counts, and never without a trace.

Everything that can be set is a subject (a category, a limit, a year of the calendar, an organisation, a permission). All go one way:
proposed as a change with what was and what is to be, shown what it touches, confirmed by a second person where it opens sealed doors,
and taken into force on its day.
"""
