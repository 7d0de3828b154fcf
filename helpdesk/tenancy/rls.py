"""The migration operation that makes a table a tenant's table (decisions 1 to 4).

ENABLE, not FORCE: ``app`` and ``worker`` own nothing, and the owner's data migrations and dumps work.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db.migrations.operations.base import Operation
from django.db.models import Model

from helpdesk.tenancy.models import TenantForeignKey

TENANT = "organization_id = nullif(current_setting('app.tenant', true), '')::bigint"


MEMBER = "nullif(current_setting('app.member', true), '')::bigint"


class SecureTables(Operation):
    """Row-level security, ``UNIQUE (organization_id, id)`` and composite foreign keys for each model.

    ``worker`` names the tables whose rows a claimer may see across organizations; they are listed
    literally in ``tests/helpdesk/test_row_level_security.py``.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, *models: str, worker: tuple[str, ...] = ()) -> None:
        self.models, self.worker = models, worker

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return self.__class__.__name__, list(self.models), {"worker": self.worker}

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change: only their tables do."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        models = [to_state.apps.get_model(app_label, name) for name in self.models]
        for model in models:
            for statement in secure(model):
                schema_editor.execute(statement)
            if model.__name__ in self.worker:
                schema_editor.execute(open_to_worker(model._meta.db_table))
        for model in models:
            for statement in composite_keys(model):
                schema_editor.execute(statement)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Nothing to do: the tables go with the migration that made them."""

    def describe(self) -> str:
        return f"Secure the tenant tables {', '.join(self.models)}"


def secure(model: type[Model]) -> list[str]:
    """SQL that turns row-level security on for the model's table and gives it its composite key."""
    table = model._meta.db_table
    return [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'CREATE POLICY tenant ON "{table}" USING ({TENANT}) WITH CHECK ({TENANT})',
        f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_key" UNIQUE (organization_id, id)',
    ]


def composite_keys(model: type[Model]) -> list[str]:
    """SQL for every foreign key of the model to another tenant table, with the organization in it."""
    table = model._meta.db_table
    statements = []
    for field in model._meta.local_fields:
        if not isinstance(field, TenantForeignKey):
            continue
        parent = field.related_model._meta.db_table  # type: ignore[union-attr]
        statements.append(
            f'ALTER TABLE "{table}" ADD CONSTRAINT "{table}_{field.column}_fk" '
            f"FOREIGN KEY (organization_id, {field.column}) "
            f'REFERENCES "{parent}" (organization_id, id) DEFERRABLE INITIALLY IMMEDIATE'
        )
    return statements


def open_to_worker(table: str) -> str:
    """SQL for the policy that lets a claimer see the rows of a queue table across organizations."""
    role = settings.DATABASE_ROLES["worker"]
    return f'CREATE POLICY claim ON "{table}" TO "{role}" USING (true)'


def narrow(table: str, condition: str) -> str:
    """SQL for the policy that takes rows away from people at the door; what they write is not narrowed.

    Workers are not asked: they act for the organization.
    """
    role = settings.DATABASE_ROLES["app"]
    return (
        f'CREATE POLICY scope ON "{table}" AS RESTRICTIVE TO "{role}" USING ({condition}) WITH CHECK (true)'
    )
