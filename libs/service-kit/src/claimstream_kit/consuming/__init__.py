"""How events are worked on: subscriptions, a batch per unit, waiting events, dead letters."""

from .subscription import Subscription, Subscriptions

__all__ = ["Subscription", "Subscriptions"]
