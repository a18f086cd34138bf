"""
INSTRUCTOR text embeddings in Apache Spark.

    >>> import instructor_spark
    >>> from instructor_spark import InstructorEmbedder
    >>> spark = instructor_spark.session("embeddings")
    >>> InstructorEmbedder(instruction="Represent the product review: ").transform(reviews)
    >>> spark.sql("SELECT instructor_embed('Represent the product review: ', text) FROM reviews")

Import it before ``PipelineModel.load`` reads a pipeline with these stages.
"""

from importlib.metadata import version as _version

from ._java import publish as _publish
from .classifier import VectorClassifier, VectorClassifierModel
from .embedder import InstructorEmbedder
from .instructions import NamedInstruction, named_instructions, use_instructions
from .jar import SetupError, jar_path
from .maps import SemanticMap, SemanticMapModel
from .metrics import EmbeddingMetrics, Totals
from .neighbors import NearestNeighbors, NearestNeighborsModel
from .origin import VectorOrigin
from .sessions import register, session
from .topics import TopicTerms

__version__ = _version("instructor-spark")

STAGES = (
    InstructorEmbedder,
    NearestNeighbors,
    NearestNeighborsModel,
    SemanticMap,
    SemanticMapModel,
    TopicTerms,
    VectorClassifier,
    VectorClassifierModel,
)

_publish(STAGES)

__all__ = [stage.__name__ for stage in STAGES] + [
    "EmbeddingMetrics",
    "NamedInstruction",
    "SetupError",
    "Totals",
    "VectorOrigin",
    "jar_path",
    "named_instructions",
    "register",
    "session",
    "use_instructions",
]
