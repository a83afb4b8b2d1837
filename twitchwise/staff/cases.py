"""The list of cases, and one case: what is known of it, and what the staff does. Every look and every deed is in the audit log."""
from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from twitchwise.records import cases as records
from twitchwise.records import hand_over, repository, staff
from twitchwise.records.models import ENDED, OPEN, TAKEN, WAITING
from twitchwise.records.views import HandOverMessage, HandOverView, StaffView
from twitchwise.staff import security, words
from twitchwise.staff.conversation import conversation

if TYPE_CHECKING:
    from twitchwise.staff.page import Desk

MOST_CHARS = 2000
ARRIVES = (
    "You are now talking to {name}, a person. The assistant keeps quiet until they leave, but still looks out for emergencies. "
    "In an emergency do not wait for an answer: call {emergency}."
)
LEAVES = "{name} has left. You are talking to the assistant again, a computer program."
_Deed = Callable[[Request, StaffView, str, FormData], Awaitable[None]]


class CaseViews:
    """The views of cases. A case is a conversation, by its pseudonym."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def routes(self) -> list[Route]:
        """Every route of a case."""
        deeds: dict[str, _Deed] = {
            "acknowledge": self._acknowledge, "close": self._close, "note": self._note, "take": self._take, "answer": self._answer,
            "hand-back": self._hand_back}
        return [
            Route("/", self.list), Route("/list", self.rows), Route("/case/{case}", self.case), Route("/case/{case}/news", self.news),
            *(Route(f"/case/{{case}}/{name}", self._posted(deed), methods=["POST"]) for name, deed in deeds.items()),
        ]

    # -- looking

    async def list(self, request: Request) -> Response:
        """The list, most urgent and oldest first."""
        account = await self._desk.account(request)
        if account is None:
            return RedirectResponse("/login", 303)
        await self._desk.note(account, "see_list")
        return await self._desk.page(request, "list.html", account, cases=await run_in_threadpool(records.cases, self._desk.engine))

    async def rows(self, request: Request) -> Response:
        """The rows alone, for the page that renews itself."""
        account = await self._desk.account(request)
        if account is None:
            raise HTTPException(403, "You are signed out.")
        return await self._desk.page(request, "rows.html", account, cases=await run_in_threadpool(records.cases, self._desk.engine))

    async def case(self, request: Request) -> Response:
        """One case."""
        account = await self._desk.account(request)
        if account is None:
            return RedirectResponse("/login", 303)
        name = request.path_params["case"]
        known = await run_in_threadpool(self._known, name)
        if known is None:
            raise HTTPException(404)
        allowed = self._desk.settings.staff_sees_conversation
        reads = allowed and request.query_params.get("conversation") == "1"
        await self._desk.note(account, "see_conversation" if reads else "see_case", name)
        told = await run_in_threadpool(conversation, self._desk.engine, self._desk.keys, name) if reads else []
        return await self._desk.page(request, "case.html", account, case=name, told=told, may_read=allowed, reads=reads, most=MOST_CHARS, **known)

    async def news(self, request: Request) -> Response:
        """What was said since a message, and whether anything else changed, for the page that renews itself."""
        account = await self._desk.account(request)
        if account is None:
            raise HTTPException(403, "You are signed out.")
        after = request.query_params.get("after", "0")
        since = int(after) if after.isdecimal() and len(after) < 15 else 0
        known = await run_in_threadpool(self._known, request.path_params["case"])
        if known is None:
            return JSONResponse({"gone": True})
        overs: list[HandOverView] = known["overs"]
        raised = sorted((each.id, each.state) for each in known["escalations"])
        waiting = [each for each in known["escalations"] if each.state == OPEN]
        return JSONResponse({
            "alarm": ", ".join(dict.fromkeys(words.flag(code) for each in waiting for code in each.red_flags)),
            "messages": [self._line(message) for message in known["messages"] if message.id > since],
            "seen": [message.id for message in known["messages"] if message.carried_at],
            "stamp": f"{known['over'].state if known['over'] else ''} {known['over'].staff if known['over'] else ''} {len(overs)} {raised}",
        })

    @staticmethod
    def _line(message: HandOverMessage) -> dict[str, Any]:
        return {"id": message.id, "who": message.sender, "text": message.text, "at": message.created_at.isoformat(),
                "seen": message.carried_at is not None}

    def _known(self, name: str) -> dict[str, Any] | None:
        engine, keys = self._desk.engine, self._desk.keys
        owner = repository.conversation(engine, name)
        if owner is None:
            return None
        overs = hand_over.of_case(engine, keys, name)
        over = next((each for each in overs if each.state != ENDED), None)
        escalations = repository.escalations(engine, keys, conversation_id=name)
        return {
            "owner": owner, "overs": overs, "over": over, "escalations": escalations,
            "messages": [message for each in overs for message in hand_over.messages(engine, keys, each.id)],
            "findings": repository.findings(engine, name), "assessments": repository.assessments(engine, name),
            "log": repository.audit_entries(engine, conversation_id=name, limit=100),
            "can_take": (over is None or over.state == WAITING) and (over is not None or hand_over.can_reach(engine, name)),
            "names": {each.name: each.shown_as or each.name for each in staff.accounts(engine)},
        }

    # -- doing

    def _posted(self, deed: _Deed) -> Callable[[Request], Awaitable[Response]]:
        """A form that does something: checked, done, and back to the case."""

        async def posted(request: Request) -> Response:
            form = await security.checked_form(request, self._desk.origins(request))
            account = await self._desk.account(request)
            if account is None:
                return RedirectResponse("/login", 303)
            name = request.path_params["case"]
            if await run_in_threadpool(repository.conversation, self._desk.engine, name) is None:
                raise HTTPException(404)
            await deed(request, account, name, form)
            return RedirectResponse(f"/case/{name}{'#chat' if deed in (self._answer, self._take) else ''}", 303)

        return posted

    async def _escalation(self, form: FormData, case: str) -> str:
        """The escalation that a form names, of this case. Raises HTTPException 404."""
        found = await run_in_threadpool(repository.escalation, self._desk.engine, self._desk.keys, security.field(form, "escalation"))
        if found is None or found.conversation != case:
            raise HTTPException(404)
        return found.id

    async def _acknowledge(self, request: Request, account: StaffView, case: str, form: FormData) -> None:
        desk, which = self._desk, await self._escalation(form, case)
        if await run_in_threadpool(repository.acknowledge, desk.engine, which, account.name, desk.now()):
            desk.tell(request, "You have picked this up.")
            return
        found = await run_in_threadpool(repository.escalation, desk.engine, desk.keys, which)
        first = found.staff if found and found.staff else "Somebody else"
        desk.tell(request, "You have picked this up already." if first == account.name else f"{first} was first and has picked this up.")

    async def _close(self, request: Request, account: StaffView, case: str, form: FormData) -> None:
        desk, which = self._desk, await self._escalation(form, case)
        found = await run_in_threadpool(repository.escalation, desk.engine, desk.keys, which)
        if found and found.staff not in (None, account.name) and account.role != staff.ADMIN:
            desk.tell(request, f"{found.staff} has picked this up, so only {found.staff} can close it.")
        elif await run_in_threadpool(repository.close, desk.engine, which, account.name, desk.now()):
            desk.tell(request, "Closed.")
        else:
            desk.tell(request, "It was not closed: it has to be picked up first, or it is closed already.")

    async def _note(self, request: Request, account: StaffView, case: str, form: FormData) -> None:
        desk, which = self._desk, await self._escalation(form, case)
        text = _typed(form)
        if text:
            await run_in_threadpool(repository.note, desk.engine, desk.keys, which, account.name, text, desk.now())
            desk.tell(request, "The note is kept.")

    async def _take(self, request: Request, account: StaffView, case: str, _form: FormData) -> None:
        from twitchwise.channels.safety_net import emergency_number

        desk = self._desk
        shown = account.shown_as or f"a person from {desk.settings.staff_team}"
        notice = ARRIVES.format(name=shown, emergency=emergency_number(desk.settings.country))
        if await run_in_threadpool(hand_over.take_case, desk.engine, desk.keys, case, account.name, desk.now(), notice):
            desk.tell(request, "You have taken over. The assistant keeps quiet, and what you write goes to the person.")
            return
        over = await run_in_threadpool(self._open, case)
        if over and over.state == TAKEN:
            other = f"{over.staff} was first and talks to this person now."
            desk.tell(request, "You have taken over already." if over.staff == account.name else other)
        else:
            desk.tell(request, "This person cannot be reached from here: the case is from before there was a staff page.")

    async def _answer(self, request: Request, account: StaffView, case: str, form: FormData) -> None:
        desk, text = self._desk, _typed(form)
        over = await run_in_threadpool(self._open, case)
        if not text:
            return
        if over is None or await run_in_threadpool(hand_over.answer, desk.engine, desk.keys, over.id, account.name, text, desk.now()) is None:
            desk.tell(request, "Not sent: you do not have this conversation (any more). Take over first.")

    async def _hand_back(self, request: Request, account: StaffView, case: str, _form: FormData) -> None:
        desk, over = self._desk, await run_in_threadpool(self._open, case)
        if over is None or (over.staff != account.name and account.role != staff.ADMIN):
            desk.tell(request, "You do not have this conversation (any more).")
            return
        name = await run_in_threadpool(self._name_of, over.staff)
        notice = LEAVES.format(name=name[:1].upper() + name[1:])
        await run_in_threadpool(hand_over.end, desk.engine, over.id, account.name, desk.now(), desk.keys, notice)
        desk.tell(request, "The assistant answers again, and the person was told so.")

    def _open(self, case: str) -> HandOverView | None:
        overs = hand_over.of_case(self._desk.engine, self._desk.keys, case)
        return next((each for each in overs if each.state != ENDED), None)

    def _name_of(self, login: str | None) -> str:
        found = staff.by_name(self._desk.engine, login) if login else None
        return (found.shown_as if found else None) or f"the person from {self._desk.settings.staff_team}"


def _typed(form: FormData) -> str:
    """The text of a form, without what only steers or hides; empty where there is none."""
    from twitchwise.channels.text import clean

    return clean(form.get("text"), MOST_CHARS).text
