#!/bin/sh
# Postfix, at PORT. The queue's folders are made here: `postfix check` takes 2.4 s for it.
exec "$SERVERS/jail.sh" libraries,postfix sh -ec '
useradd -r postfix; groupadd -r postdrop
c=/etc/postfix; cp conf/postfix/* $c/; sed -i "s/@PORT@/$PORT/" $c/master.cf
mkdir -p $c/sasl /var/lib/postfix /var/spool/postfix; touch $c/dynamicmaps.cf
printf "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\n" >$c/sasl/smtpd.conf
echo pass | saslpasswd2 -p -c -u example.org user; chown postfix /etc/sasldb2 /var/lib/postfix
cd /var/spool/postfix; mkdir -m 700 active bounce corrupt defer deferred flush hold incoming private saved trace; chown postfix *
mkdir pid; install -d -o postfix -g postdrop -m 730 maildrop; install -d -o postfix -g postdrop -m 710 public
POSTLOG_SERVICE=postlog POSTLOG_HOSTNAME=mta exec /usr/lib/postfix/sbin/master -c $c -s'
