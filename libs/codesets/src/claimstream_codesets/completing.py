"""From the code that a wording names to the code that may be billed: the «unspecified» child, the right encounter.

The index stops at «S93.40-» or «Z34.9-». Where the text says no more, the complete code is the child that says
«unspecified»; an injury's seventh character tells first treatment (A) from later care (D).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

_FULL = 7
_EPISODES = {"initial": "A", "subsequent": "D"}


@dataclass(frozen=True)
class Tabular:
    """The tabular list as a tree: text and billable flag by code without a dot, and the children of each."""

    texts: Mapping[str, str]
    billable: frozenset[str]
    children: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def of(cls, texts: Mapping[str, str], billable: frozenset[str]) -> "Tabular":
        """The tree; a parent is the longest shorter code with the same beginning."""
        children: dict[str, list[str]] = {}
        for code in sorted(texts):
            parent = next((code[:size] for size in range(len(code) - 1, 2, -1) if code[:size] in texts), "")
            children.setdefault(parent, []).append(code)
        return cls(texts, billable, {parent: tuple(codes) for parent, codes in children.items()})

    def complete(self, code: str, episode: str = "initial") -> str | None:
        """The billable code for ``code`` where nothing more is known; None where a person must choose."""
        if code not in self.texts:
            return None
        while code not in self.billable:
            step = self._next(code, episode)
            if step is None:
                return None
            code = step
        return code

    def _next(self, code: str, episode: str) -> str | None:
        children = self.children.get(code, ())
        if len(children) == 1:
            return children[0]
        by_episode = [child for child in children if len(child) == _FULL and child.endswith(_EPISODES[episode])]
        if by_episode and all(len(child) == _FULL for child in children):
            return by_episode[0]
        return self._least_specific(children)

    def _least_specific(self, children: tuple[str, ...]) -> str | None:
        counts = sorted(((self.texts[child].lower().count("unspecified"), child) for child in children), reverse=True)
        if not counts or counts[0][0] == 0:
            return None
        if len(counts) > 1 and counts[0][0] == counts[1][0]:
            return None
        return counts[0][1]
