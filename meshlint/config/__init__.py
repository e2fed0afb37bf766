"""`.meshlint.yaml`: where it is found, what it may say, and what is wrong with one.

`model.py` holds the struct of all settings; `file.py` finds and reads the file; `merge.py` lays the
command line over it; `explain.py`, imported only for a file that is wrong, says what and where.
"""

from meshlint.config.file import ConfigFile, find, read_config
from meshlint.config.flaws import ConfigError, Flaw
from meshlint.config.merge import Effective, merged
from meshlint.config.model import Config, PerPath

__all__ = ["Config", "ConfigError", "ConfigFile", "Effective", "Flaw", "PerPath", "find", "merged", "read_config"]
