"""Maps of vectors."""

from typing import Any, Dict, List, Optional, Sequence

from py4j.java_gateway import JavaObject
from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel
from pyspark.sql import DataFrame

from ._java import StageReadable, companion, doubles, numbers, require_classic
from .origin import VectorOrigin


class _SemanticMapParams(Params):
    """The params of :py:class:`SemanticMap` and its model."""

    featuresCol: Param[str] = Param(
        Params._dummy(),
        "featuresCol",
        "column of vectors: array<float>, array<double> or ML's vector",
        typeConverter=TypeConverters.toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column to add with the coordinates",
        typeConverter=TypeConverters.toString,
    )
    k: Param[int] = Param(
        Params._dummy(),
        "k",
        "axes of the map: 2 or 3",
        typeConverter=TypeConverters.toInt,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._setDefault(
            featuresCol="embedding",
            outputCol="coordinates",
            k=2,
        )

    def getFeaturesCol(self) -> str:
        """Gets the value of :py:attr:`featuresCol` or its default value."""
        return self.getOrDefault(self.featuresCol)

    def getOutputCol(self) -> str:
        """Gets the value of :py:attr:`outputCol` or its default value."""
        return self.getOrDefault(self.outputCol)

    def getK(self) -> int:
        """Gets the value of :py:attr:`k` or its default value."""
        return self.getOrDefault(self.k)


class _SemanticMapModelParams(_SemanticMapParams):
    """The params of :py:class:`SemanticMapModel`."""

    textCol: Param[str] = Param(
        Params._dummy(),
        "textCol",
        "column of texts that a page shows; where it is not set, text if there is one",
        typeConverter=TypeConverters.toString,
    )
    idCol: Param[str] = Param(
        Params._dummy(),
        "idCol",
        "column of ids that a page shows",
        typeConverter=TypeConverters.toString,
    )
    colorCol: Param[str] = Param(
        Params._dummy(),
        "colorCol",
        "column that a page's points are coloured by",
        typeConverter=TypeConverters.toString,
    )

    def getTextCol(self) -> str:
        """Gets the value of :py:attr:`textCol` or its default value."""
        return self.getOrDefault(self.textCol)

    def getIdCol(self) -> str:
        """Gets the value of :py:attr:`idCol` or its default value."""
        return self.getOrDefault(self.idCol)

    def getColorCol(self) -> str:
        """Gets the value of :py:attr:`colorCol` or its default value."""
        return self.getOrDefault(self.colorCol)


class SemanticMap(
    JavaEstimator["SemanticMapModel"],
    _SemanticMapParams,
    StageReadable["SemanticMap"],
    JavaMLWritable,
):
    """
    Fits a map of vectors: their first two or three principal components, with the mean of the
    vectors in its middle. Vectors that are null, zero, or not finite are left out. The same rows
    give the same map on any partitioning, as far as the rounding of sums goes.

    Examples
    --------
    >>> model = SemanticMap(k=2).fit(embedded)
    >>> model.transform(embedded)  # coordinates: array<float>
    >>> model.setColorCol("category").html(embedded)  # a page, for displayHTML
    """

    _input_kwargs: Dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        featuresCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        k: Optional[int] = None,
    ) -> None:
        super().__init__()
        self._java_obj = companion("SemanticMap", self.uid)
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        featuresCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        k: Optional[int] = None,
    ) -> "SemanticMap":
        """Sets params by their names. Returns this stage."""
        return self._set(**self._input_kwargs)

    def setFeaturesCol(self, value: str) -> "SemanticMap":
        """Sets the value of :py:attr:`featuresCol`. Returns this stage."""
        return self._set(featuresCol=value)

    def setOutputCol(self, value: str) -> "SemanticMap":
        """Sets the value of :py:attr:`outputCol`. Returns this stage."""
        return self._set(outputCol=value)

    def setK(self, value: int) -> "SemanticMap":
        """Sets the value of :py:attr:`k`. Returns this stage."""
        return self._set(k=value)

    def _create_model(self, java_model: JavaObject) -> "SemanticMapModel":
        return SemanticMapModel(java_model)


class SemanticMapModel(JavaModel, _SemanticMapModelParams, StageReadable["SemanticMapModel"], JavaMLWritable):
    """Places vectors on a map; made by :py:class:`SemanticMap`."""

    def setFeaturesCol(self, value: str) -> "SemanticMapModel":
        """Sets the value of :py:attr:`featuresCol`. Returns this stage."""
        return self._set(featuresCol=value)

    def setOutputCol(self, value: str) -> "SemanticMapModel":
        """Sets the value of :py:attr:`outputCol`. Returns this stage."""
        return self._set(outputCol=value)

    def setTextCol(self, value: str) -> "SemanticMapModel":
        """Sets the value of :py:attr:`textCol`. Returns this stage."""
        return self._set(textCol=value)

    def setIdCol(self, value: str) -> "SemanticMapModel":
        """Sets the value of :py:attr:`idCol`. Returns this stage."""
        return self._set(idCol=value)

    def setColorCol(self, value: str) -> "SemanticMapModel":
        """Sets the value of :py:attr:`colorCol`. Returns this stage."""
        return self._set(colorCol=value)

    def html(self, rows: DataFrame) -> str:
        """
        A page with rows on this map, as one HTML file that needs nothing else: for
        ``displayHTML``, or a file of one's own. Of many rows it shows a sample. Runs jobs.
        """
        require_classic("html", "make the page where the application runs")
        self._transfer_params_to_java()
        assert self._java_obj is not None
        return str(self._java_obj.html(rows._jdf))

    def turned(self, turn: Sequence[Sequence[float]]) -> "SemanticMapModel":
        """
        The same map, turned or mirrored.

        Parameters
        ----------
        turn : list of lists
            an orthogonal matrix, (axes, axes): new coordinates are ``turn`` times the old
        """
        require_classic("turned", "turn the coordinates in SQL")
        self._transfer_params_to_java()
        assert self._java_obj is not None
        turned = SemanticMapModel(self._java_obj.turned(doubles(turn)))
        turned._transfer_params_from_java()
        return turned

    @property
    def dimensions(self) -> int:
        """The number of axes: 2 or 3."""
        return int(self._call_java("dimensions"))

    @property
    def explainedVariance(self) -> List[float]:
        """Each axis' share of the variance of the vectors that the map was fitted to."""
        require_classic("explainedVariance", "load the saved model in a session without Connect")
        assert self._java_obj is not None
        return numbers(self._java_obj.explainedVariance())

    @property
    def components(self) -> List[List[float]]:
        """The axes as vectors of length 1, (axes, dimension)."""
        require_classic("components", "load the saved model in a session without Connect")
        assert self._java_obj is not None
        return [numbers(axis) for axis in self._java_obj.components()]

    @property
    def mean(self) -> List[float]:
        """The mean of the vectors, (dimension), which lies in the middle of the map."""
        require_classic("mean", "load the saved model in a session without Connect")
        assert self._java_obj is not None
        return numbers(self._java_obj.mean())

    @property
    def rows(self) -> int:
        """Rows that the map was fitted to."""
        return int(self._call_java("rows"))

    @property
    def origin(self) -> Optional[VectorOrigin]:
        """What made the vectors that the map was fitted to; None where they did not say."""
        return VectorOrigin._from_java(self._call_java("origin"))
