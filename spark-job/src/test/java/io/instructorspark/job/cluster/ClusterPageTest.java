package io.instructorspark.job.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.instructorspark.job.kmeans.ClusterFit;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class ClusterPageTest {
  private static final String HOSTILE = "<script>alert('1')</script> & \"more\" \u0007 \ud800";

  private static ClusterPage page(String text, OptionalDouble silhouette) {
    Description.Example row =
        new Description.Example(
            Optional.of(text), Optional.of(text), 0.25, Optional.of(7), Optional.of(0.01));
    Description.Group group =
        new Description.Group(
            3,
            2,
            0.9,
            List.of(new Description.Term(text, 0.5), new Description.Term("coast", 0.1)),
            List.of(row),
            List.of(row));
    ClusterFit.Candidate one = new ClusterFit.Candidate(2, null, 1, 2, silhouette);
    ClusterFit.Candidate other = new ClusterFit.Candidate(3, null, 1, 3, silhouette);
    return new ClusterPage(
        new Description(List.of(group), silhouette), List.of(one, other), 3, Optional.of(text), 4);
  }

  @Test
  void showsTextsAsTheyAreAndNothingElse() {
    String html = page(HOSTILE, OptionalDouble.of(0.4)).html();
    assertThat(html)
        .contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;more&quot;")
        .contains("2 rows are in no cluster")
        .contains("“cluster 7” is 0.0100 farther")
        .doesNotContain("<script", "\u0007", "NaN");
  }

  @Test
  void hasACurveAlsoWhereThereIsNoSilhouette() {
    assertThat(page("plain", OptionalDouble.empty()).html()).contains("<svg").doesNotContain("NaN");
  }

  @Test
  void namesAClusterByTermsThatShareNoWord() {
    List<Description.Term> terms =
        List.of(
            new Description.Term("night train", 3),
            new Description.Term("train", 2),
            new Description.Term("coast", 1));
    assertThat(new Description.Group(0, 1, 1, terms, List.of(), List.of()).name())
        .isEqualTo("night train · coast");
    assertThat(new Description.Group(5, 1, 1, List.of(), List.of(), List.of()).name())
        .isEqualTo("cluster 5");
  }
}
