"""Access: posts as bundles of permissions, and the doors at which somebody outside becomes an `Act`.

A permission is `"<kind>:<move>"` or a plain one such as `desk:use`. Which post carries which is data: `posts.csv` is the
seed, the centre may change the rows. What an actor may see is set once a transaction, in `acting`.
"""
