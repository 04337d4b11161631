"""From interfaces and mechanisms to ports and logical interfaces: sorted by their type, and what moved is proposed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_etsi.profile._document import raw
from pytest_etsi.profile._expect import known_keys
from pytest_etsi.profile._tables import models_for
from pytest_etsi.profile._yaml import Mapping, Scalar, Sequence
from pytest_etsi.profile.migration._table_text import identity, is_empty, keep_as_comment, mark, propose
from pytest_etsi.profile.migration._text import Block, Part, mapping_of, scalar, sequence_of
from pytest_etsi.profile.migration.left import Left

if TYPE_CHECKING:
    from typing import Any

    from pytest_etsi.profile._model import Entry
    from pytest_etsi.profile._tables import Ixit
    from pytest_etsi.profile._yaml import Node
    from pytest_etsi.profile.entries import ComMechEntry
    from pytest_etsi.profile.migration._table_text import TableText
    from pytest_etsi.standard import Table
    from pytest_etsi.standard.crosswalk import Crosswalk

__all__ = ["Interfaces"]

_TYPES = ("network", "logical", "physical", "air")
_CONNECTING = ("direction", "peers", "retry_first_s", "retry_max_s", "retry_jitter")
"""Facts of a mechanism that say how connections begin: in the later edition the interface says so."""
_MEASURES = "Resilience Measures"


class Interfaces:
    """Sorts and proposes in tables that have their later names already.

    Args:
        new: the tables, which are changed.
        walk: from the earlier edition to the later one.
        ixit: the earlier tables as they are read.
    """

    def __init__(self, new: dict[str, TableText], walk: Crosswalk, ixit: Ixit) -> None:
        self.new, self.ixit = new, ixit
        later = walk.new.renamed_tables
        self.ports, self.logical = later["15-Intf"], later["28-ExtAPI"]
        self.mechanisms = later["11-ComMech"]
        self.measures: dict[str, Node] = {
            identity(block): block.parts[_MEASURES].node
            for block in new[self.mechanisms].blocks
            if _MEASURES in block.parts and not is_empty(block.parts[_MEASURES].node)
        }

    def sort(self) -> None:
        """Ports and radios stay, logical interfaces go to a table of their own."""
        ports, there = self.new[self.ports], self.new[self.logical]
        kept: list[Block] = []
        for block in ports.blocks:
            name = identity(block)
            types = self._types(name)
            if not types and "ID" in block.parts:
                why = f"does not tell whether it belongs here or to {self.logical}"
                block.parts["ID"].left = Left("confirm-value", f"{self.ports}/{name}: Type", why)
            if "logical" not in types or not isinstance(there.content, list):
                _say_ports(block)
                kept.append(block)
                continue
            if taken := there.get(name):
                why = f"15-Intf has an entry of the same ID, {name}: see whether they are one interface"
                keep_as_comment(taken, f"{self.logical}/{name}", block.parts.values(), why)
                continue
            moved = block
            if types & {"physical", "air"}:
                moved = Block(dict(block.parts), list(block.comments))
                mark(moved, "ID", f"{self.ports}/{name}, which was a logical interface as well")
                _take_logical_out(block)
                _say_ports(block)
                kept.append(block)
            _say_network(moved, network="network" in types)
            there.add(moved)
        if isinstance(ports.content, list):
            ports.content = kept

    def _types(self, name: str) -> set[str]:
        entry = self.ixit.intf.get(name)
        if entry is None:
            return set()
        said = entry.values.get("Type", "")
        text = (" ".join(said) if isinstance(said, tuple) else said).lower()
        return {*entry.facts.type, *(one for one in _TYPES if re.search(rf"(?<!\w){one}(?!\w)", text))}

    def has_moved(self, table: Table, name: str) -> bool:
        """Whether an entry of a table was an interface of 15-Intf."""
        return table.id == self.logical and self.ixit.intf.get(name) is not None

    def propose(self) -> None:
        """What the later edition asks of an interface and the earlier documents tell elsewhere."""
        for entry in self.ixit.com_mech:
            self._place_measures(entry)
        for entry in self.ixit.com_mech:
            block = self.new[self.mechanisms].get(entry.id)
            there = self._met_by(entry)
            if block is not None and there and "Interface" not in block.parts:
                self._propose_interface(block, [identity(one) for one in there], entry)
        self._propose_sources()
        for api in self.ixit.ext_api:
            block = self.new[self.logical].get(api.id)
            if block is not None and "Status" not in block.parts and api.facts.enabled is not None:
                state = "enabled" if api.facts.enabled else "disabled"
                propose(block, self.logical, Part("Status", scalar(state)), "taken from facts.enabled")

    def _place_measures(self, entry: ComMechEntry) -> None:
        """What a mechanism said of its connections belongs to the interface that it uses."""
        block, measures = self.new[self.mechanisms].get(entry.id), self.measures.get(entry.id)
        if block is None or measures is None:
            return
        there = self._met_by(entry)
        if not there and entry.facts.direction != "outgoing":
            left = Left(
                "no-place",
                f"{self.mechanisms}/{entry.id}: {_MEASURES}",
                f"they belong to an entry of {self.logical}, and none is known to answer where the mechanism does",
            )
            block.notes.append((f"# {_MEASURES} belong to an entry of {self.logical}.", left))
            return
        for one in there or [self._further(entry, block)]:
            before = one.parts.get(_MEASURES)
            if before is not None and before.left is None:
                continue  # they are written there
            node = measures if before is None else scalar(f"{raw(before.node)} {raw(measures)}")
            also = "" if before is None else " and others"
            propose(one, self.logical, Part(_MEASURES, node), f"taken over from 11-ComMech/{entry.id}{also}")
            self._propose_facts(one, block, entry.id)

    def _met_by(self, mechanism: ComMechEntry) -> list[Block]:
        """The interfaces that answer where a mechanism does; of several at one port those of its name, if there are."""
        wanted = _endpoints(mechanism)
        if not wanted:
            silent = [one for one in self.new[self.logical].blocks if not self._endpoints_of(identity(one))]
            return [one for one in silent if _stem(identity(one)) == _stem(mechanism.id)]
        met = [one for one in self.new[self.logical].blocks if wanted & self._endpoints_of(identity(one))]
        names = {_stem(one.id) for one in self.ixit.com_mech if _endpoints(one) & wanted}
        own = _stem(mechanism.id)
        return [one for one in met if (stem := _stem(identity(one))) == own or stem not in names]

    def _endpoints_of(self, name: str) -> set[str]:
        entries: list[Entry[Any, Any] | None] = [self.ixit.ext_api.get(name)]
        if "logical" in self._types(name):
            entries.append(self.ixit.intf.get(name))
        return {one for entry in entries if entry is not None for one in _endpoints(entry)}

    def _further(self, entry: ComMechEntry, mechanism: Block) -> Block:
        """A drafted interface for a mechanism by which the device itself begins connections."""
        table = self.new[self.logical]
        stem = f"LogIntf-{entry.id.removeprefix('ComMech-')}"
        names = (stem, *(f"{stem}-{number}" for number in range(2, 1000)))
        name = next(one for one in names if table.get(one) is None)
        why = f"an entry is proposed for 11-ComMech/{entry.id}, by which the device calls others"
        left = Left("confirm-value", f"{self.logical}/{name}", f"{why}; confirm it")
        block = Block({"ID": Part("ID", scalar(name), left=left)}, [""])
        mark(block, "ID", f"11-ComMech/{entry.id}")
        if (description := mechanism.parts.get("Description")) is not None:
            block.put(Part("Description", description.node))
        block.put(Part("Status", scalar("enabled")))
        table.add(block)
        self._propose_interface(mechanism, [name], entry)
        return block

    def _propose_facts(self, block: Block, mechanism: Block, name: str) -> None:
        fit = set(known_keys(models_for(self.logical)[0], ()))
        theirs, ours = mechanism.parts.get("facts"), block.parts.get("facts")
        if theirs is None or not isinstance(theirs.node, Mapping):
            return
        items = dict(ours.node.items) if ours is not None and isinstance(ours.node, Mapping) else {}
        taken = {
            key: item
            for key, item in theirs.node.items.items()
            if key in _CONNECTING and key in fit and key not in items
        }
        if taken:
            block.put(Part("facts", mapping_of(items | taken), None, ours.comments if ours else []))
            for key in taken:
                mark(block, f"facts.{key}", f"11-ComMech/{name}")

    def _propose_interface(self, block: Block, names: list[str], entry: ComMechEntry) -> None:
        remote = entry.facts.remote
        said = "" if remote is None else f" (remotely accessible: {'yes' if remote else 'no'})"
        why = "answers where the mechanism does" if entry.facts.endpoint else "proposed with the mechanism"
        propose(block, self.mechanisms, Part("Interface", scalar(", ".join(names) + said)), why)

    def _propose_sources(self) -> None:
        """What a validation method says of its sources to programs, as the field that says it to people."""
        table = next(one for one in self.new if one.endswith("-InpVal"))
        into = [one for one in self.new if one.endswith("-UserIntf") or one == self.logical]
        for entry in self.ixit.inp_val:
            block = self.new[table].get(entry.id)
            if block is None or "Source" in block.parts:
                continue
            calls = {name: f"LogIntf-{name.removeprefix('ComMech-')}" for name in entry.facts.sources}
            named = [
                one
                for name in entry.facts.sources
                for one in (calls[name] if self.ixit.com_mech.get(name) else name,)
                if any(self.new[where].get(one) for where in into)
            ]
            if named:
                propose(block, table, Part("Source", scalar(", ".join(named))), "taken from facts.sources")


def _stem(name: str) -> str:
    """What an ID names beside its table: "ExtAPI-Web" and "ComMech-Web" both name "web"."""
    return name.partition("-")[2].casefold()


def _endpoints(entry: Entry[Any, Any]) -> set[str]:
    """Where an entry answers; as it is written where the value is filled in from outside, which may be a stand-in."""
    facts = entry.raw.get("facts")
    written = facts.get("endpoint") if isinstance(facts, dict) else None
    several = written if isinstance(written, list) else [written]
    if any("${" in str(one) for one in several):
        return {str(one) for one in several}
    return {str(one) for one in entry.facts.endpoint}


def _say_ports(block: Block) -> None:
    """A physical interface is a physical port in the words of the later edition."""
    part = block.parts.get("Type")
    if part is None:
        return
    if isinstance(part.node, Scalar):
        said = re.sub(r"(?i)(?<!\w)physical(?: interface)?(?!\w| port)", "physical port", part.node.text)
        if said != part.node.text:
            block.parts["Type"] = Part("Type", scalar(said), None, part.comments)
    elif isinstance(part.node, Sequence):
        items: list[Node] = [
            scalar("physical port") if _says(one, "physical", "physical interface") else one
            for one in part.node.items
        ]
        block.parts["Type"] = Part("Type", sequence_of(items), None, part.comments)


def _says(node: Node, *words: str) -> bool:
    return isinstance(node, Scalar) and node.text.strip().lower() in words


def _take_logical_out(block: Block) -> None:
    part, facts = block.parts.get("Type"), block.parts.get("facts")
    if part is not None and isinstance(part.node, Scalar):
        words = [one.strip() for one in re.split(r"[,;/]", part.node.text)]
        said = ", ".join(one for one in words if one.lower() not in ("logical", "logical interface"))
        block.parts["Type"] = Part("Type", scalar(said), None, part.comments)
    elif part is not None and isinstance(part.node, Sequence):
        items = [one for one in part.node.items if not _says(one, "logical", "logical interface")]
        block.parts["Type"] = Part("Type", sequence_of(items), None, part.comments)
    if facts is None or not isinstance(facts.node, Mapping):
        return
    if isinstance(types := facts.node.get("type"), Sequence):
        kept = sequence_of([one for one in types.items if not _says(one, "logical")])
        block.parts["facts"] = Part(
            "facts", mapping_of(dict(facts.node.items) | {"type": kept}), None, facts.comments
        )


def _say_network(block: Block, *, network: bool) -> None:
    """The table says that an interface is logical; whether it is one of the network becomes a fact."""
    facts = block.parts.get("facts")
    items = dict(facts.node.items) if facts is not None and isinstance(facts.node, Mapping) else {}
    items.pop("type", None)
    items.setdefault("network", scalar("true" if network else "false", plain=True))
    block.put(Part("facts", mapping_of(items), None, facts.comments if facts else []))
