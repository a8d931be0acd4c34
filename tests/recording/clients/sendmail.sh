#!/bin/sh
# sendmail.sh PORT MESSAGE RECIPIENT...: send with sendmail -v through the server at PORT.
port=$1 message=$2; shift 2
mkdir -p /etc/mail /var/spool/mqueue /var/lib/sendmail/host_status; chmod 700 /var/spool/mqueue
id smmta >/dev/null 2>&1 || useradd -r smmta
m4 -DPORT=$port clients/sendmail.mc >/etc/mail/client.cf; : >/etc/mail/local-host-names
exec /usr/libexec/sendmail/sendmail -C /etc/mail/client.cf -v -odi -f alice@example.org "$@" <"$message"
