"""Nearest neighbours of vectors."""

from typing import Any, Dict, Optional

from py4j.java_gateway import JavaObject
from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel
from pyspark.sql import DataFrame

from ._java import StageReadable, companion, frame


class _NearestNeighborsParams(Params):
    """The params of :py:class:`NearestNeighbors` and its model."""

    featuresCol: Param[str] = Param(
        Params._dummy(),
        "featuresCol",
        "column of vectors: array<float>, array<double> or ML's vector",
        typeConverter=TypeConverters.toString,
    )
    idCol: Param[str] = Param(
        Params._dummy(),
        "idCol",
        "column that names the rows of the corpus; unique, of any type that has an order",
        typeConverter=TypeConverters.toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column to add with the neighbours, the most similar first",
        typeConverter=TypeConverters.toString,
    )
    k: Param[int] = Param(
        Params._dummy(),
        "k",
        "neighbours of a row, at most",
        typeConverter=TypeConverters.toInt,
    )
    similarity: Param[str] = Param(
        Params._dummy(),
        "similarity",
        "cosine, or centered_cosine: after the corpus' mean is taken off all vectors",
        typeConverter=TypeConverters.toString,
    )
    minSimilarity: Param[float] = Param(
        Params._dummy(),
        "minSimilarity",
        "least similarity of a neighbour, from -1 to 1",
        typeConverter=TypeConverters.toFloat,
    )
    excludeSelf: Param[bool] = Param(
        Params._dummy(),
        "excludeSelf",
        "whether the row of the corpus with a row's own id is no neighbour of it",
        typeConverter=TypeConverters.toBoolean,
    )
    algorithm: Param[str] = Param(
        Params._dummy(),
        "algorithm",
        "exact: all pairs; ivf: the cells nearest to a row; auto: ivf for large corpora",
        typeConverter=TypeConverters.toString,
    )
    cells: Param[int] = Param(
        Params._dummy(),
        "cells",
        "number of cells of ivf; 0 takes about the square root of the corpus' rows",
        typeConverter=TypeConverters.toInt,
    )
    targetRecall: Param[float] = Param(
        Params._dummy(),
        "targetRecall",
        "share of the exact neighbours that ivf has to find, by a sample, from 0 to 1",
        typeConverter=TypeConverters.toFloat,
    )
    seed: Param[int] = Param(
        Params._dummy(),
        "seed",
        "seed of the first centres of ivf's cells",
        typeConverter=TypeConverters.toInt,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._setDefault(
            featuresCol="embedding",
            idCol="id",
            outputCol="neighbors",
            k=10,
            similarity="cosine",
            minSimilarity=-1.0,
            excludeSelf=False,
            algorithm="exact",
            cells=0,
            targetRecall=0.96,
            seed=1,
        )

    def getFeaturesCol(self) -> str:
        """Gets the value of :py:attr:`featuresCol` or its default value."""
        return self.getOrDefault(self.featuresCol)

    def getIdCol(self) -> str:
        """Gets the value of :py:attr:`idCol` or its default value."""
        return self.getOrDefault(self.idCol)

    def getOutputCol(self) -> str:
        """Gets the value of :py:attr:`outputCol` or its default value."""
        return self.getOrDefault(self.outputCol)

    def getK(self) -> int:
        """Gets the value of :py:attr:`k` or its default value."""
        return self.getOrDefault(self.k)

    def getSimilarity(self) -> str:
        """Gets the value of :py:attr:`similarity` or its default value."""
        return self.getOrDefault(self.similarity)

    def getMinSimilarity(self) -> float:
        """Gets the value of :py:attr:`minSimilarity` or its default value."""
        return self.getOrDefault(self.minSimilarity)

    def getExcludeSelf(self) -> bool:
        """Gets the value of :py:attr:`excludeSelf` or its default value."""
        return self.getOrDefault(self.excludeSelf)

    def getAlgorithm(self) -> str:
        """Gets the value of :py:attr:`algorithm` or its default value."""
        return self.getOrDefault(self.algorithm)

    def getCells(self) -> int:
        """Gets the value of :py:attr:`cells` or its default value."""
        return self.getOrDefault(self.cells)

    def getTargetRecall(self) -> float:
        """Gets the value of :py:attr:`targetRecall` or its default value."""
        return self.getOrDefault(self.targetRecall)

    def getSeed(self) -> int:
        """Gets the value of :py:attr:`seed` or its default value."""
        return self.getOrDefault(self.seed)


class NearestNeighbors(
    JavaEstimator["NearestNeighborsModel"],
    _NearestNeighborsParams,
    StageReadable["NearestNeighbors"],
    JavaMLWritable,
):
    """
    Nearest neighbours by cosine, exact ones or most of them: :py:meth:`fit` takes the rows of a
    corpus in, the model finds for each of other rows, or of the same, those most similar.

    Neighbours are sorted by their similarity, the greatest first, and equal ones by their ids.
    Vectors that are null, zero, or not finite have no neighbours (null) and are none. With
    ``algorithm="ivf"`` only the nearest cells of the corpus are searched, so many that of a
    sample ``targetRecall`` of the exact neighbours are found.

    Examples
    --------
    >>> model = NearestNeighbors(k=5).fit(corpus)
    >>> model.transform(queries)  # neighbors: array<struct<id, similarity>>
    >>> model.kneighborsJoin(queries)
    """

    _input_kwargs: Dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        featuresCol: Optional[str] = None,
        idCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        k: Optional[int] = None,
        similarity: Optional[str] = None,
        minSimilarity: Optional[float] = None,
        excludeSelf: Optional[bool] = None,
        algorithm: Optional[str] = None,
        cells: Optional[int] = None,
        targetRecall: Optional[float] = None,
        seed: Optional[int] = None,
    ) -> None:
        super().__init__()
        self._java_obj = companion("NearestNeighbors", self.uid)
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        featuresCol: Optional[str] = None,
        idCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        k: Optional[int] = None,
        similarity: Optional[str] = None,
        minSimilarity: Optional[float] = None,
        excludeSelf: Optional[bool] = None,
        algorithm: Optional[str] = None,
        cells: Optional[int] = None,
        targetRecall: Optional[float] = None,
        seed: Optional[int] = None,
    ) -> "NearestNeighbors":
        """Sets params by their names. Returns this stage."""
        return self._set(**self._input_kwargs)

    def setFeaturesCol(self, value: str) -> "NearestNeighbors":
        """Sets the value of :py:attr:`featuresCol`. Returns this stage."""
        return self._set(featuresCol=value)

    def setIdCol(self, value: str) -> "NearestNeighbors":
        """Sets the value of :py:attr:`idCol`. Returns this stage."""
        return self._set(idCol=value)

    def setOutputCol(self, value: str) -> "NearestNeighbors":
        """Sets the value of :py:attr:`outputCol`. Returns this stage."""
        return self._set(outputCol=value)

    def setK(self, value: int) -> "NearestNeighbors":
        """Sets the value of :py:attr:`k`. Returns this stage."""
        return self._set(k=value)

    def setSimilarity(self, value: str) -> "NearestNeighbors":
        """Sets the value of :py:attr:`similarity`. Returns this stage."""
        return self._set(similarity=value)

    def setMinSimilarity(self, value: float) -> "NearestNeighbors":
        """Sets the value of :py:attr:`minSimilarity`. Returns this stage."""
        return self._set(minSimilarity=value)

    def setExcludeSelf(self, value: bool) -> "NearestNeighbors":
        """Sets the value of :py:attr:`excludeSelf`. Returns this stage."""
        return self._set(excludeSelf=value)

    def setAlgorithm(self, value: str) -> "NearestNeighbors":
        """Sets the value of :py:attr:`algorithm`. Returns this stage."""
        return self._set(algorithm=value)

    def setCells(self, value: int) -> "NearestNeighbors":
        """Sets the value of :py:attr:`cells`. Returns this stage."""
        return self._set(cells=value)

    def setTargetRecall(self, value: float) -> "NearestNeighbors":
        """Sets the value of :py:attr:`targetRecall`. Returns this stage."""
        return self._set(targetRecall=value)

    def setSeed(self, value: int) -> "NearestNeighbors":
        """Sets the value of :py:attr:`seed`. Returns this stage."""
        return self._set(seed=value)

    def _create_model(self, java_model: JavaObject) -> "NearestNeighborsModel":
        return NearestNeighborsModel(java_model)


