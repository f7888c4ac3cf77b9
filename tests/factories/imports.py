"""What every module of the project imports, and who imports what it should not."""

import ast
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("annuaire", "search", "importers")


def modules() -> dict[str, set[str]]:
    """Every module of the project with the modules that it imports."""
    found: dict[str, set[str]] = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            name = name.removesuffix(".__init__")
            found[name] = set(_imports(ast.parse(path.read_text(encoding="utf-8"))))
    return found


def _imports(tree: ast.Module) -> list[str]:
    names: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names += [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names += [f"{node.module}.{alias.name}" for alias in node.names]
    return names


ALL = modules()


def within(name: str, *rooms: str) -> bool:
    return any(name == room or name.startswith(f"{room}.") for room in rooms)


def own(name: str) -> bool:
    return within(name, *PACKAGES)


def offenders(
    who: tuple[str, ...], forbidden: tuple[str, ...], allowed: tuple[str, ...] = ()
) -> list[tuple[str, str]]:
    """What modules of `who` import of what is forbidden and not allowed: (module, imported)."""
    return [
        (module, imported)
        for module, imports in ALL.items()
        if within(module, *who)
        for imported in imports
        if within(imported, *forbidden) and not within(imported, *allowed)
    ]
