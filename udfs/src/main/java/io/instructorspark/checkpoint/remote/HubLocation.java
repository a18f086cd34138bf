package io.instructorspark.checkpoint.remote;

import java.util.regex.Pattern;

/**
 * A repository of the Hugging Face hub at a revision.
 *
 * @param repository {@code org/name}
 * @param revision a branch, a tag, a reference as {@code refs/pr/1}, or a commit
 */
public record HubLocation(String repository, String revision) {
  static final String SCHEME = "hf://";
  private static final String DEFAULT_REVISION = "main";
  private static final String FORM = "expected hf://org/name or hf://org/name@revision";
  private static final int LONGEST_REVISION = 250;
  private static final int LONGEST_QUOTE = 200;

  private static final Pattern NAME = Pattern.compile("\\w(?:[\\w.-]{0,94}\\w)?");
  private static final Pattern COMMIT = Pattern.compile("[0-9a-f]{40}");

  /** What git allows in no name of a branch or tag. */
  private static final Pattern NOT_IN_A_REVISION =
      Pattern.compile(
          "[\\p{Cntrl}\\u2028\\u2029 ~^:?*\\[\\\\]|\\.\\.|@\\{|//|(^|/)\\.|^/|^-|[/.]$");

  /**
   * Checks both by the hub's rules.
   *
   * @throws IllegalArgumentException if the hub could not have such a repository or revision
   */
  public HubLocation {
    checkRepository(repository);
    if (revision.isEmpty()
        || revision.length() > LONGEST_REVISION
        || revision.endsWith(".lock")
        || NOT_IN_A_REVISION.matcher(revision).find()) {
      throw new IllegalArgumentException(
          ("\"%s\" is no revision of %s: expected a branch, a tag, a reference as refs/pr/1 or a"
                  + " commit of 40 hexadecimal digits")
              .formatted(shown(revision), repository));
    }
  }

  /**
   * Reads {@code hf://org/name[@revision]}; without a revision it is {@code main}.
   *
   * @throws IllegalArgumentException with the reason, if it is not of that form
   */
  public static HubLocation parse(String location) {
    if (!location.startsWith(SCHEME)) {
      throw new IllegalArgumentException(
          "\"%s\" is not on the Hugging Face hub: %s".formatted(shown(location), FORM));
    }
    String rest = location.substring(SCHEME.length());
    int at = rest.indexOf('@');
    String repository = at < 0 ? rest : rest.substring(0, at);
    boolean userInfo = repository.indexOf('/') < 0 && rest.indexOf('/') > at && at >= 0;
    if (userInfo || repository.indexOf(':') >= 0) {
      throw new IllegalArgumentException(
          ("an hf:// location holds no user, password or port (%s); a token is given as HF_TOKEN,"
                  + " a server as HF_ENDPOINT")
              .formatted(FORM));
    }
    int query = Math.max(rest.indexOf('?'), at < 0 ? rest.indexOf('#') : -1);
    if (query >= 0) {
      throw new IllegalArgumentException(
          "%s%s takes no query or fragment: %s"
              .formatted(SCHEME, shown(rest.substring(0, query)), FORM));
    }
    return new HubLocation(repository, at < 0 ? DEFAULT_REVISION : rest.substring(at + 1));
  }

  /** The same repository at another revision, as a rule the commit that this revision is now. */
  public HubLocation at(String commit) {
    return new HubLocation(repository, commit);
  }

  /** Whether the revision is a commit, so that it can never mean another content. */
  boolean isPinned() {
    return isCommit(revision);
  }

  static boolean isCommit(String revision) {
    return COMMIT.matcher(revision).matches();
  }

  /** The location as {@link #parse} reads it, with its revision. */
  @Override
  public String toString() {
    return SCHEME + repository + "@" + revision;
  }

  private static void checkRepository(String repository) {
    String[] names = repository.split("/", -1);
    String problem = null;
    if (names.length != 2) {
      problem = "a repository has an organisation or user, and a name";
    } else if (!NAME.matcher(names[0]).matches() || !NAME.matcher(names[1]).matches()) {
      problem =
          "names are made of letters, digits, '-', '_' and '.', begin and end with a letter, digit"
              + " or '_', and have at most 96 characters";
    } else if (repository.contains("--") || repository.contains("..")) {
      problem = "the hub allows neither \"--\" nor \"..\" in names";
    } else if (repository.endsWith(".git")) {
      problem = "the hub's names do not end in .git";
    }
    if (problem != null) {
      throw new IllegalArgumentException(
          "\"%s\" is no repository of the Hugging Face hub: %s (%s)"
              .formatted(shown(repository), problem, FORM));
    }
  }

  private static String shown(String text) {
    String plain = text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]", "?");
    return plain.length() <= LONGEST_QUOTE ? plain : plain.substring(0, LONGEST_QUOTE) + "...";
  }
}
