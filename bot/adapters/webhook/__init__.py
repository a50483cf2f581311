"""Webhooks: a channel of Slack or Discord that needs no app and no token, only an address, which is the secret.

What that costs is declared: a Slack webhook gives no id, cannot edit, thread or look up; a Discord webhook gives ids and can
edit, but neither thread nor look up by nonce.  So a delivery of unknown outcome stays unconfirmed on both, and what is
promised is *at most once*: it is reported, and sent again by a person only.

```python
webhooks = Webhooks([read_hook("news", SecretStr(address))])
async with webhooks.serve():
    adapter = webhooks.of(Channel.parse("webhook:news"))
    for number, payload in enumerate(adapter.render(digest)):
        await adapter.post(channel, payload, nonce=f"a-{number}")
```
"""

from bot.adapters.webhook.calls import TIMEOUT_S
from bot.adapters.webhook.hooks import Hook
from bot.adapters.webhook.hub import Webhooks, read_hook

__all__ = ["TIMEOUT_S", "Hook", "Webhooks", "read_hook"]
