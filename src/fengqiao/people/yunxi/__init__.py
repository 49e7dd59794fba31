"""Yunxi 云溪区, a district that does not exist: its ground, its bodies and its people, the same at every start.

It has the shape of a real one (1 centre, 3 sub-centres, 12 towns, 213 villages, 833 grids) and the code 990101, which no
place has. Every name is put together by chance; whoever recognises somebody is mistaken.
"""
