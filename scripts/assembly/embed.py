"""Embeds a CSV file's column text by the JVM's own API, which --jars has brought: INPUT INSTRUCTION OUTPUT."""

import sys

from pyspark.sql import DataFrame, SparkSession

source, instruction, output = sys.argv[1:]
spark = SparkSession.builder.getOrCreate()
reviews = spark.read.option("header", True).option("multiLine", True).option("escape", '"').csv(source)
embedder = spark._jvm.io.instructorspark.spark.InstructorEmbedder().setInputCol("text").setInstruction(instruction)
DataFrame(embedder.transform(reviews._jdf), spark).write.json(output)
spark.stop()
