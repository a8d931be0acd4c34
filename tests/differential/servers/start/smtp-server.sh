#!/bin/sh
# smtp-server (nodemailer), at PORT
exec "$SERVERS/jail.sh" libraries "$NODE" conf/smtp-server.js
