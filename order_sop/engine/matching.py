"""Whether there are enough people for what different people have to do."""


def can_fill(seats):
    """Tell whether each of ``seats`` (ids of who may take it) can be taken by somebody else than all others: a maximum
    bipartite matching by augmenting paths."""
    taken = {}

    def fill(place, tried):
        for user_id in seats[place]:
            if user_id not in tried:
                tried.add(user_id)
                if user_id not in taken or fill(taken[user_id], tried):
                    taken[user_id] = place
                    return True
        return False

    return all(fill(place, set()) for place in range(len(seats)))
