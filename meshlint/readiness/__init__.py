"""Can this mesh go STRICT: which workloads, in which order, and what breaks?"""
