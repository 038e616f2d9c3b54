from . import engine, models, rules, wizards
from . import demo
from .hooks import post_init_hook, uninstall_hook
