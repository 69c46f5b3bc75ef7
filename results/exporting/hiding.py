"""Which groups are too small to be told of, and which others go with them. Pure: no Django."""

from collections.abc import Mapping

# Fewer agencies than this are never told of in one figure.
LEAST = 5


def hidden(sizes: Mapping[str, int]) -> frozenset[str]:
    """The names of the groups whose figures stay untold, given how many agencies each has.

    The figures of all groups together are told: what is left when the told groups are taken away from them must
    itself be at least LEAST agencies in at least two groups, or it would tell of the small ones. So the smallest of
    the others are hidden along, as few as will do.
    """
    order = sorted(sizes, key=lambda name: (sizes[name], name))
    small = [name for name in order if sizes[name] < LEAST]
    if not small:
        return frozenset()
    others = iter(order[len(small) :])
    kept_back = list(small)
    while len(kept_back) < 2 or sum(sizes[name] for name in kept_back) < LEAST:
        another = next(others, None)
        if another is None:
            break
        kept_back.append(another)
    return frozenset(kept_back)
