"""Labels learned from vectors."""

from typing import Any, Dict, Optional

from py4j.java_gateway import JavaObject
from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLWritable
from pyspark.ml.wrapper import JavaEstimator, JavaModel
from pyspark.sql.types import DataType, _parse_datatype_json_string

from ._java import StageReadable, companion
from .origin import VectorOrigin


class _VectorClassifierModelParams(Params):
    """The params that :py:class:`VectorClassifier` and its model share."""

    featuresCol: Param[str] = Param(
        Params._dummy(),
        "featuresCol",
        "column of vectors: array<float>, array<double> or ML's vector",
        typeConverter=TypeConverters.toString,
    )
    predictionCol: Param[str] = Param(
        Params._dummy(),
        "predictionCol",
        "column to add with the predicted label, of the type of those that were learned",
        typeConverter=TypeConverters.toString,
    )
    probabilityCol: Param[str] = Param(
        Params._dummy(),
        "probabilityCol",
        "column to add with the predicted label's probability",
        typeConverter=TypeConverters.toString,
    )
    probabilitiesCol: Param[str] = Param(
        Params._dummy(),
        "probabilitiesCol",
        "column to add, if it is set, with every label's probability, a map",
        typeConverter=TypeConverters.toString,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._setDefault(
            featuresCol="embedding",
            predictionCol="prediction",
            probabilityCol="probability",
        )

    def getFeaturesCol(self) -> str:
        """Gets the value of :py:attr:`featuresCol` or its default value."""
        return self.getOrDefault(self.featuresCol)

    def getPredictionCol(self) -> str:
        """Gets the value of :py:attr:`predictionCol` or its default value."""
        return self.getOrDefault(self.predictionCol)

    def getProbabilityCol(self) -> str:
        """Gets the value of :py:attr:`probabilityCol` or its default value."""
        return self.getOrDefault(self.probabilityCol)

    def getProbabilitiesCol(self) -> str:
        """Gets the value of :py:attr:`probabilitiesCol` or its default value."""
        return self.getOrDefault(self.probabilitiesCol)


class _VectorClassifierParams(_VectorClassifierModelParams):
    """The params of :py:class:`VectorClassifier`."""

    labelCol: Param[str] = Param(
        Params._dummy(),
        "labelCol",
        "column of labels: strings, numbers, booleans or dates",
        typeConverter=TypeConverters.toString,
    )
    algorithm: Param[str] = Param(
        Params._dummy(),
        "algorithm",
        "how to learn: logistic (multinomial logistic regression) or knn (votes of the nearest rows)",
        typeConverter=TypeConverters.toString,
    )
    k: Param[int] = Param(
        Params._dummy(),
        "k",
        "rows that vote, with knn",
        typeConverter=TypeConverters.toInt,
    )
    regularization: Param[float] = Param(
        Params._dummy(),
        "regularization",
        "pull of the coefficients towards 0, with logistic: scikit-learn's 1 / C",
        typeConverter=TypeConverters.toFloat,
    )
    classWeights: Param[str] = Param(
        Params._dummy(),
        "classWeights",
        "none, or balanced: classes count alike, however many rows they have; with logistic",
        typeConverter=TypeConverters.toString,
    )
    maxIter: Param[int] = Param(
        Params._dummy(),
        "maxIter",
        "most steps of the optimiser, with logistic",
        typeConverter=TypeConverters.toInt,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._setDefault(
            labelCol="label",
            algorithm="logistic",
            k=5,
            regularization=1.0,
            classWeights="none",
            maxIter=500,
        )

    def getLabelCol(self) -> str:
        """Gets the value of :py:attr:`labelCol` or its default value."""
        return self.getOrDefault(self.labelCol)

    def getAlgorithm(self) -> str:
        """Gets the value of :py:attr:`algorithm` or its default value."""
        return self.getOrDefault(self.algorithm)

    def getK(self) -> int:
        """Gets the value of :py:attr:`k` or its default value."""
        return self.getOrDefault(self.k)

    def getRegularization(self) -> float:
        """Gets the value of :py:attr:`regularization` or its default value."""
        return self.getOrDefault(self.regularization)

    def getClassWeights(self) -> str:
        """Gets the value of :py:attr:`classWeights` or its default value."""
        return self.getOrDefault(self.classWeights)

    def getMaxIter(self) -> int:
        """Gets the value of :py:attr:`maxIter` or its default value."""
        return self.getOrDefault(self.maxIter)


class VectorClassifier(
    JavaEstimator["VectorClassifierModel"],
    _VectorClassifierParams,
    StageReadable["VectorClassifier"],
    JavaMLWritable,
):
    """
    Learns to predict labels from vectors: by MLlib's multinomial logistic regression, or by the
    votes of the nearest rows (``algorithm="knn"``). After an :py:class:`InstructorEmbedder` in a
    pipeline it makes a classifier of raw texts. Rows without a label, and rows whose vectors are
    null, zero or not finite, are left out of learning and counted.

    ``regularization`` is scikit-learn's ``1 / C``; there are no intercepts.

    Examples
    --------
    >>> pipeline = Pipeline(stages=[
    ...     InstructorEmbedder(instruction="Represent the product review: "),
    ...     VectorClassifier(labelCol="stars"),
    ... ])
    >>> pipeline.fit(reviews).transform(others)  # prediction, probability
    """

    _input_kwargs: Dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        featuresCol: Optional[str] = None,
        predictionCol: Optional[str] = None,
        probabilityCol: Optional[str] = None,
        probabilitiesCol: Optional[str] = None,
        labelCol: Optional[str] = None,
        algorithm: Optional[str] = None,
        k: Optional[int] = None,
        regularization: Optional[float] = None,
        classWeights: Optional[str] = None,
        maxIter: Optional[int] = None,
    ) -> None:
        super().__init__()
        self._java_obj = companion("VectorClassifier", self.uid)
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        featuresCol: Optional[str] = None,
        predictionCol: Optional[str] = None,
        probabilityCol: Optional[str] = None,
        probabilitiesCol: Optional[str] = None,
        labelCol: Optional[str] = None,
        algorithm: Optional[str] = None,
        k: Optional[int] = None,
        regularization: Optional[float] = None,
        classWeights: Optional[str] = None,
        maxIter: Optional[int] = None,
    ) -> "VectorClassifier":
        """Sets params by their names. Returns this stage."""
        return self._set(**self._input_kwargs)

    def setFeaturesCol(self, value: str) -> "VectorClassifier":
        """Sets the value of :py:attr:`featuresCol`. Returns this stage."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value: str) -> "VectorClassifier":
        """Sets the value of :py:attr:`predictionCol`. Returns this stage."""
        return self._set(predictionCol=value)

    def setProbabilityCol(self, value: str) -> "VectorClassifier":
        """Sets the value of :py:attr:`probabilityCol`. Returns this stage."""
        return self._set(probabilityCol=value)

    def setProbabilitiesCol(self, value: str) -> "VectorClassifier":
        """Sets the value of :py:attr:`probabilitiesCol`. Returns this stage."""
        return self._set(probabilitiesCol=value)

    def setLabelCol(self, value: str) -> "VectorClassifier":
        """Sets the value of :py:attr:`labelCol`. Returns this stage."""
        return self._set(labelCol=value)

    def setAlgorithm(self, value: str) -> "VectorClassifier":
        """Sets the value of :py:attr:`algorithm`. Returns this stage."""
        return self._set(algorithm=value)

    def setK(self, value: int) -> "VectorClassifier":
        """Sets the value of :py:attr:`k`. Returns this stage."""
        return self._set(k=value)

    def setRegularization(self, value: float) -> "VectorClassifier":
        """Sets the value of :py:attr:`regularization`. Returns this stage."""
        return self._set(regularization=value)

    def setClassWeights(self, value: str) -> "VectorClassifier":
        """Sets the value of :py:attr:`classWeights`. Returns this stage."""
        return self._set(classWeights=value)

    def setMaxIter(self, value: int) -> "VectorClassifier":
        """Sets the value of :py:attr:`maxIter`. Returns this stage."""
        return self._set(maxIter=value)

    def _create_model(self, java_model: JavaObject) -> "VectorClassifierModel":
        return VectorClassifierModel(java_model)


class VectorClassifierModel(
    JavaModel,
    _VectorClassifierModelParams,
    StageReadable["VectorClassifierModel"],
    JavaMLWritable,
):
    """Predicts labels from vectors; made by :py:class:`VectorClassifier`."""

    def setFeaturesCol(self, value: str) -> "VectorClassifierModel":
        """Sets the value of :py:attr:`featuresCol`. Returns this stage."""
        return self._set(featuresCol=value)

    def setPredictionCol(self, value: str) -> "VectorClassifierModel":
        """Sets the value of :py:attr:`predictionCol`. Returns this stage."""
        return self._set(predictionCol=value)

    def setProbabilityCol(self, value: str) -> "VectorClassifierModel":
        """Sets the value of :py:attr:`probabilityCol`. Returns this stage."""
        return self._set(probabilityCol=value)

    def setProbabilitiesCol(self, value: str) -> "VectorClassifierModel":
        """Sets the value of :py:attr:`probabilitiesCol`. Returns this stage."""
        return self._set(probabilitiesCol=value)

    def forget(self) -> None:
        """Lets executors forget the vectors that vote; they are read again if needed."""
        self._call_java("forget")

    @property
    def algorithmUsed(self) -> str:
        """How it was learned: ``logistic`` or ``knn``."""
        return str(self._call_java("algorithm"))

    @property
    def labels(self) -> Dict[str, int]:
        """How many rows were learned from, by their labels as strings, in their type's order."""
        return {str(label): int(rows) for label, rows in self._call_java("labels").items()}

    @property
    def labelType(self) -> DataType:
        """The type of the labels."""
        return _parse_datatype_json_string(self._call_java("labelType").json())

    @property
    def rowsWithoutLabel(self) -> int:
        """Rows that were left out of learning because they had no label."""
        return int(self._call_java("rowsWithoutLabel"))

    @property
    def rowsWithoutDirection(self) -> int:
        """Rows with a label whose vectors were null, zero or not finite; left out."""
        return int(self._call_java("rowsWithoutDirection"))

    @property
    def iterations(self) -> int:
        """How many steps the optimiser took; 0 for ``knn``."""
        return int(self._call_java("iterations"))

    @property
    def hasConverged(self) -> bool:
        """Whether learning came to its end, and was not stopped by ``maxIter``."""
        return bool(self._call_java("hasConverged"))

    @property
    def origin(self) -> Optional[VectorOrigin]:
        """What made the vectors that were learned from; None where they did not say."""
        return VectorOrigin._from_java(self._call_java("origin"))
