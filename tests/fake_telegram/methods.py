"""The methods of the Bot API that answer at once."""

import json
from collections.abc import Callable, Mapping
from typing import Final

import bot_api

from fake_telegram.calls import Call, Json, bad_request, shown
from fake_telegram.chats import BOT, DATE, Chat, Sent
from fake_telegram.world import World

DOWNLOADABLE: Final = 20_000_000
"""Bytes of a file beyond which Telegram's own server gives none out."""


def chat_of(world: World, call: Call) -> Chat:
    """The chat that a call is about, if it can be written to."""
    chat = world.chats.get(int(call.parameters["chat_id"]))
    if chat is None:
        raise bad_request("chat not found")
    chat.refuse()
    thread = call.parameters.get("message_thread_id")
    if thread is not None and int(thread) not in chat.topics:
        raise bad_request("message thread not found")
    return chat


def send_message(world: World, call: Call) -> Json:
    """Show a text."""
    return _send(world, call, {"text": shown(call), "markup": call.parameters["text"]})


def send_document(world: World, call: Call) -> Json:
    """Show a file."""
    name, content = call.files["document"]
    caption = {"caption": shown(call, "caption")} if "caption" in call.parameters else {}
    return _send(world, call, {"document": world.keep_file(name, content), **caption})


def send_photo(world: World, call: Call) -> Json:
    """Show a picture with its caption."""
    return _send(world, call, {"photo": [_photo(world, call, "photo")], "caption": shown(call, "caption")})


def edit_message_media(world: World, call: Call) -> Json:
    """Show another picture in the place of one."""
    new = call["media"]
    caption = bot_api.plain_text(new["caption"])
    return _edit(
        world,
        call,
        {"photo": [_photo(world, call, new["media"].removeprefix("attach://"))], "caption": caption},
    )


def _photo(world: World, call: Call, field: str) -> Json:
    return world.keep_file(*call.files[field]) | {"width": 1080, "height": 810}


def _send(world: World, call: Call, content: Json) -> Json:
    chat = chat_of(world, call)
    content = {"from": BOT, **content}
    if "ephemeral_message_parameters" in call.parameters and world.knows_ephemeral:
        receiver = {"id": call["ephemeral_message_parameters"]["receiver_user_id"], "is_bot": False}
        alone = {"message_id": 0, "ephemeral_message_id": 1, "receiver_user": receiver | {"first_name": "?"}}
        message = {"date": DATE, "chat": chat.info, **content, **alone}
        chat.show(Sent(call, message))
        return message
    if "message_thread_id" in call.parameters:
        content |= {"message_thread_id": call["message_thread_id"], "is_topic_message": True}
    if "reply_parameters" in call.parameters:
        reply = call["reply_parameters"]
        replied = chat.messages.get(reply["message_id"])
        if replied is None and not reply.get("allow_sending_without_reply"):
            raise bad_request("message to be replied not found")
        if replied is not None:
            content["reply_to_message"] = {k: v for k, v in replied.items() if k != "reply_to_message"}
    if "inline_keyboard" in (markup := call["reply_markup"] if "reply_markup" in call.parameters else {}):
        content["reply_markup"] = markup
    message = chat.record(content)
    chat.show(Sent(call, message))
    return message


def delete_message(world: World, call: Call) -> bool:
    """A message is gone."""
    del chat_of(world, call).messages[int(call.parameters["message_id"])]
    return True


def edit_message_text(world: World, call: Call) -> Json:
    """Show another text in the place of one."""
    return _edit(world, call, {"text": shown(call), "markup": call.parameters["text"]})


def edit_message_reply_markup(world: World, call: Call) -> Json:
    """Show other buttons under a message."""
    return _edit(world, call, {})


def _edit(world: World, call: Call, content: Json) -> Json:
    chat = chat_of(world, call)
    message = chat.messages.get(int(call.parameters["message_id"]))
    if message is None or message["from"] != BOT:
        raise bad_request("message to edit not found")
    changed = message | content
    changed.pop("reply_markup", None)
    if "reply_markup" in call.parameters:
        changed["reply_markup"] = call["reply_markup"]
    if changed == message:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same "
            "as a current content and reply markup of the message"
        )
    message.clear()
    message |= changed
    chat.show(Sent(call, message))
    return message