class NearestNeighborsModel(JavaModel, _NearestNeighborsParams, StageReadable["NearestNeighborsModel"], JavaMLWritable):
    """
    The rows of a corpus, among which it finds the neighbours of others; made by
    :py:class:`NearestNeighbors`. Saved with its corpus.
    """

    def setFeaturesCol(self, value: str) -> "NearestNeighborsModel":
        """Sets the value of :py:attr:`featuresCol`. Returns this stage."""
        return self._set(featuresCol=value)

    def setIdCol(self, value: str) -> "NearestNeighborsModel":
        """Sets the value of :py:attr:`idCol`. Returns this stage."""
        return self._set(idCol=value)

    def setOutputCol(self, value: str) -> "NearestNeighborsModel":
        """Sets the value of :py:attr:`outputCol`. Returns this stage."""
        return self._set(outputCol=value)

    def setK(self, value: int) -> "NearestNeighborsModel":
        """Sets the value of :py:attr:`k`. Returns this stage."""
        return self._set(k=value)

    def setSimilarity(self, value: str) -> "NearestNeighborsModel":
        """Sets the value of :py:attr:`similarity`. Returns this stage."""
        return self._set(similarity=value)

    def setMinSimilarity(self, value: float) -> "NearestNeighborsModel":
        """Sets the value of :py:attr:`minSimilarity`. Returns this stage."""
        return self._set(minSimilarity=value)

    def setExcludeSelf(self, value: bool) -> "NearestNeighborsModel":
        """Sets the value of :py:attr:`excludeSelf`. Returns this stage."""
        return self._set(excludeSelf=value)

    def kneighborsJoin(self, queries: DataFrame) -> DataFrame:
        """
        The pairs of rows and neighbours: each row's columns, then ``neighbor_rank`` from 1 on,
        ``neighbor_id`` and ``similarity``. Rows without neighbours are left out.
        """
        return frame(self, "kneighborsJoin", queries.sparkSession, queries)

    def similarityGroups(self) -> DataFrame:
        """
        Groups of the corpus' rows that are linked by similarities of at least ``minSimilarity``,
        which has to be set. For each row that is linked with another: ``idCol``, and ``group``,
        the least id of its group. Runs jobs.
        """
        return frame(self, "similarityGroups", None)

    def forget(self) -> None:
        """Lets executors forget the corpus' vectors; they are read again if they are needed."""
        self._call_java("forget")

    @property
    def corpusRows(self) -> int:
        """Rows of the corpus that can be neighbours: those whose vectors have a direction."""
        return int(self._call_java("corpusRows"))

    @property
    def corpusRowsWithoutDirection(self) -> int:
        """Rows of the corpus that cannot be: vectors that are null, zero, or not finite."""
        return int(self._call_java("corpusRowsWithoutDirection"))

    @property
    def dimension(self) -> int:
        """Of the corpus' vectors; 0 where there are none."""
        return int(self._call_java("dimension"))

    @property
    def algorithmUsed(self) -> str:
        """Whether all of the corpus is searched: ``exact``, or ``ivf``."""
        return str(self._call_java("algorithmUsed"))

    @property
    def recall(self) -> float:
        """Share of the exact neighbours of a sample that are found; 1 where all are."""
        return float(self._call_java("recall"))

    @property
    def probes(self) -> int:
        """Cells that are searched for a row; 0 where all of the corpus is."""
        return int(self._call_java("probes"))

    @property
    def cellCount(self) -> int:
        """Cells that the corpus is kept in; 0 where it is not."""
        return int(self._call_java("cellCount"))
