"""The typed object graph of the mesh: one module per question, answered as istiod answers it."""
