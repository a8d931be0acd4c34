#!/bin/sh
# Exim, at PORT. It answers 421 to what it refuses where it can't write its logs: they must be its own.
exec "$SERVERS/jail.sh" libraries,exim4-daemon-light sh -ec '
useradd -r Debian-exim; mkdir -p /etc/exim4 /var/spool/exim4; sed "s/@PORT@/$PORT/" conf/exim.conf >/etc/exim4/exim4.conf
chown root:Debian-exim /etc/mta/key.pem; chmod 640 /etc/mta/key.pem
mkdir -p /var/log/exim; touch /var/log/exim/mainlog; chown -R Debian-exim: /var/spool/exim4 /var/log/exim
tail -F -q /var/log/exim/mainlog & exec exim4 -bdf'
