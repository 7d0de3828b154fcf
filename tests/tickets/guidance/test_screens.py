"""Protocols and templates on screen: in the case, and in Ajustes."""

from __future__ import annotations

import html
import re

from helpdesk.tenancy.context import tenant
from protocols.models import AnswerTemplate, Protocol
from tests.stories import typify
from tickets.cases.access import Petition
from tickets.cases.domain.classifying import Choice
from tickets.cases.models import Message, Ticket
from tickets.customers.models import Customer
from tickets.guidance.domain.queries.guidance import guidance_of
from tickets.guidance.models import Grant, PrivacyNotice

HX = {"HTTP_HX_REQUEST": "true"}


def path(ticket, rest=""):
    return f"/frailejon/casos/{ticket.number}/{rest}"


def test_panel_says_what_the_motive_asks(cast, unknown_charge, log_in):
    page = log_in(cast.juan).get(path(unknown_charge, "cliente/")).content.decode()

    for words in ("Cobro no reconocido", "0/6", "Verificada: preguntas de seguridad", "Consultar a Fraudes"):
        assert words in html.unescape(page)


def test_one_key_registers_the_check_and_the_step_goes_on(cast, unknown_charge, log_in):
    client = log_in(cast.juan)
    refused = client.post(path(unknown_charge, "protocolo/pasos/"), {"step": "s2", "done": "1"}, **HX)
    checked = client.post(path(unknown_charge, "protocolo/pasos/"), {"step": "s2", "check": "1"}, **HX)
    done = client.post(path(unknown_charge, "protocolo/pasos/"), {"step": "s2", "done": "1"}, **HX)

    assert (refused.status_code, checked.status_code, done.status_code) == (422, 200, 200)
    assert "Falta validar la identidad" in refused.content.decode()
    assert checked["HX-Retarget"] == "#who"
    with tenant(cast.bank.pk):
        customer = Customer.objects.get(pk=unknown_charge.customer_id)
        assert (customer.check_state, customer.check_means) == ("verified", "questions")
        assert set(guidance_of(unknown_charge).followed.done) == {"s2"}


def test_leaving_and_granting_answer_with_their_sentences(cast, unknown_charge, log_in):
    client = log_in(cast.juan)
    no_reason = client.post(path(unknown_charge, "protocolo/cambio/"), {"op": "leave", "reason": ""}, **HX)
    too_much = client.post(
        path(unknown_charge, "protocolo/otorgado/"), {"key": "a1", "amount": "900.000"}, **HX
    )
    granted = client.post(
        path(unknown_charge, "protocolo/otorgado/"),
        {"key": "a1", "amount": "150.000", "note": "mientras"},
        **HX,
    )

    assert (no_reason.status_code, too_much.status_code, granted.status_code) == (422, 422, 200)
    assert "Diga por qué se aparta" in no_reason.content.decode()
    assert "le queda 200.000 COP" in too_much.content.decode()
    assert "150.000 COP" in granted.content.decode()
    with tenant(cast.bank.pk):
        assert Grant.objects.get().by_id == cast.juan.pk


def test_grant_above_the_limit_is_asked_of_who_may(cast, unknown_charge, log_in):
    asked = {"key": "a1", "amount": "900.000", "note": "", "ask": "1"}
    client = log_in(cast.juan)
    refused = client.post(path(unknown_charge, "protocolo/otorgado/"), asked, **HX)
    client.post(
        path(unknown_charge, "protocolo/otorgado/"), asked | {"note": "lleva un mes sin su dinero"}, **HX
    )
    nobody = client.post(
        path(unknown_charge, "protocolo/otorgado/"), asked | {"amount": "900.000.000", "note": "todo"}, **HX
    )

    assert (refused.status_code, nobody.status_code) == (422, 422)
    assert "Diga por qué" in refused.content.decode()
    assert "Pedir que se apruebe" in refused.content.decode()
    assert "consulte al área" in nobody.content.decode()
    with tenant(cast.bank.pk):
        petition = Petition.objects.get()
    decide = path(unknown_charge, f"peticiones/{petition.pk}/")
    assert client.post(decide, {"decision": "approve"}).status_code == 403
    page = log_in(cast.paola).get(path(unknown_charge)).content.decode()
    assert f"{cast.juan.display_name} pide otorgar 900.000 COP" in page
    log_in(cast.paola).post(decide, {"decision": "approve"})
    with tenant(cast.bank.pk):
        grant = Grant.objects.get()
        assert (grant.by_id, grant.amount, grant.note) == (
            cast.paola.pk,
            900_000,
            "lleva un mes sin su dinero",
        )


