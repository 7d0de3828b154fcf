"""What the board says in sentences: durations, how a channel is, what will happen."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_social.enums import AccountState
from helpdesk.ui.dates import NBSP, ago_words, hour_words
from tickets.supervision.queries.channels import Channel, LaneLine
from tickets.supervision.rules.forecast import Forecast

# Nobody read the account for so long: the same as the alarm's (care.md 5).
UNREAD = timedelta(minutes=15)
MICROS = 1_000_000


def lasting(time: timedelta) -> str:
    """«12 min», «41 h», «3 d»; never a clock."""
    minutes = int(time.total_seconds()) // 60
    if minutes < 60:
        return f"{minutes}{NBSP}min"
    return f"{minutes // 60}{NBSP}h" if minutes < 72 * 60 else f"{minutes // 1440}{NBSP}d"


def waited(real: timedelta, business: timedelta) -> str:
    """«espera 41 h · hábil 0 h»: both, because each alone misleads (care.md, finding 18)."""
    return _("espera %(real)s · hábil %(business)s") % {"real": lasting(real), "business": lasting(business)}


def channel_state(channel: Channel, now: datetime) -> tuple[str, str]:
    """How an account is: the look (nothing, ``warn``, ``bad``) and two words."""
    account, health = channel.health.account, channel.health
    if account.state != AccountState.LIVE:
        return "bad", str(AccountState(account.state).label).lower()
    read = health.polled_at
    if health.cursors and (read is None or now - read > UNREAD):
        return "bad", _("sin leer")
    if health.gaps:
        return "warn", _("puede faltar algo")
    if account.flooded_at:
        return "warn", _("avalancha")
    if channel.pending_since and now - channel.pending_since > timedelta(minutes=1):
        return "warn", _("con retraso")
    return "", _("al día")


def channel_facts(channel: Channel, now: datetime) -> list[str]:
    """Last event, how far behind reading is, what waits to come in, the tightest limit and the credits."""
    account, health = channel.health.account, channel.health
    heard = ago_words(account.last_event_at, now) if account.last_event_at else _("ninguno todavía")
    facts = [_("último evento %s") % heard]
    if health.polled_at is not None:
        facts.append(_("leída %s") % ago_words(health.polled_at, now))
    if channel.pending:
        late = lasting(now - channel.pending_since) if channel.pending_since else ""
        said = ngettext(
            "%(n)s por entrar, retraso %(late)s", "%(n)s por entrar, retraso %(late)s", channel.pending
        )
        facts.append(said % {"n": channel.pending, "late": late})
    tight = health.tightest
    if tight is not None:
        said = _("quedan %(left)s de %(limit)s") % {"left": tight.remaining, "limit": tight.limit}
        facts.append(said + (" " + _("hasta las %s") % hour_words(tight.reset_at) if tight.reset_at else ""))
    spent = _money(health.micros)
    if channel.budget is not None:
        facts.append(
            _("%(spent)s de %(budget)s este mes") % {"spent": spent, "budget": _money(channel.budget)}
        )
    elif health.micros:
        facts.append(_("%s este mes") % spent)
    return facts


def lane_words(line: LaneLine) -> str:
    """«12 en lote · sale en ~4 min»."""
    minutes = -(-int(line.leaves_in.total_seconds()) // 60)
    lane = str(line.lane.label).lower()
    return _("%(n)s %(lane)s · sale en ~%(time)s") % {
        "n": line.count, "lane": lane, "time": lasting(timedelta(minutes=minutes)),
    }  # fmt: skip


def stuck_words(channel: Channel) -> list[str]:
    """What does not leave by itself, and why."""
    names = {
        "awaiting_approval": lambda n: ngettext("%s espera aprobación", "%s esperan aprobación", n),
        "held": lambda n: ngettext("%s retenida", "%s retenidas", n),
        "unknown": lambda n: ngettext("de %s no se sabe si salió", "de %s no se sabe si salieron", n),
    }
    return [names[state](n) % n for state, n in sorted(channel.stuck.items()) if state in names]


def forecast_words(said: Forecast, now: datetime) -> str:
    """«Con 4 personas conectadas, 3 casos más vencerán antes de las 10:00; lo pendiente termina a las 11:40.»"""
    if said.backlog == 0:
        return _("Nadie espera respuesta.")
    if said.people == 0:
        return _("No hay nadie conectado: lo que espera respuesta vencerá a su hora.")
    with_people = (
        ngettext("Con %s persona conectada", "Con %s personas conectadas", said.people) % said.people
    )
    if said.late and said.late_until:
        late = ngettext(
            "%(n)s caso más vencerá antes de las %(hour)s", "%(n)s casos más vencerán antes de las %(hour)s", said.late
        ) % {"n": said.late, "hour": _when(said.late_until, now)}  # fmt: skip
    else:
        late = _("no vence ningún caso más")
    if said.ends_at is None:
        ends = _("a este ritmo lo pendiente crece")
    else:
        ends = _("lo pendiente termina %s") % _at(said.ends_at, now)
    return f"{with_people}, {late}; {ends}."


def pace_words(said: Forecast) -> str:
    """Where the forecast comes from."""
    rate = f"{said.pace:.0f}"
    if said.is_measured:
        return _("Ritmo de las últimas dos horas: %s casos por persona y hora.") % rate
    return _("Todavía no hay ritmo medido: se cuenta con %s casos por persona y hora.") % rate


def _when(at: datetime, now: datetime) -> str:
    return (
        hour_words(at)
        if at - now < timedelta(hours=20)
        else f"{hour_words(at)} (+{(at - now).days or 1}{NBSP}d)"
    )


def _at(at: datetime, now: datetime) -> str:
    if at - now < timedelta(minutes=1):
        return _("ya")
    if at - now < timedelta(hours=20):
        return _("a las %s") % hour_words(at)
    return _("en unos %s") % lasting(at - now)


def _money(micros: int) -> str:
    return f"US${NBSP}{micros / MICROS:,.2f}".replace(",", "\u202f").replace(".", ",")
