#!/bin/sh
# exim_server.sh OPTION...: exim as a server on its standard input and output (-bh ADDRESS, -bs, -bS).
id Debian-exim >/dev/null 2>&1 || useradd -r Debian-exim
mkdir -p /etc/exim4 /var/spool/exim4 /var/log/exim4; chown Debian-exim: /var/spool/exim4 /var/log/exim4
cp clients/exim_bh.conf /etc/exim4/exim4.conf
exec exim4 -odf "$@"
