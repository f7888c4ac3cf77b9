"""Telephone numbers and e-mail addresses as directories write them."""

import re

from email_validator import EmailNotValidError, validate_email
from phonenumbers import (
    NumberParseException,
    PhoneNumberFormat,
    format_number,
    is_valid_number,
    parse,
)

from importers.files.fields import Warnings, clean, shown
from importers.rows import Warned

# Overseas first: their numbers begin with zones of the French plan (0596…), under other codes.
_REGIONS = ("GP", "MQ", "GF", "RE", "YT", "FR")
_BETWEEN = re.compile(r"[/;,]| ou | et ")


def read_phone(value: str, field: str, warnings: Warnings) -> str | None:
    """The first number of the cell in E.164 (`+33298749898`); a 0 that a table lost is put back."""
    text = clean(value)[:100]
    if not text:
        return None
    for part in _BETWEEN.split(text):
        digits = re.sub(r"[\s.]", "", part)
        number = f"0{digits}" if re.fullmatch(r"[1-9]\d{8}", digits) else part
        for region in _REGIONS:
            try:
                parsed = parse(number, region)
            except NumberParseException:
                break
            if is_valid_number(parsed):
                return format_number(parsed, PhoneNumberFormat.E164)
    warnings.append(
        Warned(field, "telephone", f"Le numéro de téléphone {shown(value)} est faux, il est omis.")
    )
    return None


def read_email(value: str, field: str, warnings: Warnings) -> str | None:
    """An e-mail address, its syntax alone checked; None with a warning when it is none."""
    text = clean(value)
    if not text:
        return None
    try:
        return validate_email(text[:320], check_deliverability=False).normalized
    except EmailNotValidError:
        warnings.append(
            Warned(field, "courriel", f"L'adresse électronique {shown(value)} est fausse, omise.")
        )
        return None
