package io.instructorspark.spark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeqsTest {
  @Test
  void listsComeBackAsTheyWere() {
    assertThat(Seqs.list(Seqs.of(List.of("a", "b", "c")))).containsExactly("a", "b", "c");
    assertThat(Seqs.list(Seqs.of(List.of()))).isEmpty();
  }

  @Test
  void equalListsAreEqualInScala() {
    assertThat(Seqs.of(List.of(1, 2))).isEqualTo(Seqs.of(List.of(1, 2)));
  }

  @Test
  void mapsComeBackAsTheyWereInTheirOrder() {
    Map<String, Integer> entries = new LinkedHashMap<>();
    IntStream.range(0, 20).forEach(i -> entries.put("key " + (19 - i), i));
    assertThat(Seqs.map(Seqs.of(entries))).containsExactlyEntriesOf(entries);
    assertThat(Seqs.map(Seqs.of(Map.of()))).isEmpty();
  }
}
