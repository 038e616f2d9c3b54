"""How long the server lets background work go on before it ends the process, and how much of that is left."""

import resource
import time

from odoo.addons.base.models.ir_cron import MIN_TIME_PER_JOB
from odoo.tools import config

USABLE = 0.8
"""Share of the time that is used: other jobs may have run before this one."""
FRESH = 0.1
"""So much of it may be over when something long is begun."""


class TooLong(Exception):
    """Something that cannot be done in the time that the server allows."""


def get_limits():
    """Return for how many seconds, and for how many of processor time, a cron may run; None: as long as it likes."""
    real = config["limit_time_real_cron"]
    if real < 0 or (not real and not config["workers"]):
        real = config["limit_time_real"]
    return real or None, (config["workers"] and config["limit_time_cpu"]) or None


def get_seconds():
    """Return how many seconds of work can be had at most in one go; None: as many as one likes."""
    return min((limit * USABLE for limit in get_limits() if limit), default=None)


class Stint:
    """The time that one run of a scheduled action has, from the beginning of its job."""

    def __init__(self, env):
        """:param env: of the job, whose context says when it began; outside of one: now"""
        now = time.monotonic()
        self._begin = env.context.get("cron_end_time", now + MIN_TIME_PER_JOB) - MIN_TIME_PER_JOB
        self._limits = get_limits()

    def is_fresh(self):
        """Tell whether something long may be begun."""
        return self._get_share() < FRESH

    def check(self):
        """Raise :class:`TooLong` when the time is over."""
        if self._get_share() >= USABLE:
            raise TooLong()

    def _get_share(self):
        real, cpu = self._limits
        end, _hard = resource.getrlimit(resource.RLIMIT_CPU)  # where the server ends this round of jobs
        left = end - time.process_time() if cpu and end != resource.RLIM_INFINITY else cpu
        return max((time.monotonic() - self._begin) / real if real else 0.0, 1 - left / cpu if cpu else 0.0)
