"""Asks a language model, by the interface that OpenAI's chat completions have and local servers imitate."""

from winloss.chat.address import Address, address_of, key_from
from winloss.chat.client import ChatModel

__all__ = ["Address", "ChatModel", "address_of", "key_from"]
