#!/bin/sh
# Sendmail, at PORT
exec "$SERVERS/jail.sh" libraries,sendmail-bin,sendmail-cf,sendmail-base sh -ec '
useradd -r smmta; useradd -r smmsp; mkdir -p /etc/mail/sasl /var/spool/mqueue /var/lib/sendmail/host_status /run/sendmail/mta /usr/lib/sasl2
chmod 700 /var/spool/mqueue; sed "s/@PORT@/$PORT/" conf/sendmail.mc | m4 - >/etc/mail/sendmail.cf; : >/etc/mail/local-host-names
printf "pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\n" >/usr/lib/sasl2/Sendmail.conf
echo pass | saslpasswd2 -p -c -u example.org user
exec /usr/libexec/sendmail/sendmail -bD -C /etc/mail/sendmail.cf'
