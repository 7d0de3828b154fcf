"""What the person reads when everything works: addresses and demo log-ins."""

PASSWORD = "circunflejo-demo"
PEOPLE = [
    ("Banco Frailejón", "juancarlos@frailejon.example", "asesor", "^JC"),
    ("", "paola@frailejon.example", "supervisora", "^PM"),
    ("", "andres@frailejon.example", "en formación", "^AT"),
    ("", "marta@frailejon.example", "administradora", "^MG"),
    ("Alisios Líneas Aéreas", "nuria@alisios.example", "asesora", "^NV"),
    ("", "iker@alisios.example", "supervisor", "^IS"),
    ("", "carmen@alisios.example", "administradora", "^CR"),
]


def welcome(env: dict[str, str], *, seconds: float, people: bool) -> None:
    """Print it."""
    print(f"\nReady in {seconds:.1f} s.\n")
    print(f"  Circunflejo   {env['BASE_URL']}/")
    if env["SANDBOX_URL"]:
        print(f"  Sandbox       {env['SANDBOX_URL']}/   (a local X and Facebook: write there as a customer)")
    if people:
        print(f"\n  Demo log-ins, password for all: {PASSWORD}\n")
        for organization, email, does, initials in PEOPLE:
            print(f"  {organization:<22} {email:<30} {does:<15} {initials}")
    print(f"\n  Logs in {env['CIRCUNFLEJO_VAR']}/log. Ctrl-C stops everything.\n", flush=True)
