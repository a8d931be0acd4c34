#!/bin/sh
# jail.sh ROOT[,ROOT...] CMD...: run CMD in a throw-away view of this machine, as a server finds it that was installed.
#
# Wants CACHE (what setup.py filled) and CONF (the folder conf/ here). An overlay of / is made in new mount, pid and uts
# namespaces, with the packages unpacked in CACHE/root/ROOT laid over it and a tmpfs for what is written; CACHE is /srv/cache
# in there, CONF /srv/conf. The first process is a shell that doesn't become CMD: when it is killed, all of the pid namespace
# is, also servers that changed their user and so lost the signal of their parent's death. The network is the caller's.
roots=$1; shift
exec unshare -mpuf --kill-child=KILL sh -ec '
roots=$1; shift
mount -t tmpfs jail /mnt; mkdir /mnt/u /mnt/w /mnt/m                # in a mount namespace of its own: nobody else sees it
for root in $(echo "$roots" | tr , " "); do
    [ -d "$CACHE/root/$root" ] || { echo "$root is not in $CACHE"; exit 1; }
    cp -a "$CACHE/root/$root/." /mnt/u/
done
mount -t overlay overlay -o lowerdir=/,upperdir=/mnt/u,workdir=/mnt/w /mnt/m     # packages as lower layers give ELOOP
m=/mnt/m
mount -t proc proc $m/proc; mount --rbind /dev $m/dev; mount -t tmpfs run $m/run; mount -t tmpfs tmp $m/tmp; chmod 1777 $m/tmp
mkdir -p $m/srv/cache $m/srv/conf $m/etc/mta
mount --rbind "$CACHE" $m/srv/cache; mount --rbind "$CONF" $m/srv/conf
hostname mta.example.org                                            # Sendmail sleeps 60 s on a host name without a dot
echo "127.0.0.1 mta.example.org localhost" >$m/etc/hosts
echo "nameserver 127.0.0.1" >$m/etc/resolv.conf                     # no DNS: it refuses at once
cp "$CACHE"/tls/*.pem $m/etc/mta/; chmod 644 $m/etc/mta/cert.pem; chmod 600 $m/etc/mta/key.pem
chroot $m env -C /srv "$@"' sh "$roots" "$@"
