"""Why a document is refused, in French, with what to do; nothing of it is kept."""

from typing import Final

from annuaire.documents.limits import Limits
from annuaire.errors import InvalidInputError

_AGAIN: Final = "ouvrez-le, enregistrez-le à nouveau, ou collez son texte"
REASONS: Final = {
    "empty": "Le fichier est vide : choisissez-en un autre, ou collez le texte.",
    "no_text": "Ce document ne contient aucun texte lisible : collez le texte à la place.",
    "too_large": (
        "Le fichier pèse plus de {size_mb} Mo : envoyez la partie qui décrit les lots et les "
        "conditions d’exécution, ou collez son texte."
    ),
    "too_long": (
        "Le document est trop long (plus de {pages} pages ou de {characters} signes) : envoyez la "
        "partie qui décrit les lots et les conditions d’exécution."
    ),
    "too_heavy": (
        "Le document demande trop de temps ou de mémoire (plus de {seconds} secondes) : rien n’en "
        "a été lu. Enregistrez-le à nouveau plus simplement, ou collez son texte."
    ),
    "unpacked": (
        "Une fois décompressé, le fichier pèserait plus de {unpacked_mb} Mo : il n’a pas été "
        "ouvert. Retirez-en les images, ou collez son texte."
    ),
    "images": (
        "Ce PDF ne contient que des images : il a sans doute été numérisé, et rien ne peut y être "
        "lu. Demandez le fichier d’origine, passez-le dans un logiciel de reconnaissance de "
        "caractères, ou collez le texte."
    ),
    "garbled": (
        "Le texte de ce PDF est chiffré par ses polices : les lettres lues n’ont pas de sens. "
        "Envoyez le fichier d’origine (DOCX, ODT), ou collez le texte."
    ),
    "password": (
        "Le document est protégé par un mot de passe : enregistrez-le sans mot de passe, ou "
        "collez son texte."
    ),
    "broken": f"Le fichier est abîmé ou incomplet : {_AGAIN}.",
    "entities": (
        "Le fichier contient des déclarations XML qu’aucun traitement de texte n’écrit (DOCTYPE, "
        f"entités) : par prudence il n’a pas été lu. Si vous l’avez fait vous-même, {_AGAIN}."
    ),
    "macros": (
        "Le fichier contient des macros : par prudence il n’a pas été lu. Enregistrez-le en DOCX "
        "ou en PDF."
    ),
    "old_word": (
        "Ancien format Word (.doc) : ouvrez-le et enregistrez-le en DOCX, ODT ou PDF, ou collez "
        "son texte."
    ),
    "workbook": (
        "C’est un classeur ou un diaporama, pas un document : enregistrez-le en PDF, ou collez "
        "son texte."
    ),
    "archive": (
        "C’est une archive : décompressez-la, puis envoyez le document qui décrit les lots ou les "
        "clauses."
    ),
    "picture": (
        "C’est une image : rien ne peut y être lu. Envoyez le document d’origine, ou collez le "
        "texte."
    ),
    "unknown": (
        "Ce fichier n’est ni un PDF, ni un DOCX, ni un ODT, ni un RTF, ni une page HTML, ni du "
        "texte : enregistrez-le dans l’un de ces formats, ou collez son texte."
    ),
}


class Refused(Exception):  # noqa: N818 - says what happened to the document
    """Raised by the readers; `code` is a key of `REASONS`."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class DocumentRefusedError(InvalidInputError):
    """A document that is not read; its message says why and what to do."""

    def __init__(self, code: str, limits: Limits) -> None:
        characters = f"{limits.characters:,}".replace(",", "\u202f")
        sentence = REASONS[code].format(
            size_mb=limits.size_mb,
            pages=limits.pages,
            characters=characters,
            seconds=limits.seconds,
            unpacked_mb=limits.unpacked_mb,
        )
        super().__init__(sentence, "fichier")
        self.code = code
