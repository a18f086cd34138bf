// In place of Zeppelin's context, which there is in Zeppelin alone: forms that are filled in by system properties, and
// tables in Zeppelin's own form.
object z {
  def textbox(name: String, defaultValue: String): Object = sys.props.getOrElse("form." + name, defaultValue)

  def show(rows: org.apache.spark.sql.DataFrame): Unit = {
    println("%table " + rows.columns.mkString("\t"))
    rows.take(1000).foreach(row => println(row.toSeq.mkString("\t").replace("\n", " ")))
  }
}
