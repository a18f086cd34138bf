"""Checks, for hub-compatibility, that huggingface_hub and this program share a cache: WORK CLASSPATH FIXTURE..."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import huggingface_hub
from huggingface_hub import hf_hub_download, scan_cache_dir, snapshot_download, try_to_load_from_cache
from huggingface_hub.errors import EntryNotFoundError
from huggingface_hub.file_download import _CACHED_NO_EXIST

WORK, CLASSPATH, FIXTURES = Path(sys.argv[1]), sys.argv[2], [Path(folder) for folder in sys.argv[3:]]
JAVA = ["java", "-Xmx256m", "-cp", CLASSPATH, "io.instructorspark.checkpoint.remote.HubProcess"]
ABSENT = "1_Pooling/absent.json"
failures = []


def check(sentence, right, detail=""):
    print(("ok    " if right else "FAIL  ") + sentence + ("" if right else f": {detail}"))
    if not right:
        failures.append(sentence)


def digests(folder):
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}


EXPECTED = {"local/" + fixture.name: digests(fixture) for fixture in FIXTURES}


class Server:
    """The hub server of the Java tests, with the fixtures as repositories."""

    def __enter__(self):
        command = [*JAVA, "serve", *map(str, FIXTURES)]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.commits = {}
        for line in self.process.stdout:
            words = line.split()
            if words[0] == "endpoint":
                self.endpoint = words[1]
            elif words[0] == "repository":
                self.commits[words[1]] = words[2]
            elif words[0] == "ready":
                return self
        raise SystemExit("the hub server did not start")

    def __exit__(self, *_):
        lines = self.process.communicate(timeout=30)[0].splitlines()
        self.downloads = [line for line in lines if "method=GET" in line and "path=/api/" not in line]


def ours_start(cache, repository, **variables):
    environment = {**os.environ, "HF_HUB_CACHE": str(cache), **variables}
    command = [*JAVA, "fetch", "hf://" + repository, *EXPECTED[repository], ABSENT]
    return subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)


def ours_end(process):
    """What it fetched: digests by path, and whether it took the absent file for absent."""
    lines = [line.split() for line in process.communicate(timeout=120)[0].splitlines()]
    files = {words[1]: words[2] for words in lines if words and words[0] == "file"}
    return files, ["missing", ABSENT] in lines and process.returncode == 0


def ours(cache, repository, **variables):
    return ours_end(ours_start(cache, repository, **variables))


def python_all(cache, endpoint):
    for repository in EXPECTED:
        snapshot_download(repository, cache_dir=cache, endpoint=endpoint)


def python_single(cache, endpoint):
    for repository, files in EXPECTED.items():
        for path in files:
            hf_hub_download(repository, path, cache_dir=cache, endpoint=endpoint)
        try:
            hf_hub_download(repository, ABSENT, cache_dir=cache, endpoint=endpoint)
        except EntryNotFoundError:
            pass


def ours_reads(name, fill):
    cache = WORK / name
    with Server() as server:
        fill(cache, server.endpoint)
    for repository, expected in EXPECTED.items():
        files, absent = ours(cache, repository, HF_HUB_OFFLINE="1", HF_ENDPOINT="http://127.0.0.1:1")
        check(f"ours reads offline what {name} got of {repository}", files == expected and absent, files)
    with Server() as server:
        for repository, expected in EXPECTED.items():
            files, absent = ours(cache, repository, HF_ENDPOINT=server.endpoint)
            check(f"ours reads online what {name} got of {repository}", files == expected and absent, files)
    check(f"ours downloads nothing that {name} has", not server.downloads, server.downloads)


def python_reads(cache):
    for repository, expected in EXPECTED.items():
        folder = snapshot_download(repository, cache_dir=cache, local_files_only=True)
        check(f"snapshot_download reads offline what ours got of {repository}", digests(Path(folder)) == expected)
        single = {}
        for path in expected:
            file = hf_hub_download(repository, path, cache_dir=cache, local_files_only=True)
            single[path] = hashlib.sha256(Path(file).read_bytes()).hexdigest()
        check(f"hf_hub_download reads offline what ours got of {repository}", single == expected)
        mark = try_to_load_from_cache(repository, ABSENT, cache_dir=cache)
        check(f"Python knows from ours what {repository} lacks", mark is _CACHED_NO_EXIST, mark)
    report = scan_cache_dir(cache)
    check("scan_cache_dir has no warning of ours", not report.warnings, report.warnings)
    check("scan_cache_dir sees all repositories of ours", {r.repo_id for r in report.repos} == set(EXPECTED))


def tree(cache):
    """Links and files below the repositories; locks and what only one of the programs keeps left out."""
    entries = {}
    for file in sorted(cache.glob("models--*/**/*")):
        relative = file.relative_to(cache)
        if "trees" in relative.parts or ".no_exist" in relative.parts or file.is_dir():
            continue
        entries[str(relative)] = os.readlink(file) if file.is_symlink() else hashlib.sha256(file.read_bytes()).hexdigest()
    return entries


def main():
    print("huggingface_hub", huggingface_hub.__version__)
    ours_reads("snapshot_download", python_all)
    ours_reads("hf_hub_download", python_single)

    cache = WORK / "ours"
    with Server() as server:
        for repository, expected in EXPECTED.items():
            files, absent = ours(cache, repository, HF_ENDPOINT=server.endpoint)
            check(f"ours downloads {repository}", files == expected and absent, files)
    python_reads(cache)
    with Server() as server:
        python_single(cache, server.endpoint)
    check("Python downloads nothing that ours has", not server.downloads, server.downloads)
    theirs, mine = tree(WORK / "hf_hub_download"), tree(cache)
    check("both lay out the same links and files", theirs == mine, set(theirs.items()) ^ set(mine.items()))

    both = WORK / "both"
    with Server() as server:
        processes = {name: ours_start(both, name, HF_ENDPOINT=server.endpoint) for name in EXPECTED}
        python_single(both, server.endpoint)
        for repository, process in processes.items():
            files, absent = ours_end(process)
            check(f"ours and Python fill a cache with {repository} at once", files == EXPECTED[repository] and absent, files)
    check("what both filled is what one alone would have", tree(both) == mine, set(tree(both).items()) ^ set(mine.items()))

    print("FAILED: " + "; ".join(failures) if failures else "compatible")
    sys.exit(1 if failures else 0)


main()
