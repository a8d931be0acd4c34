#!/bin/sh
# box.sh [-p FOLDER]... DIR CMD...: run CMD in a throw-away view of this machine that is called client.example.org, whose
# only user is alice, and in which only DIR keeps what is written. FOLDERs (unpacked packages) are laid over it. Needs root.
packages=
while [ "$1" = -p ]; do packages="$packages $(realpath "$2")"; shift 2; done
dir=$(realpath "$1"); shift
exec unshare -mpuf --kill-child=KILL sh -ec '
packages=$1 dir=$2; shift 2
mount -t tmpfs box /mnt; cd /mnt; mkdir u w m
for p in $packages; do cp -a --remove-destination "$p"/. u/; rm -rf u/lib u/usr/share/man; done
mount -t overlay o -o lowerdir=/,upperdir=u,workdir=w m
mount -t proc p m/proc; mount --rbind /dev m/dev; mount -t tmpfs t m/tmp
hostname client.example.org
echo "127.0.0.1 client.example.org localhost" >m/etc/hosts
echo client.example.org >m/etc/mailname
sed -i "s,^root:x:0:0:[^:]*:[^:]*:,alice:x:0:0:Alice:/home/alice:," m/etc/passwd
mkdir -p m/home/alice; mount --bind "$dir" m/home/alice
export HOME=/home/alice USER=alice LOGNAME=alice
chroot m env -C /home/alice "$@"' sh "$packages" "$dir" "$@"
