"""Machine-made mutants of a solution: what a careless change of one place would make of it.

mutmut's mutators change operators, comparisons, constants, keywords and arguments. Ours add what it does not have: dropped
statements, swapped arguments and operands, constants that are one less, transposes that are missing.
"""

from __future__ import annotations

import ast
import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import cast

from libcst import MetadataWrapper, Module, parse_module
from mutmut.mutation.file_mutation import MutationVisitor, deep_replace
from mutmut.mutation.mutators import mutation_operators
from mutmut.mutation.pragma_handling import IgnoredCode

_COMMUTATIVE_CALLS = {"maximum", "minimum", "max", "min", "add", "multiply", "logaddexp", "hypot", "array_equal"}
_ORDERED_OPERATORS = (ast.Sub, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow, ast.MatMult)


@dataclass(frozen=True)
class Mutant:
    """A changed solution. `change` is what the change looks like: "old line -> new line"."""

    source: str
    change: str


def mutants(source: str) -> list[Mutant]:
    """Every mutant of the cell of an exercise, each once; those that only change the words of an error are left out."""
    original = _without_error_texts(source)
    found: dict[str, Mutant] = {}
    for mutated in (*_by_mutmut(source), *_by_us(source)):
        tree = _without_error_texts(mutated)
        if tree != original and tree not in found:
            found[tree] = Mutant(mutated, _change(source, mutated))
    return list(found.values())


def _by_mutmut(source: str) -> Iterator[str]:
    visitor = MutationVisitor(mutation_operators, IgnoredCode(set(), set(), set()))
    module = MetadataWrapper(parse_module(source)).visit(visitor)
    for mutation in visitor.mutations:
        yield cast(Module, deep_replace(module, mutation.original_node, mutation.mutated_node)).code


def _by_us(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        match node:
            case (
                ast.AugAssign() | ast.If(orelse=[]) | ast.Expr(value=ast.Call()) | ast.Assign(targets=[ast.Subscript()])
            ):
                yield _replace(source, node, "pass")
            case ast.Call(args=[_, _, *_]) if _called_name(node) not in _COMMUTATIVE_CALLS:
                plain = [argument for argument in node.args if not isinstance(argument, ast.Starred)]
                for first, second in zip(plain, plain[1:], strict=False):
                    yield _swap(source, first, second)
            case ast.BinOp() if isinstance(node.op, _ORDERED_OPERATORS):
                yield _swap(source, node.left, node.right)
            case ast.Constant(value=int(value)) if not isinstance(value, bool):
                yield _replace(source, node, f"({value - 1})")
            case ast.Attribute(attr="T"):
                yield _replace(source, node, _text(source, node.value))


def _called_name(call: ast.Call) -> str:
    match call.func:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _span(source: str, node: ast.AST) -> tuple[int, int]:
    """The offsets of a node in the source."""
    assert isinstance(node, (ast.expr, ast.stmt))
    lines = source.splitlines(keepends=True)

    def offset(line: int, column: int) -> int:
        return sum(map(len, lines[: line - 1])) + len(lines[line - 1].encode()[:column].decode())

    return offset(node.lineno, node.col_offset), offset(node.end_lineno or 0, node.end_col_offset or 0)


def _text(source: str, node: ast.AST) -> str:
    start, end = _span(source, node)
    return source[start:end]


def _replace(source: str, node: ast.AST, text: str) -> str:
    start, end = _span(source, node)
    return source[:start] + text + source[end:]


def _swap(source: str, first: ast.AST, second: ast.AST) -> str:
    (a, b), (c, d) = _span(source, first), _span(source, second)
    return f"{source[:a]}({source[c:d]}){source[b:c]}({source[a:b]}){source[d:]}"


def _without_error_texts(source: str) -> str:
    """The syntax tree of a source, whatever its exceptions say: no test asks for the words of a message."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
            node.exc.args = []
    return ast.dump(tree)


def _change(before: str, after: str) -> str:
    lines = [line for line in difflib.ndiff(before.split("\n"), after.split("\n")) if line[:2] in ("- ", "+ ")]
    removed = " / ".join(line[2:].strip() for line in lines if line[0] == "-")
    added = " / ".join(line[2:].strip() for line in lines if line[0] == "+")
    return f"{removed} -> {added}"
