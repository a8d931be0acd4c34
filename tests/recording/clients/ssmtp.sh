#!/bin/sh
# ssmtp.sh PORT MESSAGE RECIPIENT...: send with ssmtp -v.
port=$1 message=$2; shift 2
printf 'mailhub=127.0.0.1:%s\nhostname=client.example.org\nrewriteDomain=example.org\nFromLineOverride=YES\n' $port >/etc/ssmtp.conf
exec ssmtp -C/etc/ssmtp.conf -v -falice@example.org "$@" <"$message"
