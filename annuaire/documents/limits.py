"""How much a document may ask for."""

from dataclasses import dataclass

MB = 1 << 20


@dataclass(frozen=True, slots=True)
class Limits:
    """What one document may take, reading and analysis together. `seconds` are those of the clock
    and, apart, of the processor; `unpacked_mb` is what the parts of a DOCX or ODT may weigh."""

    size_mb: int = 20
    seconds: int = 20
    memory_mb: int = 1024
    unpacked_mb: int = 200
    pages: int = 500
    characters: int = 2_000_000

    @property
    def size(self) -> int:
        """Bytes of the file as it is sent."""
        return self.size_mb * MB
