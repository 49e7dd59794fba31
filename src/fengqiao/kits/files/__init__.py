"""Files: what was sent is cleaned, hashed and kept under a random name, and comes out only past a policy.

Upload first, bind later: a file nobody bound to a case within a day is dropped. The kit knows no case; who may read a
bound file is told to it by whoever registers a policy.
"""
