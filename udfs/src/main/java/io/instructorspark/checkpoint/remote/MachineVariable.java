package io.instructorspark.checkpoint.remote;

import java.util.Map;
import java.util.Optional;

/**
 * The environment variables that decide where a machine keeps checkpoints and how it reaches the
 * Hugging Face hub. Those of the hub mean what they mean to its Python client. The driver's and
 * each executor's own environment count; one that is blank counts as not set.
 */
public enum MachineVariable {
  /** The cache of checkpoints. */
  INSTRUCTOR_CACHE(
      "folder for copies of checkpoints on this machine, where spark.instructor.cacheDirectory is not set; by default instructor-spark in the folder of XDG_CACHE_HOME"),
  /** The user's caches. */
  XDG_CACHE_HOME("folder of the user's caches, an absolute path; by default ~/.cache"),
  /** The hub's address. */
  HF_ENDPOINT(
      "address of the hub, https://host[:port][/path]; by default " + HubSettings.PUBLIC_HUB),
  /** The hub's token. */
  HF_TOKEN("token for gated and private repositories; it is sent to the hub's address alone"),
  /** The hub's token, by an older name. */
  HUGGING_FACE_HUB_TOKEN("older name of HF_TOKEN, read where that is not set"),
  /** A file with the hub's token. */
  HF_TOKEN_PATH(
      "file that holds the token, where no variable does; by default token in the folder of HF_HOME"),
  /** Whether to send no token. */
  HF_HUB_DISABLE_IMPLICIT_TOKEN("1: no token is sent"),
  /** The hub's folder. */
  HF_HOME(
      "folder of everything that is kept of the hub; by default huggingface in the folder of XDG_CACHE_HOME, and for a user without a home in that of INSTRUCTOR_CACHE"),
  /** The hub's cache. */
  HF_HUB_CACHE("folder of the hub's models; by default hub in the folder of HF_HOME"),
  /** The hub's cache, by an older name. */
  HUGGINGFACE_HUB_CACHE("older name of HF_HUB_CACHE, read where that is not set"),
  /** Whether to ask nobody. */
  HF_HUB_OFFLINE("1: the hub is not asked, and what is in its cache is used"),
  /** Whether to ask nobody, by another name. */
  TRANSFORMERS_OFFLINE("another name of HF_HUB_OFFLINE, read where that is not set"),
  /** Whether to make no links. */
  HF_HUB_DISABLE_SYMLINKS("1: the hub's cache is written without symbolic links"),
  /** Patience with answers. */
  HF_HUB_ETAG_TIMEOUT(
      "whole seconds to wait for an answer of the hub; by default "
          + HubTimes.DEFAULT.answer().toSeconds()),
  /** Patience with files. */
  HF_HUB_DOWNLOAD_TIMEOUT(
      "whole seconds to wait for the next bytes of a file; by default "
          + HubTimes.DEFAULT.transfer().toSeconds());

  private final String meaning;

  MachineVariable(String meaning) {
    this.meaning = meaning;
  }

  /** What it says, in words, and what holds where it is not set. */
  public String meaning() {
    return meaning;
  }

  /** Its value among others; empty if it is not set, or blank. */
  Optional<String> in(Map<String, String> environment) {
    return Optional.ofNullable(environment.get(name())).filter(value -> !value.isBlank());
  }
}
