"""smtplib_client.py LEVEL PORT VARIANT MESSAGE RECIPIENT...: send with smtplib, debugging."""

import smtplib
import ssl
import sys
from email import message_from_file, policy

level, port, variant, path, *recipients = sys.argv[1:]
with open(path, encoding="ascii") as file:
    message = message_from_file(file, policy=policy.SMTP)

if variant == "plain":
    client = smtplib.SMTP(local_hostname="client.example.org")
    client.set_debuglevel(int(level))
    client.connect("127.0.0.1", int(port))
else:  # as most scripts do it: the greeting has been read when the debug output begins
    client = smtplib.SMTP("127.0.0.1", int(port), local_hostname="client.example.org")
    client.set_debuglevel(int(level))
try:
    if variant != "plain":
        client.starttls(context=ssl._create_unverified_context())
        client.login("user", "pass" if variant == "auth" else "wrong")
    client.send_message(message, "alice@example.org", recipients)
except smtplib.SMTPException as error:
    print(type(error).__name__)
finally:
    client.quit()