def test_resolving_with_steps_left_asks_why_and_leaves_the_protocol_for_it(cast, unknown_charge, log_in):
    ends = {"cause": "cause-sin-falla", "result": "result-informado"}
    with tenant(cast.bank.pk):
        typify(unknown_charge, Choice(motive="motive-cobro-no-reconocido", **ends), by=cast.juan)
    client = log_in(cast.juan)
    asked = client.post(path(unknown_charge, "resolucion/"), **HX)
    short = client.post(path(unknown_charge, "resolucion/"), {"steps_reason": " a "}, **HX)

    assert [(one.status_code, one["HX-Retarget"]) for one in (asked, short)] == [(422, "#case-dialog")] * 2
    assert "Quedan pasos del protocolo" in asked.content.decode()
    assert "Diga por qué se aparta" in short.content.decode()
    with tenant(cast.bank.pk):
        assert Ticket.objects.get().is_open
    client.post(path(unknown_charge, "resolucion/"), {"steps_reason": "era un cobro suyo"}, **HX)
    with tenant(cast.bank.pk):
        assert Ticket.objects.get().state == "resolved"
        assert guidance_of(unknown_charge).left.left_reason == "era un cobro suyo"


def test_trainee_and_admin_may_not_grant(cast, unknown_charge, log_in):
    for member in (cast.andres, cast.marta):
        answer = log_in(member).post(
            path(unknown_charge, "protocolo/otorgado/"), {"key": "a1", "amount": "1"}, **HX
        )
        assert answer.status_code in (403, 404)


def test_asking_for_data_in_public_is_refused_with_the_private_door(cast, unknown_charge, log_in):
    told = {"mode": "public", "client_token": "t1", "text": "Diana, indíquenos su número de cédula."}
    answer = log_in(cast.juan).post(path(unknown_charge, "respuestas/"), told, **HX)

    assert answer.status_code == 422
    page = answer.content.decode()
    assert "los datos personales se piden en privado" in page
    assert 'data-to-mode="private"' in page
    assert "indíquenos su número de cédula" in page


def test_first_private_request_carries_the_notice_and_only_that_one(cast, unknown_charge, log_in):
    client = log_in(cast.juan)
    for n, text in enumerate(("Indíquenos su número de cédula.", "Confírmenos su correo registrado."), 1):
        answer = client.post(
            path(unknown_charge, "respuestas/"),
            {"mode": "private", "client_token": f"t{n}", "text": text},
            **HX,
        )
        assert answer.status_code == 200, answer.content.decode()[:600]

    with tenant(cast.bank.pk):
        first, second = Message.objects.filter(direction="out").order_by("pk")
        assert "Ley 1581 de 2012" in first.text
        assert "Banco Frailejón" in first.text
        assert "Ley 1581" not in second.text
        assert PrivacyNotice.objects.get().message_id == first.pk


def test_secrets_are_asked_nowhere(cast, unknown_charge, log_in):
    told = {"mode": "private", "client_token": "t1", "text": "Por favor indíquenos su clave."}
    answer = log_in(cast.juan).post(path(unknown_charge, "respuestas/"), told, **HX)

    assert answer.status_code == 422
    assert "no se piden nunca" in answer.content.decode()


def offer(client, ticket, name):
    page = client.get(path(ticket, "plantillas/"), **HX).content.decode()
    found = re.search(rf'data-text="([^"]*)" data-seal="([^"]*)"[^>]*><span><b>{re.escape(name)}</b>', page)
    assert found, page[:2000]
    return html.unescape(found[1]), html.unescape(found[2])


def test_templates_of_the_motive_come_first_and_are_filled(cast, unknown_charge, log_in):
    client = log_in(cast.juan)
    page = client.get(path(unknown_charge, "plantillas/"), **HX).content.decode()

    text, _seal = offer(client, unknown_charge, "Pedir datos del cobro")
    assert text.startswith("Hola Diana, soy Juan Carlos de Banco Frailejón.")
    assert page.index("Bloquear ya") < page.index("Ya hay un caso")


