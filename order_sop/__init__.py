from . import engine, models, rules, wizards, controllers
from . import reports
from . import demo
from .hooks import post_init_hook, pre_init_hook, uninstall_hook
