"""Sends a mail with a line that ends without CR. Prints the code of the server's answer."""
import smtplib
import ssl
import sys

port, certificate, user, password = sys.argv[1:]
with smtplib.SMTP("localhost", int(port)) as server:
    server.starttls(context=ssl.create_default_context(cafile=certificate))
    server.login(user, password)
    server.mail("no-reply@roster.example")
    server.rcpt("bare@example.com")
    server.docmd("DATA")
    server.send(b"Subject: bare\r\n\r\none\ntwo\r\n.\r\n")
    print(server.getreply()[0])
    server.close()
