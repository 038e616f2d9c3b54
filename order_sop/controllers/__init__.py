from . import portal
from . import settlement
from . import statement
from . import tracking
