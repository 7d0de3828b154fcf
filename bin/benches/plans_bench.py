"""`bin/bench plans`: no measure, but the plans behind the measures, as the roles that run them."""

from __future__ import annotations

from typing import Any

from benches import plans
from benches.ground import ground


def run() -> dict[str, Any]:
    """Print every plan; the file they are kept in."""
    with ground() as here:
        long = here.ask(
            "SELECT number FROM tickets_ticket t JOIN helpdesk_organization o ON o.id = t.organization_id "
            "WHERE o.slug = %s AND t.id %% 40 = 7 AND t.state IN ('new', 'open') ORDER BY t.id DESC LIMIT 1",
            [plans.SLUG],
        )[0][0]
        for which in ("app", "worker"):
            here.python("benches.plans", which, str(long), which=which, DATABASE_PLANS="0")
            log = here.var / "log" / "benches.plans.log"
            print(log.read_text())
            log.rename(log.with_name(f"plans-{which}.log"))
    return {"measured": {}}
