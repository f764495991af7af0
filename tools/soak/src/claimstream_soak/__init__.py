"""Hurts a whole stack at work, by a seed, and says whether anything was lost or done twice.

A run starts a stack of its own, posts encounters with a journal of what was acknowledged, strikes with faults while they travel, waits until
everything has come to rest, and lets the auditor judge. It fails on a violation, and as well when it was vacuous: nothing was redelivered, or
fewer processes were killed than planned.
"""