def test_unedited_send_is_remembered_and_counted(cast, unknown_charge, log_in):
    client = log_in(cast.juan)
    text, seal = offer(client, unknown_charge, "Pedir datos del cobro")
    for n, said in enumerate((text, f"{text} Gracias por avisar."), 1):
        told = {"mode": "private", "client_token": f"t{n}", "text": said, "began_with": seal}
        assert client.post(path(unknown_charge, "respuestas/"), told, **HX).status_code == 200

    with tenant(cast.bank.pk):
        sent = Message.objects.filter(direction="out").order_by("pk")
        assert [one.is_unedited for one in sent] == [True, False]
        assert {one.template.page.seed for one in sent} == {"pedir-cobro"}
    listed = log_in(cast.marta).get("/frailejon/ajustes/plantillas/?q=pedir datos").content.decode()
    assert "2 usos, 1 sin cambios" in " ".join(re.sub(r"<[^>]+>", "", listed).split())


def test_what_a_template_leaves_open_does_not_leave(cast, unknown_charge, log_in):
    client = log_in(cast.juan)
    text, seal = offer(client, unknown_charge, "Bloquear ya")
    told = {"mode": "public", "client_token": "t1", "text": text, "began_with": seal}

    answer = client.post(path(unknown_charge, "respuestas/"), told, **HX)

    assert answer.status_code == 422
    assert "Falta completar [línea de 24 horas]" in answer.content.decode()


def test_treatment_of_the_customer_chooses_the_words(cast, unknown_charge, log_in):
    client = log_in(cast.juan)
    page = client.post(path(unknown_charge, "plantillas/"), {"voice": "tu"}, **HX).content.decode()

    assert "indícanos el tipo de documento" in html.unescape(page)
    with tenant(cast.bank.pk):
        assert Customer.objects.get(pk=unknown_charge.customer_id).voice == "tu"


def form_of(page, **changes):
    """A protocol's form as a browser posts it."""
    guide = page.draft or page.version.document
    form = {
        "step": page.step, "name": guide["name"], "motives": guide["motives"], "text": guide["text"],
        "data": "\n".join(guide["data"]), "owner": "", "review_on": str(page.review_on or ""),
    }  # fmt: skip
    for name, field, columns in (
        ("step", "steps", ("key", "text", "identity", "means")),
        ("to", "destinations", ("kind", "label", "value")),
        ("grant", "attributions", ("key", "name", "unit", "agent", "supervisor")),
        ("note", "notes", ("country", "legal", "privacy")),
    ):
        for column in columns:
            form[f"{name}-{column}"] = [one[column] for one in guide[field]]
    return form | changes


def protocol_of(cast, seed="doble-cobro"):
    with tenant(cast.bank.pk):
        return Protocol.objects.select_related("version").get(seed=seed)


def test_admin_writes_and_a_supervisor_publishes(cast, log_in):
    page = protocol_of(cast)
    here = f"/frailejon/ajustes/protocolos/{page.pk}/"
    saved = log_in(cast.marta).post(here, form_of(page, text="Otra guía."))
    own = log_in(cast.marta).post(f"{here}version/", {"op": "publish", "step": page.step + 1})
    seen = log_in(cast.paola).get(here).content.decode()
    published = log_in(cast.paola).post(f"{here}version/", {"op": "publish", "step": page.step + 1})

    assert (saved.status_code, own.status_code, published.status_code) == (302, 403, 302)
    assert "Hay un borrador por publicar" in seen
    assert "Cambia:</span> la guía" in seen
    former = log_in(cast.andres).get(f"{here}?v=1").content.decode()
    assert "Así era la versión 1" in former
    assert "Otra guía." not in former
    after = protocol_of(cast)
    assert (after.version.number, after.version.document["text"], after.draft) == (2, "Otra guía.", None)


