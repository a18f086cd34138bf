package io.instructorspark.spark;

import java.io.Serializable;

/** What Scala 2.13 calls serializable, where Spark asks for it. */
interface ScalaSerializable extends Serializable {}
