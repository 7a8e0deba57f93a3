"""What import-linter cannot see of the house."""

import pytest
from conftest import ROOT

LONGEST = 400


@pytest.mark.parametrize("package", ["bot", "retrieval", "tests"])
def test_a_module_is_read_at_one_sitting(package: str) -> None:
    lines = {
        str(module.relative_to(ROOT)): len(module.read_text(encoding="utf-8").splitlines())
        for module in (ROOT / package).rglob("*.py")
    }
    assert len(lines) > 50
    assert {module: count for module, count in lines.items() if count > LONGEST} == {}
