"""Named instructions: sentences that ``@name`` stands for."""

import os
from dataclasses import dataclass
from typing import Any, Dict, Union

from pyspark import SparkContext

from .jar import require_jvm


@dataclass(frozen=True)
class NamedInstruction:
    """
    An instruction with a name.

    Attributes
    ----------
    name, instruction : str
        what follows the ``@``; the sentence
    use : str
        a line on when to take it
    """

    name: str
    instruction: str
    use: str


def named_instructions() -> Dict[str, NamedInstruction]:
    """
    The named instructions in force, in the catalogue's order. Needs a running session.

    Raises
    ------
    SetupError
        if no Spark with the jar is running
    """
    require_jvm()
    jvm: Any = SparkContext._jvm
    current = jvm.io.instructorspark.spark.InstructionCatalog.current().all()
    named = [NamedInstruction(i.name(), i.instruction(), i.use()) for i in current]
    return {instruction.name: instruction for instruction in named}


def use_instructions(catalog: Union[str, "os.PathLike[str]", None]) -> None:
    """
    Takes the named instructions of a YAML file in place of the built-in ones, in this application.

    Parameters
    ----------
    catalog : path or None
        a file as ``conf/instructions.yaml``; None for the built-in ones

    Raises
    ------
    SetupError
        if no Spark with the jar is running
    py4j.protocol.Py4JJavaError
        if the file is no catalogue; it says where and why
    """
    require_jvm()
    jvm: Any = SparkContext._jvm
    java: Any = jvm.io.instructorspark.spark.InstructionCatalog
    if catalog is None:
        jvm.java.lang.System.clearProperty(java.PROPERTY)
        return
    file = os.path.abspath(os.fspath(catalog))
    java.load(jvm.java.io.File(file).toPath())
    jvm.java.lang.System.setProperty(java.PROPERTY, file)
