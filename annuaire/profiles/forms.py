"""The forms of a profile, one a subject, on marshmallow: names of answers in French, values as a
profile keeps them. `data_key` is the answer's name, the attribute the field's."""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from marshmallow import EXCLUDE, Schema, ValidationError, fields, validate, validates_schema

from annuaire.activities.taxonomy import taxonomy
from annuaire.profiles.fields import QUALIFICATIONS, WAYS, YES_NO
from annuaire.profiles.form_fields import Count, Day, Euros, Line, OneOf, Paragraphs, Reach, Tick

MAX_ACTIVITIES: Final = 40
MAX_ROWS: Final = 30  # references, qualifications
MAX_CONTACTS: Final = 5
MAX_LINES: Final = 20  # offers, networks
FIRST_YEAR: Final = 1990
NEEDED: Final = {"required": "Remplissez cette réponse, ou videz toute la ligne."}


def _at_most(most: int, what: str) -> validate.Length:
    return validate.Length(
        max=most,
        error=f"{most} {what} au plus : gardez ce qui aide un acheteur à vous choisir.",
    )


class Form(Schema):
    """A subject's form, on a day: what is in the future is refused where it cannot be."""

    class Meta:
        unknown = EXCLUDE

    def __init__(self, day: date, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.day = day


class Row(Schema):
    """A row of a form that has several."""

    class Meta:
        unknown = EXCLUDE


class PresentationForm(Form):
    """Who it is, in its own words."""

    brand = Line(data_key="nom_usage", limit=120)
    description = Paragraphs(data_key="presentation", limit=5_000)
    ways = fields.List(OneOf(among=WAYS), data_key="facons")
    accessibility = Paragraphs(data_key="accessibilite", limit=1_000)


class ActivitiesForm(Form):
    """What it sells: activities of the taxonomy, offers in its own words."""

    activities = fields.List(fields.String(), data_key="activites")
    offers = fields.List(Line(limit=200), data_key="offres", validate=_at_most(MAX_LINES, "offres"))

    @validates_schema
    def _known(self, data: Mapping[str, Any], **_kwargs: object) -> None:
        codes = data.get("activities", ())
        if len(codes) > MAX_ACTIVITIES:
            raise ValidationError(
                f"{len(codes)} activités sont cochées : {MAX_ACTIVITIES} au plus. Une liste trop "
                "longue ne dit plus rien à un acheteur : gardez celles que vous vendez vraiment.",
                "activites",
            )
        known = {leaf.code for leaf in taxonomy().leaves}
        if wrong := [code for code in codes if code not in known]:
            raise ValidationError(
                f"L’activité « {wrong[0][:40]} » n’existe pas : choisissez dans la liste.",
                "activites",
            )


class MeansForm(Form):
    """How much it can take on."""

    people = Count(data_key="mobilisables", most=100_000)
    teams = Count(data_key="equipes", most=10_000)
    machines = Paragraphs(data_key="materiel", limit=1_000)
    delay_days = Count(data_key="delai", most=730)
    available = OneOf(data_key="disponible", among=YES_NO)
    amount_min = Euros(data_key="montant_min")
    amount_max = Euros(data_key="montant_max")
    cocontract = OneOf(data_key="cotraitance", among=YES_NO)
    partners = Paragraphs(data_key="partenaires", limit=500)

    @validates_schema
    def _in_order(self, data: Mapping[str, Any], **_kwargs: object) -> None:
        if data.get("amount_min", 0.0) > data.get("amount_max", float("inf")):
            raise ValidationError(
                "Le plus grand montant est inférieur au plus petit : vérifiez les deux.",
                "montant_max",
            )
        if data.get("partners") and data.get("cocontract") != "oui":
            raise ValidationError(
                "Vous dites avec qui co-traiter : répondez oui à la question qui précède, ou videz "
                "cette réponse.",
                "partenaires",
            )


class ReferenceRow(Row):
    """A contract that it carried out."""

    client = Line(limit=150)
    title = Line(data_key="objet", limit=300, required=True, error_messages=NEEDED)
    amount = Euros(data_key="montant")
    year = Count(data_key="annee", least=FIRST_YEAR, most=2_200)
    agreed = Tick(data_key="accord")

    @validates_schema
    def _with_leave(self, data: Mapping[str, Any], **_kwargs: object) -> None:
        if data.get("client") and not data.get("agreed"):
            raise ValidationError(
                "Pour citer ce client, cochez qu’il en est d’accord ; sinon, videz son nom.",
                "accord",
            )


class ReferencesForm(Form):
    """What it did for others."""

    references = fields.List(fields.Nested(ReferenceRow), validate=_at_most(MAX_ROWS, "références"))

    @validates_schema
    def _past(self, data: Mapping[str, Any], **_kwargs: object) -> None:
        for number, row in enumerate(data.get("references", ())):
            if row.get("year", 0) > self.day.year:
                said = f"{row['year']} n’est pas encore commencée : donnez une année passée."
                raise ValidationError({"references": {number: {"annee": [said]}}})


class QualificationRow(Row):
    """A qualification or a label, with what proves it."""

    kind = OneOf(data_key="genre", among=QUALIFICATIONS)
    name = Line(data_key="nom", limit=150, required=True, error_messages=NEEDED)
    body = Line(data_key="organisme", limit=150)
    since = Day(data_key="depuis")
    until = Day(data_key="fin")
    proof = Count(data_key="preuve", least=1, most=2**31 - 1)


class QualificationsForm(Form):
    """What others attest, and where it belongs."""

    qualifications = fields.List(
        fields.Nested(QualificationRow), validate=_at_most(MAX_ROWS, "qualifications")
    )
    networks = fields.List(
        Line(limit=100), data_key="reseaux", validate=_at_most(MAX_LINES, "réseaux")
    )

    @validates_schema
    def _dates(self, data: Mapping[str, Any], **_kwargs: object) -> None:
        today = self.day.isoformat()
        for number, row in enumerate(data.get("qualifications", ())):
            if row.get("since", today) > today:
                said = "Cette date est dans l’avenir : donnez le jour où elle a été obtenue."
                raise ValidationError({"qualifications": {number: {"depuis": [said]}}})
            if row.get("until", "9999") < row.get("since", ""):
                said = "Elle finirait avant d’avoir commencé : vérifiez les deux dates."
                raise ValidationError({"qualifications": {number: {"fin": [said]}}})


class ContactRow(Row):
    """A person whom buyers may reach."""

    name = Line(data_key="nom", limit=100, required=True, error_messages=NEEDED)
    role = Line(data_key="role", limit=100)
    phone = Reach(data_key="telephone", kind="phone")
    email = Reach(data_key="courriel", kind="email")


class ContactsForm(Form):
    """How to reach it."""

    phone = Reach(data_key="telephone", kind="phone")
    email = Reach(data_key="courriel", kind="email")
    website = Reach(data_key="site", kind="website")
    contacts = fields.List(
        fields.Nested(ContactRow),
        data_key="personnes",
        validate=_at_most(MAX_CONTACTS, "personnes"),
    )


#: The forms of subjects whose answers stand alone; the area and the pictures are read apart.
FORMS: Final[Mapping[str, type[Form]]] = {
    "presentation": PresentationForm,
    "activites": ActivitiesForm,
    "moyens": MeansForm,
    "references": ReferencesForm,
    "qualifications": QualificationsForm,
    "contacts": ContactsForm,
}