def answer_callback_query(world: World, call: Call) -> bool:
    """Say something to who pressed a button."""
    return _answer(world, call, call.parameters["callback_query_id"])


def answer_inline_query(world: World, call: Call) -> bool:
    """Show results to who types the bot's name in a chat."""
    return _answer(world, call, call.parameters["inline_query_id"])


def answer_guest_query(world: World, call: Call) -> Json:
    """Show a message in a chat that the bot is not in."""
    _answer(world, call, call.parameters["guest_query_id"])
    return {"inline_message_id": call.parameters["guest_query_id"]}


def _answer(world: World, call: Call, query: str) -> bool:
    if query in world.answers:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    world.answers[query] = call
    return True


def get_file(world: World, call: Call) -> Json:
    """Where a file can be downloaded."""
    number = call.parameters["file_id"]
    if number not in world.files:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    content = world.files[number]
    if len(content) > DOWNLOADABLE:
        raise bad_request("file is too big")
    return {"file_id": number, "file_unique_id": f"u{number}", "file_size": len(content), "file_path": number}


def download(world: World, call: Call) -> bytes:
    """The content of a file."""
    return world.files[call.parameters["file_path"]]


def set_my(field: str) -> Callable[[World, Call], bool]:
    """A method that keeps something of the bot's own, by scope and language."""

    def keep(world: World, call: Call) -> bool:
        world.own[_place(field, call)] = call[field]
        return True

    return keep


def get_my(field: str, missing: object) -> Callable[[World, Call], object]:
    """A method that tells what was kept."""

    def tell(world: World, call: Call) -> object:
        kept = world.own.get(_place(field, call), missing)
        return kept if field == "commands" else {field: kept}

    return tell


def _place(field: str, call: Call) -> tuple[str, str, str]:
    scope = call["scope"] if "scope" in call.parameters else {"type": "default"}
    return field, json.dumps(scope, sort_keys=True), call.parameters.get("language_code", "")


def send_chat_action(world: World, call: Call) -> bool:
    """Show that something is on its way."""
    return bool(chat_of(world, call))


def get_chat_member(world: World, call: Call) -> Json:
    """What somebody is in a chat."""
    chat, number = chat_of(world, call), int(call.parameters["user_id"])
    user = {"id": number, "is_bot": False, "first_name": "Member"}
    if any(admin["id"] == number for admin in chat.admins):
        return {"user": user, "status": "creator", "is_anonymous": False}
    return {"user": user, "status": "member"}


def get_me(_world: World, _call: Call) -> Json:
    """Who the bot is."""
    return {
        **BOT,
        "can_join_groups": True,
        "can_read_all_group_messages": True,
        "supports_inline_queries": True,
    }


def set_webhook(world: World, call: Call) -> bool:
    """Updates are to be delivered; see `Deliveries`."""
    world.webhook = call
    return True


def delete_webhook(world: World, _call: Call) -> bool:
    """Updates are fetched again."""
    world.webhook = None
    return True


def get_webhook_info(world: World, _call: Call) -> Json:
    """Where updates are delivered, and how many wait."""
    url = world.webhook.parameters["url"] if world.webhook else ""
    return {"url": url, "has_custom_certificate": False, "pending_update_count": len(world.updates)}


def always(_world: World, _call: Call) -> bool:
    """Yes."""
    return True


METHODS: Final[Mapping[str, Callable[[World, Call], object]]] = {
    "getMe": get_me,
    "getChatMember": get_chat_member,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendDocument": send_document,
    "sendPhoto": send_photo,
    "editMessageMedia": edit_message_media,
    "sendChatAction": send_chat_action,
    "deleteMessage": delete_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "answerCallbackQuery": answer_callback_query,
    "answerInlineQuery": answer_inline_query,
    "answerGuestQuery": answer_guest_query,
    "getFile": get_file,
    "setMyCommands": set_my("commands"),
    "getMyCommands": get_my("commands", []),
    "deleteMyCommands": always,
    "setMyDescription": set_my("description"),
    "getMyDescription": get_my("description", ""),
    "setMyShortDescription": set_my("short_description"),
    "getMyShortDescription": get_my("short_description", ""),
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "logOut": always,
    "close": always,
}
"""What is answered at once; getUpdates waits, and a download is no method."""
