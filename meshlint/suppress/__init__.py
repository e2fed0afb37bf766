"""What silences findings, in files: comments and annotations; and outside of them: a baseline.

`collect.py` finds the silencers of the sources, `apply.py` lays them over the results and says
which silenced nothing, `baseline.py` knows the findings of earlier runs.
"""

from meshlint.suppress.apply import Silencing, silence
from meshlint.suppress.baseline import Baseline, BaselineError

__all__ = ["Baseline", "BaselineError", "Silencing", "silence"]
