"""Counts of what tasks do while they embed."""

from dataclasses import dataclass
from typing import Any

from pyspark.sql import SparkSession

from .jar import SetupError, require_jvm


@dataclass(frozen=True)
class Totals:
    """
    Sums over tasks.

    Attributes
    ----------
    rows, texts, errors, truncated : int
        rows read; those with a vector; those with an error; those whose text was cut
    tokens, batches : int
        tokens that the encoder read, padding left out; forward passes
    paddingRatio : float
        real tokens by padded ones
    tokenizerSeconds, modelSeconds : float
        seconds summed over task threads
    modelLoads : int
        models that tasks loaded; 0 where they found one
    modelLoadSeconds : float
        seconds that this took
    """

    rows: int
    texts: int
    errors: int
    truncated: int
    tokens: int
    batches: int
    paddingRatio: float
    tokenizerSeconds: float
    modelSeconds: float
    modelLoads: int
    modelLoadSeconds: float


class EmbeddingMetrics:
    """
    Counts of all actions on what :py:meth:`InstructorEmbedder.transformCounting` returned. Each
    partition of an action counts once, however often Spark computes it.

    Examples
    --------
    >>> metrics = EmbeddingMetrics(spark)
    >>> InstructorEmbedder().transformCounting(reviews, metrics).write.parquet("/data/vectors")
    >>> metrics.totals().tokens
    """

    def __init__(self, spark: SparkSession) -> None:
        if not hasattr(spark, "_jsparkSession"):
            raise SetupError("Nothing can be counted through Spark Connect, which has no counters.")
        require_jvm()
        jvm: Any = spark._jvm
        java: Any = jvm.io.instructorspark.spark.EmbeddingMetrics
        self._java_obj = java.of(spark._jsparkSession)

    @property
    def isCounting(self) -> bool:
        """Whether anything is counted: not where a session gives no access to its context."""
        return bool(self._java_obj.isCounting())

    def totals(self) -> Totals:
        """The counts of tasks that are done."""
        now = self._java_obj.totals()
        return Totals(**{name: getattr(now, name)() for name in Totals.__dataclass_fields__})
