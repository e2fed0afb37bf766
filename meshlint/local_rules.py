"""The rules that look at one resource alone, run over those of many sources at once (`Resolver.run_together`)."""

from meshlint.mapped import Mapped
from meshlint.mesh.context import Origin
from meshlint.model.base import TOGETHER, Resource
from meshlint.results import Resolver
from meshlint.ruleset import RuleSet


class LocalRules:
    """Resources that wait until there are enough of them."""

    def __init__(self, rules: RuleSet) -> None:
        self.rules = rules
        self._origins: dict[Resource, Origin] = {}
        self._resolver = Resolver(self._origins.__getitem__, lambda _: (None, 0))
        self._mapped: list[Mapped] = []

    @property
    def is_full(self) -> bool:
        """Whether it is time to `run`."""
        return len(self._mapped) >= TOGETHER

    def add(self, resource: Resource, origin: Origin, mapped: Mapped) -> None:
        """Let a resource wait. What is found goes to `mapped`."""
        self._origins[resource] = origin
        self._mapped.append(mapped)

    def run(self) -> None:
        """Judge all that wait. Raises OptionsError."""
        for number, results in self._resolver.run_together(self.rules.local, self._origins):
            self._mapped[number].results += results
        self._origins.clear()
        self._mapped.clear()
