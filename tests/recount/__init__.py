"""The demo's figures counted a second time, without any of the project's code.

From the exchanged files wherever they can tell, and from the databases what files cannot: where an encounter is, what is held, what
was expected. Its X12 reader, its arithmetic and its rules (``domain-rules`` of the design, in the words of X12's RFIs) are its own.
"""
