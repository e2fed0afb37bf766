"""What silences findings, in files: comments and annotations; and outside of them: a baseline.

`markers.py` tells whether a source can hold a silencer, `collect.py` finds them, `apply.py` lays them
over the results and says which silenced nothing, `baseline.py` knows the findings of earlier runs.
Nothing but the first is imported by a run that has none.
"""
