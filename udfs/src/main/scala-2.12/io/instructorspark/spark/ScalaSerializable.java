package io.instructorspark.spark;

/** What Scala 2.12 calls serializable, where Spark asks for it. */
interface ScalaSerializable extends scala.Serializable {}
