#!/bin/sh
# OpenSMTPD, at PORT
exec "$SERVERS/jail.sh" libraries,opensmtpd sh -ec '
mkdir -p /var/lib/opensmtpd/empty; useradd -r -d /var/lib/opensmtpd/empty opensmtpd; useradd -r -d /var/lib/opensmtpd/empty opensmtpq
sed "s/@PORT@/$PORT/" conf/smtpd.conf >/etc/smtpd.conf; echo mta.example.org >/etc/mailname
exec smtpd -d'
