"""Tables made at once: what keeps a first start short.

Django renders the models that touch a changed one after every operation of a migration, and every table of ours
touches the organization: some hundred models, several hundred times. Operations in a row that change tables are here
one operation: the models are rendered once, as all of them leave them, and each new table is made like that.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from django.db.migrations.operations import AddConstraint, AddField, AddIndex, AlterField, CreateModel
from django.db.migrations.operations.base import Operation

CHANGES = (CreateModel, AddField, AlterField, AddIndex, AddConstraint)


class Together(Operation):
    """Several changes of tables as one: same state and same tables as one by one.

    None may need another to be in the database before it: no data is moved between them.
    """

    reversible = False

    def __init__(self, operations: list[Any]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, [self.operations], {}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """Every change, while no model is rendered; whoever asks for the models next renders them once."""
        state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(app_label, state)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        made = set()
        for operation in self.operations:
            if isinstance(operation, CreateModel):
                made.add(operation.name_lower)
            elif operation.model_name_lower in made:
                continue  # the table was made with it
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Make {len(self.operations)} changes of tables together"


def together(operations: list[Any]) -> list[Any]:
    """The operations of a migration, those that change tables and follow each other as one."""
    found: list[Any] = []
    for is_change, some in groupby(operations, lambda one: isinstance(one, CHANGES)):
        group = list(some)
        found += [Together(group)] if is_change else group
    return found
