"""Maps: coordinates of any Chinese map, distances in metres, and a drawing of the ground that needs no JavaScript.

Places themselves (which grid is this?) are known by `people.queries`; this kit measures and draws.
"""
