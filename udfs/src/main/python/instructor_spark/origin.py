"""What made a column of vectors."""

from dataclasses import dataclass
from typing import Any, Optional

from pyspark.sql.types import StructField

_KEY = "instructor"


@dataclass(frozen=True)
class VectorOrigin:
    """
    The model, mode and instruction that made a column of vectors, as the column's metadata say.

    Attributes
    ----------
    model : str
        the checkpoint's location
    fingerprint : str
        SHA-256 of its files
    compatibility, precision : str
        mode, and numbers of the matrix products
    maxLength, dimension : int
        tokens of the window, length of a vector
    instruction : str, optional
        the instruction of all rows; None where rows have their own
    """

    model: str
    fingerprint: str
    compatibility: str
    precision: str
    maxLength: int
    dimension: int
    instruction: Optional[str] = None

    @staticmethod
    def of(column: StructField) -> Optional["VectorOrigin"]:
        """The origin of a column, ``df.schema["embedding"]``; None where it does not say one."""
        made = (column.metadata or {}).get(_KEY)
        if not isinstance(made, dict):
            return None
        try:
            return VectorOrigin(**made)
        except TypeError:  # somebody else's metadata
            return None

    @staticmethod
    def _from_java(optional: Any) -> Optional["VectorOrigin"]:
        if not optional.isPresent():
            return None
        made = optional.get()
        return VectorOrigin(
            made.model(),
            made.fingerprint(),
            made.compatibility(),
            made.precision(),
            made.maxLength(),
            made.dimension(),
            made.instruction().orElse(None),
        )