def test_author_sees_why_the_button_is_not_theirs(cast, log_in):
    page = protocol_of(cast)
    here = f"/frailejon/ajustes/protocolos/{page.pk}/"
    client = log_in(cast.paola)
    client.post(here, form_of(page, text="De Paola."))

    assert "Usted lo escribió: lo publica otra persona." in client.get(here).content.decode()
    refused = client.post(f"{here}version/", {"op": "publish", "step": page.step + 1})
    assert refused.status_code == 409


def test_second_of_two_is_told_and_loses_nothing(cast, log_in):
    page = protocol_of(cast)
    here = f"/frailejon/ajustes/protocolos/{page.pk}/"
    log_in(cast.marta).post(here, form_of(page, text="De Marta."))
    late = log_in(cast.paola).post(here, form_of(page, text="De Paola."))

    assert late.status_code == 409
    words = late.content.decode()
    assert "Marta guardó mientras usted escribía" in words
    assert "De Paola." in words
    assert protocol_of(cast).draft["text"] == "De Marta."


def test_what_is_wrong_is_said_before_it_is_published(cast, log_in):
    page = protocol_of(cast)
    here = f"/frailejon/ajustes/protocolos/{page.pk}/"
    form = form_of(page, motives=["motive-doble-cobro", "motive-cobro-no-reconocido"])
    form["to-kind"], form["to-label"], form["to-value"] = ["website"], ["Portal"], ["http://banco.example"]
    log_in(cast.marta).post(here, form)
    client = log_in(cast.paola)
    refused = client.post(f"{here}version/", {"op": "publish", "step": page.step + 1})

    words = html.unescape(refused.content.decode())
    assert refused.status_code == 422
    assert "«Cobro no reconocido» ya tiene el protocolo «Cobro no reconocido»" in words
    assert "«Portal» necesita una dirección completa" in words
    assert protocol_of(cast).version.number == 1


def test_what_was_published_is_retired_and_never_deleted(cast, log_in):
    page = protocol_of(cast)
    life = f"/frailejon/ajustes/protocolos/{page.pk}/version/"
    dropped = log_in(cast.paola).post(life, {"op": "drop", "step": page.step})
    retired = log_in(cast.paola).post(life, {"op": "retire", "step": page.step})

    assert (dropped.status_code, retired.status_code) == (409, 302)
    assert "no se borra, se retira" in dropped.content.decode()
    assert protocol_of(cast).state == "retired"


def test_unknown_variable_is_named_with_the_nearest_one(cast, log_in):
    with tenant(cast.bank.pk):
        page = AnswerTemplate.objects.get(seed="molestia")
    here = f"/frailejon/ajustes/plantillas/{page.pk}/"
    form = {
        "step": page.step,
        "name": "Molestia",
        "text-usted": "Hola {nonbre}, {fecha prometida}",
        "place": "",
    }
    answer = log_in(cast.marta).post(here, form)

    words = html.unescape(answer.content.decode())
    assert answer.status_code == 422
    assert "{nonbre} no existe. ¿Quiso decir {nombre}?" in words
    assert "{fecha prometida} no existe. ¿Quiso decir {fecha_comprometida}?" in words
    assert "Hola {nonbre}" in words


def test_preview_fills_a_template_from_a_real_case_and_counts_it(cast, unknown_charge, log_in):
    with tenant(cast.bank.pk):
        page = AnswerTemplate.objects.get(seed="molestia")
    here = f"/frailejon/ajustes/plantillas/{page.pk}/"
    form = {"preview": "1", "step": page.step, "name": "x", "text-usted": "Hola {nombre}, su caso {caso}."}
    seen = log_in(cast.paola).post(here, form | {"case": str(unknown_charge.number)}, **HX).content.decode()
    invented = log_in(cast.marta).post(here, form, **HX).content.decode()

    said = f"Hola Diana, su caso {unknown_charge.radicado or unknown_charge.number}."
    assert said in seen
    assert f"{len(said) + 4}/280" in seen
    assert "con un caso inventado" in invented


def test_trainee_reads_and_retires_nothing(cast, log_in):
    page = protocol_of(cast)
    here = f"/frailejon/ajustes/protocolos/{page.pk}/"
    trainee = log_in(cast.andres)

    assert trainee.get(here).status_code == 200
    assert trainee.post(f"{here}version/", {"op": "retire", "step": page.step}).status_code == 403
