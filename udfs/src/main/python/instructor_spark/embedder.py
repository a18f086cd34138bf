"""Embeds texts, each with an instruction."""

from typing import Any, Dict, Optional

from pyspark import keyword_only
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer
from pyspark.sql import DataFrame

from ._java import StageReadable, companion, require_classic
from .metrics import EmbeddingMetrics


class _InstructorEmbedderParams(Params):
    """The params of :py:class:`InstructorEmbedder`."""

    inputCol: Param[str] = Param(
        Params._dummy(),
        "inputCol",
        "column of texts (string); a null text gets a null vector",
        typeConverter=TypeConverters.toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column to add with the vectors",
        typeConverter=TypeConverters.toString,
    )
    instruction: Param[str] = Param(
        Params._dummy(),
        "instruction",
        "instruction of all rows, with its final space; @name takes a named one; excludes instructionCol",
        typeConverter=TypeConverters.toString,
    )
    instructionCol: Param[str] = Param(
        Params._dummy(),
        "instructionCol",
        "column of instructions (string), one a row, null for the empty one; excludes instruction",
        typeConverter=TypeConverters.toString,
    )
    model: Param[str] = Param(
        Params._dummy(),
        "model",
        "checkpoint: builtin:instructor-mini, a folder, any Hadoop URI, or hf://org/name[@revision]",
        typeConverter=TypeConverters.toString,
    )
    compatibility: Param[str] = Param(
        Params._dummy(),
        "compatibility",
        "which reference the vectors equal: v1_0_1, st or head",
        typeConverter=TypeConverters.toString,
    )
    device: Param[str] = Param(
        Params._dummy(),
        "device",
        "where the model runs: auto, cpu, cuda, cuda:N",
        typeConverter=TypeConverters.toString,
    )
    precision: Param[str] = Param(
        Params._dummy(),
        "precision",
        "numbers of the matrix products: fp32 or bf16",
        typeConverter=TypeConverters.toString,
    )
    maxLength: Param[int] = Param(
        Params._dummy(),
        "maxLength",
        "tokens of instruction and text together, at most the checkpoint's; 0 takes the checkpoint's",
        typeConverter=TypeConverters.toInt,
    )
    longText: Param[str] = Param(
        Params._dummy(),
        "longText",
        "what becomes of texts longer than the window: truncate, chunk (the mean of their pieces) or error",
        typeConverter=TypeConverters.toString,
    )
    maxTokensPerBatch: Param[int] = Param(
        Params._dummy(),
        "maxTokensPerBatch",
        "padded tokens of one forward pass; 0 takes what suits model and device",
        typeConverter=TypeConverters.toInt,
    )
    windowSize: Param[int] = Param(
        Params._dummy(),
        "windowSize",
        "rows that are sorted by length together",
        typeConverter=TypeConverters.toInt,
    )
    deduplicate: Param[bool] = Param(
        Params._dummy(),
        "deduplicate",
        "embed each distinct pair of instruction and text once, by one shuffle; row order is not kept",
        typeConverter=TypeConverters.toBoolean,
    )
    outputType: Param[str] = Param(
        Params._dummy(),
        "outputType",
        "type of the vectors: array (array<float>) or vector (ML's)",
        typeConverter=TypeConverters.toString,
    )
    tokenCountCol: Param[str] = Param(
        Params._dummy(),
        "tokenCountCol",
        "column to add with the tokens that were read for the row",
        typeConverter=TypeConverters.toString,
    )
    truncatedCol: Param[str] = Param(
        Params._dummy(),
        "truncatedCol",
        "column to add that says whether the text lost its end",
        typeConverter=TypeConverters.toString,
    )
    errorCol: Param[str] = Param(
        Params._dummy(),
        "errorCol",
        "column to add with the reason why a row has no vector",
        typeConverter=TypeConverters.toString,
    )
    handleInvalid: Param[str] = Param(
        Params._dummy(),
        "handleInvalid",
        "what becomes of rows that cannot be embedded: error (the job fails), keep (null vector) or skip",
        typeConverter=TypeConverters.toString,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._setDefault(
            inputCol="text",
            outputCol="embedding",
            instruction="",
            model="builtin:instructor-mini",
            compatibility="v1_0_1",
            device="auto",
            precision="fp32",
            maxLength=0,
            longText="truncate",
            maxTokensPerBatch=0,
            windowSize=4096,
            deduplicate=False,
            outputType="array",
            handleInvalid="keep",
        )

    def getInputCol(self) -> str:
        """Gets the value of :py:attr:`inputCol` or its default value."""
        return self.getOrDefault(self.inputCol)

    def getOutputCol(self) -> str:
        """Gets the value of :py:attr:`outputCol` or its default value."""
        return self.getOrDefault(self.outputCol)

    def getInstruction(self) -> str:
        """Gets the value of :py:attr:`instruction` or its default value."""
        return self.getOrDefault(self.instruction)

    def getInstructionCol(self) -> str:
        """Gets the value of :py:attr:`instructionCol` or its default value."""
        return self.getOrDefault(self.instructionCol)

    def getModel(self) -> str:
        """Gets the value of :py:attr:`model` or its default value."""
        return self.getOrDefault(self.model)

    def getCompatibility(self) -> str:
        """Gets the value of :py:attr:`compatibility` or its default value."""
        return self.getOrDefault(self.compatibility)

    def getDevice(self) -> str:
        """Gets the value of :py:attr:`device` or its default value."""
        return self.getOrDefault(self.device)

    def getPrecision(self) -> str:
        """Gets the value of :py:attr:`precision` or its default value."""
        return self.getOrDefault(self.precision)

    def getMaxLength(self) -> int:
        """Gets the value of :py:attr:`maxLength` or its default value."""
        return self.getOrDefault(self.maxLength)

    def getLongText(self) -> str:
        """Gets the value of :py:attr:`longText` or its default value."""
        return self.getOrDefault(self.longText)

    def getMaxTokensPerBatch(self) -> int:
        """Gets the value of :py:attr:`maxTokensPerBatch` or its default value."""
        return self.getOrDefault(self.maxTokensPerBatch)

    def getWindowSize(self) -> int:
        """Gets the value of :py:attr:`windowSize` or its default value."""
        return self.getOrDefault(self.windowSize)

    def getDeduplicate(self) -> bool:
        """Gets the value of :py:attr:`deduplicate` or its default value."""
        return self.getOrDefault(self.deduplicate)

    def getOutputType(self) -> str:
        """Gets the value of :py:attr:`outputType` or its default value."""
        return self.getOrDefault(self.outputType)

    def getTokenCountCol(self) -> str:
        """Gets the value of :py:attr:`tokenCountCol` or its default value."""
        return self.getOrDefault(self.tokenCountCol)

    def getTruncatedCol(self) -> str:
        """Gets the value of :py:attr:`truncatedCol` or its default value."""
        return self.getOrDefault(self.truncatedCol)

    def getErrorCol(self) -> str:
        """Gets the value of :py:attr:`errorCol` or its default value."""
        return self.getOrDefault(self.errorCol)

    def getHandleInvalid(self) -> str:
        """Gets the value of :py:attr:`handleInvalid` or its default value."""
        return self.getOrDefault(self.handleInvalid)


class InstructorEmbedder(
    JavaTransformer, _InstructorEmbedderParams, StageReadable["InstructorEmbedder"], JavaMLWritable
):
    """
    Embeds a text column, each text together with an instruction that says what the vector is for.

    The output has all input columns and ``outputCol``: a unit vector of the model's dimension,
    ``array<float>`` or an ML vector. A null text gives a null vector; a null instruction is the
    empty one. Instruction and text are joined as they are: ``"X:"`` and ``"X: "`` differ.
    Nothing is encoded before an action runs.

    What describes the model and the way to work (``model``, ``compatibility``, ``device``,
    ``precision``, ``maxLength``, ``longText``, ``maxTokensPerBatch``, ``windowSize``,
    ``handleInvalid``) takes the session's ``spark.instructor.NAME`` where it is not set.

    Examples
    --------
    >>> embedder = InstructorEmbedder(
    ...     inputCol="text",
    ...     instruction="Represent the product review for classifying sentiment: ",
    ... )
    >>> embedder.transform(reviews).select("id", "embedding")
    """

    _input_kwargs: Dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        inputCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        instruction: Optional[str] = None,
        instructionCol: Optional[str] = None,
        model: Optional[str] = None,
        compatibility: Optional[str] = None,
        device: Optional[str] = None,
        precision: Optional[str] = None,
        maxLength: Optional[int] = None,
        longText: Optional[str] = None,
        maxTokensPerBatch: Optional[int] = None,
        windowSize: Optional[int] = None,
        deduplicate: Optional[bool] = None,
        outputType: Optional[str] = None,
        tokenCountCol: Optional[str] = None,
        truncatedCol: Optional[str] = None,
        errorCol: Optional[str] = None,
        handleInvalid: Optional[str] = None,
    ) -> None:
        super().__init__()
        self._java_obj = companion("InstructorEmbedder", self.uid)
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        inputCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        instruction: Optional[str] = None,
        instructionCol: Optional[str] = None,
        model: Optional[str] = None,
        compatibility: Optional[str] = None,
        device: Optional[str] = None,
        precision: Optional[str] = None,
        maxLength: Optional[int] = None,
        longText: Optional[str] = None,
        maxTokensPerBatch: Optional[int] = None,
        windowSize: Optional[int] = None,
        deduplicate: Optional[bool] = None,
        outputType: Optional[str] = None,
        tokenCountCol: Optional[str] = None,
        truncatedCol: Optional[str] = None,
        errorCol: Optional[str] = None,
        handleInvalid: Optional[str] = None,
    ) -> "InstructorEmbedder":
        """Sets params by their names. Returns this stage."""
        return self._set(**self._input_kwargs)

    def setInputCol(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`inputCol`. Returns this stage."""
        return self._set(inputCol=value)

    def setOutputCol(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`outputCol`. Returns this stage."""
        return self._set(outputCol=value)

    def setInstruction(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`instruction`. Returns this stage."""
        return self._set(instruction=value)

    def setInstructionCol(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`instructionCol`. Returns this stage."""
        return self._set(instructionCol=value)

    def setModel(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`model`. Returns this stage."""
        return self._set(model=value)

    def setCompatibility(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`compatibility`. Returns this stage."""
        return self._set(compatibility=value)

    def setDevice(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`device`. Returns this stage."""
        return self._set(device=value)

    def setPrecision(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`precision`. Returns this stage."""
        return self._set(precision=value)

    def setMaxLength(self, value: int) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`maxLength`. Returns this stage."""
        return self._set(maxLength=value)

    def setLongText(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`longText`. Returns this stage."""
        return self._set(longText=value)

    def setMaxTokensPerBatch(self, value: int) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`maxTokensPerBatch`. Returns this stage."""
        return self._set(maxTokensPerBatch=value)

    def setWindowSize(self, value: int) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`windowSize`. Returns this stage."""
        return self._set(windowSize=value)

    def setDeduplicate(self, value: bool) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`deduplicate`. Returns this stage."""
        return self._set(deduplicate=value)

    def setOutputType(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`outputType`. Returns this stage."""
        return self._set(outputType=value)

    def setTokenCountCol(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`tokenCountCol`. Returns this stage."""
        return self._set(tokenCountCol=value)

    def setTruncatedCol(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`truncatedCol`. Returns this stage."""
        return self._set(truncatedCol=value)

    def setErrorCol(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`errorCol`. Returns this stage."""
        return self._set(errorCol=value)

    def setHandleInvalid(self, value: str) -> "InstructorEmbedder":
        """Sets the value of :py:attr:`handleInvalid`. Returns this stage."""
        return self._set(handleInvalid=value)

    def transformCounting(self, dataset: DataFrame, metrics: EmbeddingMetrics) -> DataFrame:
        """As :py:meth:`transform`; actions on the result add what they do to ``metrics``."""
        require_classic("transformCounting", "use transform, and the metrics of InstructorPlugin")
        self._transfer_params_to_java()
        assert self._java_obj is not None
        counted = self._java_obj.transformCounting(dataset._jdf, metrics._java_obj)
        return DataFrame(counted, dataset.sparkSession)
