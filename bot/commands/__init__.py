"""Everything a person can ask, without a platform: a request in, a reply out.  `desk.Desk` is the door.

Each command is a plain ``async def`` that takes an `ask.Ask` and gives a `bot.talk.Reply`; which words lead to which, and who
may, is the table in ``table``.  Adapters acknowledge, hand the request over, and draw the reply.
"""
