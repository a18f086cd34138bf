package io.instructorspark.job.rows;

import java.io.Serializable;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;

/**
 * How fields are separated and quoted.
 *
 * @param separator the character between fields
 * @param quote what encloses fields
 */
record CsvDialect(char separator, Quote quote) implements Serializable {

  static CsvDialect of(InputFormat format, Quote quote) {
    return new CsvDialect(format == InputFormat.TSV ? '\t' : ',', quote);
  }

  /** RFC 4180; a field that is empty without quotes is null, and blank lines are records. */
  CSVFormat format() {
    return CSVFormat.RFC4180
        .builder()
        .setDelimiter(separator)
        .setQuote(quote.character().orElse(null))
        .setQuoteMode(QuoteMode.ALL_NON_NULL)
        .setIgnoreEmptyLines(false)
        .get();
  }
}
