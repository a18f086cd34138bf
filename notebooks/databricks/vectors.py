# Databricks notebook source
# MAGIC %md
# MAGIC # Vectors in Python
# MAGIC
# MAGIC Reviews become vectors, each finds its nearest, and a map shows them all.
# MAGIC
# MAGIC **Compute**: access mode *Dedicated*, Databricks Runtime 17.3 LTS (Spark 4.0) or 16.4 LTS (Spark 3.5, for Scala 2.13 or 2.12), processors of
# MAGIC x86_64. Not *Standard*, not serverless, no SQL warehouse: the code runs in the JVMs of Spark and loads native libraries there, and those
# MAGIC have Spark Connect between a notebook and these JVMs.
# MAGIC
# MAGIC **Libraries**, both of the same version and Scala, uploaded into a volume and installed on the compute from there (*Libraries*, *Install
# MAGIC new*, *Volumes*):
# MAGIC
# MAGIC - `instructor-spark-assembly_2.13-0.1.0-linux-x86_64.jar`, the one jar
# MAGIC - `instructor_spark-0.1.0+scala2.13-py3-none-linux_x86_64.whl`, the Python package
# MAGIC
# MAGIC **Data**: `reviews.csv` of this project, in the same volume, which the next cell names.
# MAGIC
# MAGIC The cells below are run by `scripts/check-submit` in PySpark 4.0.1, with a local folder in the volume's place. On Databricks itself:
# MAGIC not run by us.

# COMMAND ----------

volume = "/Volumes/main/default/instructor_spark"

# COMMAND ----------

# MAGIC %md
# MAGIC Gives this notebook's session the SQL functions and the operator behind them. It says so if the jar is missing or does not fit.

# COMMAND ----------

import instructor_spark
from instructor_spark import InstructorEmbedder, NearestNeighbors, SemanticMap

instructor_spark.register(spark)

# COMMAND ----------

reviews = spark.read.option("header", True).option("multiLine", True).option("escape", '"').csv(f"{volume}/reviews.csv")
display(reviews)

# COMMAND ----------

# MAGIC %md
# MAGIC A csv file is read by one task, and would be embedded by one: cut it into some parts for each core.
# MAGIC
# MAGIC The model is the small one that comes with the jar. For good vectors copy a published one into the volume, once, on a machine with internet
# MAGIC and with this project (`scripts/instructor model fetch hf://hkunlp/instructor-large --to …`, then upload the folder), and name it:
# MAGIC `spark.conf.set("spark.instructor.model", f"{volume}/instructor-large")`. Each machine copies it to its own disk once. Where the machines have
# MAGIC internet, `hf://hkunlp/instructor-large` does.

# COMMAND ----------

embedder = InstructorEmbedder(
    instruction="Represent the product review for classifying sentiment: ", truncatedCol="truncated", errorCol="error"
)
cores = spark.sparkContext.defaultParallelism
embedder.transform(reviews.repartition(4 * cores)).write.mode("overwrite").parquet(f"{volume}/review_vectors")
vectors = spark.read.parquet(f"{volume}/review_vectors")
display(vectors.groupBy("truncated", "error").count())

# COMMAND ----------

# MAGIC %md
# MAGIC The three reviews most like each review, by cosine.

# COMMAND ----------

nearest = NearestNeighbors(k=3, excludeSelf=True).fit(vectors)
display(nearest.transform(vectors).selectExpr("id", "text", "inline(neighbors) AS (neighbor, similarity)"))

# COMMAND ----------

# MAGIC %md
# MAGIC The same vectors in SQL. A question has a vector too, made once for the whole query.

# COMMAND ----------

vectors.createOrReplaceTempView("review_vectors_of_python")
display(
    spark.sql("""
        SELECT id, text,
          vector_cosine_similarity(
            embedding, instructor_embed('Represent the product review for classifying sentiment: ', 'It broke after a week.')
          ) AS similarity
        FROM review_vectors_of_python
        ORDER BY similarity DESC
        LIMIT 5
    """)
)

# COMMAND ----------

# MAGIC %md
# MAGIC The map is one HTML page that loads nothing from elsewhere.

# COMMAND ----------

semantic_map = SemanticMap().fit(vectors).setTextCol("text").setIdCol("id").setColorCol("sentiment")
displayHTML(semantic_map.html(vectors))
