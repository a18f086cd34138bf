"""Terms of clusters of texts."""

from typing import Any, Dict, List, Optional

from pyspark import keyword_only
from pyspark.ml.feature import StopWordsRemover
from pyspark.ml.param import Param, Params, TypeConverters
from pyspark.ml.util import JavaMLWritable
from pyspark.ml.wrapper import JavaTransformer

from ._java import StageReadable, companion, require_companions

# Words of two or more characters that begin with a letter, and may have an apostrophe.
_WORD = r"(?<![\p{L}\p{N}])\p{L}[\p{L}\p{M}\p{N}]+(?:['" + "\u2019" + r"]\p{L}+)*"


class _TopicTermsParams(Params):
    """The params of :py:class:`TopicTerms`."""

    inputCol: Param[str] = Param(
        Params._dummy(),
        "inputCol",
        "column of texts (string)",
        typeConverter=TypeConverters.toString,
    )
    clusterCol: Param[str] = Param(
        Params._dummy(),
        "clusterCol",
        "column that says a row's cluster, of any type that can be grouped by",
        typeConverter=TypeConverters.toString,
    )
    outputCol: Param[str] = Param(
        Params._dummy(),
        "outputCol",
        "column of terms in the result",
        typeConverter=TypeConverters.toString,
    )
    numTerms: Param[int] = Param(
        Params._dummy(),
        "numTerms",
        "terms of a cluster, at most",
        typeConverter=TypeConverters.toInt,
    )
    maxNGram: Param[int] = Param(
        Params._dummy(),
        "maxNGram",
        "words of a term, at most",
        typeConverter=TypeConverters.toInt,
    )
    minDocFreq: Param[int] = Param(
        Params._dummy(),
        "minDocFreq",
        "texts that have a term, at least",
        typeConverter=TypeConverters.toInt,
    )
    weighting: Param[str] = Param(
        Params._dummy(),
        "weighting",
        "how terms are weighed: c-tf-idf, or bm25 for texts full of common words",
        typeConverter=TypeConverters.toString,
    )
    stopWords: Param[List[str]] = Param(
        Params._dummy(),
        "stopWords",
        "words that are in no term",
        typeConverter=TypeConverters.toListString,
    )
    pattern: Param[str] = Param(
        Params._dummy(),
        "pattern",
        "regular expression of a word",
        typeConverter=TypeConverters.toString,
    )

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._setDefault(
            inputCol="text",
            clusterCol="cluster",
            outputCol="terms",
            numTerms=10,
            maxNGram=2,
            minDocFreq=1,
            weighting="c-tf-idf",
            stopWords=StopWordsRemover.loadDefaultStopWords("english"),
            pattern=_WORD,
        )

    def getInputCol(self) -> str:
        """Gets the value of :py:attr:`inputCol` or its default value."""
        return self.getOrDefault(self.inputCol)

    def getClusterCol(self) -> str:
        """Gets the value of :py:attr:`clusterCol` or its default value."""
        return self.getOrDefault(self.clusterCol)

    def getOutputCol(self) -> str:
        """Gets the value of :py:attr:`outputCol` or its default value."""
        return self.getOrDefault(self.outputCol)

    def getNumTerms(self) -> int:
        """Gets the value of :py:attr:`numTerms` or its default value."""
        return self.getOrDefault(self.numTerms)

    def getMaxNGram(self) -> int:
        """Gets the value of :py:attr:`maxNGram` or its default value."""
        return self.getOrDefault(self.maxNGram)

    def getMinDocFreq(self) -> int:
        """Gets the value of :py:attr:`minDocFreq` or its default value."""
        return self.getOrDefault(self.minDocFreq)

    def getWeighting(self) -> str:
        """Gets the value of :py:attr:`weighting` or its default value."""
        return self.getOrDefault(self.weighting)

    def getStopWords(self) -> List[str]:
        """Gets the value of :py:attr:`stopWords` or its default value."""
        return self.getOrDefault(self.stopWords)

    def getPattern(self) -> str:
        """Gets the value of :py:attr:`pattern` or its default value."""
        return self.getOrDefault(self.pattern)


class TopicTerms(JavaTransformer, _TopicTermsParams, StageReadable["TopicTerms"], JavaMLWritable):
    """
    The terms that tell clusters of texts apart, by class-based TF-IDF: all texts of a cluster
    count as one document. The output has one row for each cluster, and not one for each input row:
    its cluster, and ``array<struct<term, weight>>``, the weightiest first. ``weighting="bm25"``
    takes off more from words that are everywhere.

    Examples
    --------
    >>> TopicTerms(inputCol="text", clusterCol="cluster", numTerms=5).transform(clustered)
    """

    _input_kwargs: Dict[str, Any]

    @keyword_only
    def __init__(
        self,
        *,
        inputCol: Optional[str] = None,
        clusterCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        numTerms: Optional[int] = None,
        maxNGram: Optional[int] = None,
        minDocFreq: Optional[int] = None,
        weighting: Optional[str] = None,
        stopWords: Optional[List[str]] = None,
        pattern: Optional[str] = None,
    ) -> None:
        require_companions()  # the default stop words are read in the JVM
        super().__init__()
        self._java_obj = companion("TopicTerms", self.uid)
        self.setParams(**self._input_kwargs)

    @keyword_only
    def setParams(
        self,
        *,
        inputCol: Optional[str] = None,
        clusterCol: Optional[str] = None,
        outputCol: Optional[str] = None,
        numTerms: Optional[int] = None,
        maxNGram: Optional[int] = None,
        minDocFreq: Optional[int] = None,
        weighting: Optional[str] = None,
        stopWords: Optional[List[str]] = None,
        pattern: Optional[str] = None,
    ) -> "TopicTerms":
        """Sets params by their names. Returns this stage."""
        return self._set(**self._input_kwargs)

    def setInputCol(self, value: str) -> "TopicTerms":
        """Sets the value of :py:attr:`inputCol`. Returns this stage."""
        return self._set(inputCol=value)

    def setClusterCol(self, value: str) -> "TopicTerms":
        """Sets the value of :py:attr:`clusterCol`. Returns this stage."""
        return self._set(clusterCol=value)

    def setOutputCol(self, value: str) -> "TopicTerms":
        """Sets the value of :py:attr:`outputCol`. Returns this stage."""
        return self._set(outputCol=value)

    def setNumTerms(self, value: int) -> "TopicTerms":
        """Sets the value of :py:attr:`numTerms`. Returns this stage."""
        return self._set(numTerms=value)

    def setMaxNGram(self, value: int) -> "TopicTerms":
        """Sets the value of :py:attr:`maxNGram`. Returns this stage."""
        return self._set(maxNGram=value)

    def setMinDocFreq(self, value: int) -> "TopicTerms":
        """Sets the value of :py:attr:`minDocFreq`. Returns this stage."""
        return self._set(minDocFreq=value)

    def setWeighting(self, value: str) -> "TopicTerms":
        """Sets the value of :py:attr:`weighting`. Returns this stage."""
        return self._set(weighting=value)

    def setStopWords(self, value: List[str]) -> "TopicTerms":
        """Sets the value of :py:attr:`stopWords`. Returns this stage."""
        return self._set(stopWords=value)

    def setPattern(self, value: str) -> "TopicTerms":
        """Sets the value of :py:attr:`pattern`. Returns this stage."""
        return self._set(pattern=value)
