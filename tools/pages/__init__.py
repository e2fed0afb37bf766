"""Pages of the documentation that are generated: of rules, their indexes, the commands, the picture of a run."""
