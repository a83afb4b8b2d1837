"""Rasa's action endpoint without HTTP: the actions run in the server's own process, and fail as they would over HTTP."""
from __future__ import annotations

import asyncio
import json
import logging
from typing import Any

from rasa.utils.endpoints import ClientResponseError, EndpointConfig
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException

from twitchwise.rescue import record_emergency

logger = logging.getLogger(__name__)
PACKAGE = "actions"


class InProcessActions(EndpointConfig):
    """An EndpointConfig whose `request` calls rasa_sdk's executor.

    What an action returns goes through JSON once, as over HTTP: what HTTP could not carry fails here too.
    """

    def __init__(self, package: str = PACKAGE, timeout_s: float = 5.0) -> None:
        super().__init__(url="in-process", enable_selective_domain=True)
        self.timeout_s = timeout_s
        self.executor = ActionExecutor()
        self.executor.register_package(package)

    async def request(
        self, method: str = "post", subpath: str | None = None, content_type: str | None = None, compress: bool = False, **kwargs: Any
    ) -> Any:
        """Run the action named in `json`. Raises what EndpointConfig raises: ClientResponseError with the status HTTP would give."""
        call = kwargs["json"]
        try:
            result = await asyncio.wait_for(self.executor.run(call), self.timeout_s)
            return json.loads(json.dumps(result))
        except ActionExecutionRejection as error:
            raise ClientResponseError(400, "rejected", json.dumps({"error": error.message, "action_name": error.action_name})) from None
        except ActionNotFoundException as error:
            raise ClientResponseError(404, "not found", json.dumps({"error": error.message, "action_name": error.action_name})) from None
        except asyncio.TimeoutError:
            await record_emergency(call)
            raise
        except Exception as error:
            await record_emergency(call)
            logger.exception("The action %s failed", call.get("next_action"))
            raise ClientResponseError(500, "failed", json.dumps({"error": type(error).__name__})) from error
