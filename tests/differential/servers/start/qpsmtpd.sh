#!/bin/sh
# qpsmtpd, at PORT. Its option -H is read but never passed on, and each connection would wait 15 s for DNS: hence the sed.
exec "$SERVERS/jail.sh" libraries,qpsmtpd sh -ec '
useradd -r qpsmtpd; c=/etc/qpsmtpd; rm -rf $c; mkdir -p $c/plugins.d /var/spool/qpsmtpd; cp conf/qpsmtpd/* $c/; mv $c/drop $c/plugins.d/
chown qpsmtpd /var/spool/qpsmtpd; chmod 700 /var/spool/qpsmtpd; chmod 644 /etc/mta/key.pem; cd /
sed -i "s/nto_laddr, .nto_iaddr);/nto_laddr, \$nto_iaddr, 1);/" /usr/bin/qpsmtpd-forkserver
QPSMTPD_CONFIG=$c exec perl -T -I/usr/share/perl5 /usr/bin/qpsmtpd-forkserver -H -l 127.0.0.1 -p $PORT -c 100 -m 100 -u qpsmtpd'
