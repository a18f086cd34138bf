package io.instructorspark.job.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InputFormatTest {

  @Nested
  class ByPath {
    @ParameterizedTest
    @CsvSource({
      "a.csv,CSV",
      "/x/a.CSV.GZ,CSV",
      "a.tsv,TSV",
      "a.tsv.bz2,TSV",
      "a.jsonl,JSONL",
      "a.jsonl.gz,JSONL",
      "a.json,JSONL",
      "a.ndjson.zst,JSONL",
      "a.txt,TXT",
      "a.text.zst,TXT",
      "a.parquet,PARQUET",
      "a.snappy.parquet,PARQUET",
      "a.gz.parquet,PARQUET",
      "a.parquet.gz,PARQUET",
      "hdfs://host/dir.txt/a.csv,CSV"
    })
    void isToldByTheSuffix(String path, InputFormat format) {
      assertThat(InputFormat.ofPath(path)).isEqualTo(format);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "a.gz", "a.xlsx", "csv", "a.csv.zip"})
    void isAnErrorThatNamesTheOptionWhereTheSuffixSaysNothing(String path) {
      assertThatThrownBy(() -> InputFormat.ofPath(path))
          .isInstanceOf(InputException.class)
          .hasMessageContaining(path)
          .hasMessageContaining("--input-format (csv, tsv, jsonl, txt, parquet)");
    }
  }

  @Nested
  class ByLabel {
    @ParameterizedTest
    @CsvSource({"csv,CSV", "TSV,TSV", "jsonl,JSONL", "txt,TXT", "parquet,PARQUET"})
    void isFoundInAnyCase(String label, InputFormat format) {
      assertThat(InputFormat.of(label)).isEqualTo(format);
    }

    @Test
    void isAnErrorThatListsTheChoicesOtherwise() {
      assertThatThrownBy(() -> InputFormat.of("xml"))
          .isInstanceOf(InputException.class)
          .hasMessage("no input format 'xml'; the choices are csv, tsv, jsonl, txt, parquet");
    }
  }

  @Nested
  class Quotes {
    @ParameterizedTest
    @CsvSource({"double,DOUBLE", "Single,SINGLE", "none,NONE"})
    void areFoundByLabel(String label, Quote quote) {
      assertThat(Quote.of(label)).isEqualTo(quote);
    }

    @Test
    void areAnErrorThatListsTheChoicesOtherwise() {
      assertThatThrownBy(() -> Quote.of("\""))
          .isInstanceOf(InputException.class)
          .hasMessage("no quote '\"'; the choices are double, single, none");
    }
  }
}
