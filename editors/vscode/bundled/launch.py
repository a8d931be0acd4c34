"""Start the server that the extension carries.

Run as ``python -I launch.py serve``: isolated, so that neither the environment nor the folder
that is open in the editor has a say in what is imported, and with the libraries beside this
file before those that this Python has.
"""

import os
import sys

if sys.version_info < (3, 11):
    sys.exit("smtp-lsp needs Python 3.11 or newer, and this is " + sys.version.split()[0])

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "libs"))

from smtp_lsp.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
