"""The gateway: submissions leave as 837 files, each once; what comes back is tied to what was sent, and told.

It hears `claim.submitted`, batches submissions into files per partner, writes each file to the outbound folder, and says
`claim.transmitted`. From the inbound folder it reads TA1, 999, 277CA and 835 and says `file.acknowledged`,
`claim.acknowledged` and `era.received`. It keeps every file by its digest.
"""
