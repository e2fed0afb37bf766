"""How far meshlint agrees with the tests of other tools: one module per tool, each with `measure`."""
