"""The one exception that users are meant to see."""


class Failure(Exception):
    """Something went wrong that the user can cure: what it is, and what to do about it, in one line."""

    def __init__(self, problem: str, cure: str = ""):
        super().__init__(f"{problem}: {cure}" if cure else problem)
        self.problem = problem
        self.cure = cure
