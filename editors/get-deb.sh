#!/bin/bash
# get-deb.sh SUITE DEST PACKAGE...
# Unpacks packages of another Debian suite, with all they depend on (the C library too), into DEST, and
# installs nothing. Then `DEST/run COMMAND ARGUMENT...` runs one of them with its own libraries.
# Exits 77 where this cannot be done.
set -euo pipefail

suite=$1 dest=$2
shift 2
cannot() { echo "cannot run here: $*" >&2; exit 77; }
command -v apt-get >/dev/null && command -v dpkg >/dev/null || cannot "no apt-get and dpkg"
keys=/usr/share/keyrings/debian-archive-keyring.gpg
if [ ! -e $keys ]; then
  [ "$(id -u)" = 0 ] || cannot "$keys is missing (debian-archive-keyring)"
  apt-get -qq update && apt-get -qq -y install --no-install-recommends debian-archive-keyring >/dev/null
fi
mirror=$(apt-get indextargets --format '$(REPO_URI)' | sort -u | grep -v security | head -1) || true
grep -qx 'ID=debian' /etc/os-release && [ -n "$mirror" ] || cannot "this is no Debian with a mirror"

mkdir -p "$dest"
dest=$(cd "$dest" && pwd)
apt=$dest/.apt
mkdir -p "$apt"/{etc/apt.conf.d,etc/preferences.d,state/lists/partial,cache/archives/partial}
: >"$apt/status"
echo "deb [signed-by=$keys] $mirror $suite main" >"$apt/etc/sources.list"
cat >"$apt/apt.conf" <<CONF
Dir::Etc "$apt/etc"; Dir::Etc::sourcelist "$apt/etc/sources.list"; Dir::Etc::sourceparts "-";
Dir::Etc::parts "$apt/etc/apt.conf.d"; Dir::State "$apt/state"; Dir::State::status "$apt/status";
Dir::Cache "$apt/cache"; Dir::Log "$apt"; APT::Install-Recommends "false"; APT::Sandbox::User "root";
Acquire::Languages "none"; Acquire::Check-Valid-Until "false";
CONF
export APT_CONFIG=$apt/apt.conf
apt-get -qq update
apt-get -qq -y --download-only install "$@" >/dev/null
for package in "$apt"/cache/archives/*.deb; do dpkg -x "$package" "$dest"; done
for name in bin sbin lib lib64; do # merged /usr
  [ -e "$dest/$name" ] || [ ! -d "$dest/usr/$name" ] || ln -s "usr/$name" "$dest/$name"
done
rm -rf "$apt"
cat >"$dest/run" <<'RUN'
#!/bin/bash
here=$(cd "$(dirname "$0")" && pwd) command=$1
shift
triplet=$(basename "$(dirname "$(ls "$here"/usr/lib/*-linux-*/libc.so.6 | head -1)")")
loader=$(ls "$here"/lib*/ld-linux-*.so.* "$here"/usr/lib*/ld-linux-*.so.* "$here/usr/lib/$triplet"/ld-linux-*.so.* 2>/dev/null | head -1)
# nvim looks for its parsers beside its executable, which is the loader here.
if [ "$command" = nvim ]; then
  export VIMRUNTIME=$here/usr/share/nvim/runtime
  set -- --cmd "set rtp+=$here/usr/lib/nvim" "$@"
fi
exec "$loader" --library-path "$here/usr/lib/$triplet:$here/lib/$triplet" "$here/usr/bin/$command" "$@"
RUN
chmod +x "$dest/run"
