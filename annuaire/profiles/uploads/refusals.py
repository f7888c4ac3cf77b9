"""What a file may ask for, and why one is refused, in French."""

from typing import Final

from annuaire.errors import InvalidInputError

SIZE_MB: Final = 15
SECONDS: Final = 15
MEMORY_MB: Final = 1_024
PIXELS: Final = 60_000_000
LEAST_SIDE: Final = 64  # px
PAGES: Final = 200

_AGAIN: Final = "Rien n’a été enregistré de ce fichier."
REASONS: Final = {
    "empty": "Le fichier est vide : choisissez-en un autre.",
    "too_large": (
        f"Le fichier pèse plus de {SIZE_MB} Mo : réduisez-le (une photo n’a pas besoin de plus de "
        f"2 000 pixels de large). {_AGAIN}"
    ),
    "too_many_pixels": (
        f"L’image a plus de {PIXELS // 1_000_000} millions de pixels : réduisez-la. {_AGAIN}"
    ),
    "too_small": (
        f"L’image a moins de {LEAST_SIDE} pixels de côté : elle serait illisible. {_AGAIN}"
    ),
    "too_heavy": f"Le fichier demande trop de temps ou de mémoire pour être ouvert. {_AGAIN}",
    "animated": f"L’image est animée : envoyez une image fixe. {_AGAIN}",
    "svg": f"Un dessin SVG peut contenir du code : enregistrez-le en PNG. {_AGAIN}",
    "heic": f"Format HEIC : enregistrez la photo en JPEG, puis renvoyez-la. {_AGAIN}",
    "unknown": f"Ce fichier n’est pas une image JPEG, PNG ou WebP. {_AGAIN}",
    "not_proof": f"Un justificatif est un PDF, ou une image JPEG, PNG ou WebP. {_AGAIN}",
    "broken": f"Le fichier est abîmé ou incomplet : enregistrez-le de nouveau. {_AGAIN}",
    "password": f"Le PDF est protégé par un mot de passe : enregistrez-le sans. {_AGAIN}",
    "active": (
        f"Le PDF contient du code ou d’autres fichiers : imprimez-le en PDF, puis renvoyez-le. "
        f"{_AGAIN}"
    ),
    "two_files": f"Le fichier en cache un autre : enregistrez-le de nouveau. {_AGAIN}",
    "too_long": f"Le PDF a plus de {PAGES} pages : envoyez les pages utiles. {_AGAIN}",
    "busy": "D’autres fichiers sont en cours d’ouverture : renvoyez le vôtre dans une minute.",
}


class Refused(Exception):  # noqa: N818 - says what happened to the file
    """Raised by what opens files; `code` is a key of REASONS."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class FileRefusedError(InvalidInputError):
    """A file that is not kept; its message says why and what to do."""

    def __init__(self, code: str) -> None:
        super().__init__(REASONS[code], "fichier")
        self.code = code
