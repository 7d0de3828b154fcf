"""What the board says in sentences: durations, how a channel is, what will happen."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from channels_social.enums import AccountState
from helpdesk.ui.dates import NBSP, day_words, hour_words
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
    heard = account.last_event_at
    facts = [_("último evento %s") % _since(heard, now) if heard else _("todavía ningún evento")]
    if health.polled_at is not None:
        facts.append(_("leída %s") % _since(health.polled_at, now))
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


def whole_minutes(time: timedelta) -> str:
    """«4 min», «1 h 35 min»: never less than it takes."""
    hours, minutes = divmod(-(-int(time.total_seconds()) // 60), 60)
    if 0 < hours < 6 and minutes:
        return f"{hours}{NBSP}h {minutes}{NBSP}min"
    return lasting(timedelta(hours=hours, minutes=minutes))


def lane_words(line: LaneLine) -> str:
    """«12 en lote · sale en ~4 min»."""
    lane = str(line.lane.label).lower()
    return _("%(n)s %(lane)s · sale en ~%(time)s") % {
        "n": line.count, "lane": lane, "time": whole_minutes(line.leaves_in),
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
            "%(n)s caso más vencerá, hasta %(when)s", "%(n)s casos más vencerán, hasta %(when)s", said.late
        ) % {"n": said.late, "when": _when(said.late_until, now)}  # fmt: skip
        late = _("al menos %s") % late if said.is_at_least else late
    else:
        late = _("no vence ningún caso más")
    if said.ends_at is None:
        ends = _("a este ritmo lo pendiente crece")
    else:
        ends = _("lo pendiente termina %s") % _at(said.ends_at, now)
    # «4:04 p. m.» brings its own stop.
    told = f"{with_people}, {late}; {ends}".rstrip(".") + "."
    if said.opens_at is None:
        return told
    closed = (_("Cerrado hasta %s") % _when(said.opens_at, now)).rstrip(".") + "."
    return f"{closed} {told}"


def pace_words(said: Forecast) -> str:
    """Where the forecast comes from."""
    rate = f"{said.pace:.0f}"
    if said.is_measured:
        return _("Ritmo de las últimas dos horas: %s casos por persona y hora.") % rate
    return _("Todavía no hay ritmo medido: se cuenta con %s casos por persona y hora.") % rate


def _since(at: datetime, now: datetime) -> str:
    return _("ahora") if now - at < timedelta(minutes=1) else _("hace %s") % lasting(now - at)


def _when(at: datetime, now: datetime) -> str:
    """«10:00 a. m.», «mañana 10:00 a. m.», «lun 23 nov 10:00 a. m.»."""
    day = day_words(at, now=now)
    return hour_words(at) if day == day_words(now, now=now) else f"{day} {hour_words(at)}"


def _at(at: datetime, now: datetime) -> str:
    if at - now < timedelta(minutes=1):
        return _("ya")
    if at - now > timedelta(days=7):
        return _("en unos %s") % lasting(at - now)
    day = day_words(at, now=now)
    if day == day_words(now, now=now):
        return _("a las %s") % hour_words(at)
    return _("%(day)s a las %(hour)s") % {"day": day, "hour": hour_words(at)}


def _money(micros: int) -> str:
    return f"US${NBSP}{micros / MICROS:,.2f}".replace(",", "\u202f").replace(".", ",")
