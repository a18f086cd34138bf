"""
Embeds a data set by the library, where the commands do not run: Spark 3.5, as on EMR 7.

    spark-submit --jars instructor-spark-assembly_2.12-….jar \
        --conf spark.sql.extensions=io.instructorspark.spark.InstructorExtensions \
        embed.py --input s3://…/reviews --instruction "Represent the product review: " --output s3://…/vectors

Model and precision are settings: --conf spark.instructor.model=s3://…, --conf spark.instructor.precision=bf16.
"""

import argparse

from pyspark.sql import SparkSession
from pyspark.sql.functions import call_function, col, lit

parser = argparse.ArgumentParser(description="Adds a vector to every row.")
parser.add_argument("--input", required=True, help="files or folders that Spark reads")
parser.add_argument("--input-format", default="parquet", choices=["parquet", "csv", "json", "orc"])
parser.add_argument("--text-column", default="text")
parser.add_argument("--instruction", required=True, help="with its final space, or @NAME")
parser.add_argument("--output", required=True, help="a folder that is not there yet")
parser.add_argument("--output-format", default="parquet", choices=["parquet", "json", "orc"])
parser.add_argument(
    "--partitions",
    type=int,
    help="so many tasks embed; default: one for each 2,000 rows, but at least 4 for each core that there is now, and at most 10,000",
)
arguments = parser.parse_args()

spark = SparkSession.builder.appName("instructor embed").getOrCreate()
reader = spark.read.format(arguments.input_format)
if arguments.input_format == "csv":
    reader = reader.option("header", True).option("multiLine", True).option("escape", '"')
rows = reader.load(arguments.input)

# Files are cut by bytes, and texts are few bytes and much work: without this a small file would be one task. By rows, not by the
# cores that there are now: dynamic allocation asks for as many executors as there are tasks.
partitions = arguments.partitions or min(max(rows.count() // 2_000, 4 * spark.sparkContext.defaultParallelism), 10_000)
embedding = call_function("instructor_embedding", lit(arguments.instruction), col(arguments.text_column))
(
    rows.repartition(partitions)
    .withColumn("embedded", embedding)
    .select("*", "embedded.*")
    .drop("embedded")
    .withColumnRenamed("vector", "embedding")
    .write.format(arguments.output_format)
    .save(arguments.output)
)
done = spark.read.format(arguments.output_format).load(arguments.output)
print(f"{done.count()} rows, {done.where('embedding IS NOT NULL').count()} vectors in {arguments.output}")
spark.stop()
