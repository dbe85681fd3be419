"""Prints the mails in a folder, one file each, as JSON."""
import json
import re
import sys
from email import message_from_bytes, policy
from html.parser import HTMLParser
from pathlib import Path


class Links(HTMLParser):
    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.found += [value for name, value in attributes if name == "href"]


def shown(file):
    mail = message_from_bytes(file.read_bytes(), policy=policy.default)
    sender = mail["From"].addresses[0]
    defects = [defect for part in mail.walk() for defect in part.defects]
    defects += [defect for value in mail.values() for defect in value.defects]
    return {
        "bare_newlines": len(re.findall(rb"(?<!\r)\n|\r(?!\n)", file.read_bytes())),
        "message_ids": mail.get_all("Message-ID"),
        "auto_submitted": mail.get_all("Auto-Submitted"),
        "subject": mail["Subject"],
        "from_name": sender.display_name,
        "from_address": sender.addr_spec,
        "to": [address.addr_spec for address in mail["To"].addresses],
        "type": mail.get_content_type(),
        "parts": [{
            "type": part.get_content_type(),
            "charset": part.get_content_charset(),
            "text": part.get_content(),
        } for part in mail.iter_parts()],
        "links": Links(mail.get_body(("html",)).get_content()).found,
        "defects": [repr(defect) for defect in defects],
    }


print(json.dumps([shown(file) for file in sorted(Path(sys.argv[1]).iterdir())]))
