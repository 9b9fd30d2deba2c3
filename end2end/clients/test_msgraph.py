"""The Graph Python SDK: what it hands to an app that sends mail."""

import base64
import hashlib
import io
import logging
import time
import unittest

import httpx
from kiota_abstractions.api_error import APIError
from kiota_abstractions.authentication import (
    AccessTokenProvider,
    AllowedHostsValidator,
    BaseBearerTokenAuthenticationProvider,
)
from kiota_abstractions.base_request_configuration import RequestConfiguration
from kiota_abstractions.method import Method
from kiota_abstractions.request_information import RequestInformation
from msgraph import GraphRequestAdapter, GraphServiceClient
from msgraph.generated.models.attachment_item import AttachmentItem
from msgraph.generated.models.attachment_type import AttachmentType
from msgraph.generated.models.body_type import BodyType
from msgraph.generated.models.email_address import EmailAddress
from msgraph.generated.models.file_attachment import FileAttachment
from msgraph.generated.models.importance import Importance
from msgraph.generated.models.item_body import ItemBody
from msgraph.generated.models.message import Message
from msgraph.generated.models.o_data_errors.o_data_error import ODataError
from msgraph.generated.models.recipient import Recipient
from msgraph.generated.users.item.mail_folders.item.messages.messages_request_builder import (
    MessagesRequestBuilder as FolderMessages,
)
from msgraph.generated.users.item.messages.item.attachments.create_upload_session.create_upload_session_post_request_body import (
    CreateUploadSessionPostRequestBody,
)
from msgraph.generated.users.item.send_mail.send_mail_post_request_body import SendMailPostRequestBody
from msgraph.generated.users.item.user_item_request_builder import UserItemRequestBuilder
from msgraph.graph_request_adapter import options
from msgraph_core import GraphClientFactory
from msgraph_core.tasks.large_file_upload import LargeFileUploadTask
from msgraph_core.tasks.page_iterator import PageIterator

import sandbox
from app import new_app, sign_in
from sandbox import NO_MAILBOX, PERSONAL, WORK

MB = 1 << 20
SCOPES = ["User.Read", "Mail.Send", "Mail.ReadWrite"]
# Outlook takes 4 MB at a time; the SDK's own measure is 5 MB.
CHUNK = 4 * MB
# unittest's loop would tell of every slow step.
logging.getLogger("asyncio").setLevel(logging.ERROR)


class Tokens(AccessTokenProvider):
    """Somebody's tokens, from MSAL for Python."""

    def __init__(self, account, scopes):
        self._scopes = scopes
        self._app = new_app(client_capabilities=["CP1"])
        sign_in(self._app, scopes=scopes, words=(account, "Accept"))

    async def get_authorization_token(self, uri, additional_authentication_context={}):
        if not self.get_allowed_hosts_validator().is_url_host_valid(uri):
            return ""
        claims = additional_authentication_context.get("claims")
        account, = self._app.get_accounts()
        result = self._app.acquire_token_silent(
            self._scopes, account, claims_challenge=claims and base64.b64decode(claims).decode())
        return result["access_token"]

    def get_allowed_hosts_validator(self):
        return AllowedHostsValidator(["localhost"])


def new_message(subject, **more):
    return Message(
        subject=subject,
        body=ItemBody(content_type=BodyType.Text, content="Hello"),
        **{"to_recipients": [Recipient(email_address=EmailAddress(address=WORK))]} | more,
    )


def new_attachment(name, content):
    return FileAttachment(
        odata_type="#microsoft.graph.fileAttachment",
        name=name,
        content_type="text/plain",
        content_bytes=content,
    )


class Case(unittest.IsolatedAsyncioTestCase):
    async def asyncSetUp(self):
        sandbox.reset()
        self.adapter = self.new_adapter()
        self.client = GraphServiceClient(request_adapter=self.adapter)

    def new_adapter(self, account=PERSONAL, scopes=SCOPES):
        """By default of somebody who may grant all of this themselves."""
        http = GraphClientFactory.create_with_default_middleware(
            client=httpx.AsyncClient(timeout=60), options=options)
        self.addAsyncCleanup(http.aclose)
        tokens = BaseBearerTokenAuthenticationProvider(Tokens(account, scopes))
        adapter = GraphRequestAdapter(tokens, http)
        adapter.base_url = f"{sandbox.URL}/v1.0"
        return adapter

    async def send(self, message, builder=None):
        body = SendMailPostRequestBody(message=message, save_to_sent_items=True)
        await (builder or self.client.me.send_mail).post(body)

    @property
    def sent_items(self):
        return self.client.me.mail_folders.by_mail_folder_id("sentitems").messages

    async def sent(self, subject):
        """What is in Sent Items, once transport has had its second."""
        sandbox.pass_time(2)
        query = FolderMessages.MessagesRequestBuilderGetQueryParameters(top=100)
        page = await self.sent_items.get(RequestConfiguration(query_parameters=query))
        return [message for message in page.value if message.subject == subject]

    async def refusal(self, call):
        """What Graph refuses, as the app sees it."""
        with self.assertRaises(ODataError) as raised:
            await call
        error = raised.exception
        self.assertTrue(error.error.inner_error.request_id and error.error.inner_error.date)
        return error.response_status_code, error.error.code


class Profile(Case):
    async def test_it_names_the_person(self):
        me = await self.client.me.get()
        self.assertEqual(me.user_principal_name, PERSONAL)
        self.assertTrue(me.id and me.display_name)
        query = UserItemRequestBuilder.UserItemRequestBuilderGetQueryParameters(
            select=["displayName", "mail"])
        chosen = await self.client.me.get(RequestConfiguration(query_parameters=query))
        self.assertEqual((chosen.display_name, chosen.id), (me.display_name, None))

    async def test_a_photo_is_a_picture_and_where_there_is_none_it_is_not_found(self):
        photo = await self.client.me.photo.content.get()
        self.assertEqual(photo[:2], b"\xff\xd8")
        work = GraphServiceClient(request_adapter=self.new_adapter(WORK, ["User.Read"]))
        about = await work.me.photos.by_profile_photo_id("48x48").get()
        self.assertEqual((about.width, about.id), (48, "48X48"))
        without = GraphServiceClient(request_adapter=self.new_adapter(NO_MAILBOX, ["User.Read"]))
        refusal = await self.refusal(without.me.photo.content.get())
        self.assertEqual(refusal, (404, "ImageNotFound"))

    async def test_the_sdk_answers_a_claims_challenge_by_itself(self):
        sandbox.fault(route="me", claims={})
        self.assertEqual((await self.client.me.get()).user_principal_name, PERSONAL)
        refused, answered = sandbox.requests_to("/v1.0/me")
        self.assertEqual((refused["status"], answered["status"]), (401, 200))
        token = "authorization"
        self.assertNotEqual(answered["headers"][token], refused["headers"][token])


class SendMail(Case):
    async def test_every_spelling_sends_attachments_along(self):
        me = self.client.me.send_mail
        for spelling, builder in [
            ("/me/sendMail", me),
            ("/me/sendmail", me.with_url(f"{sandbox.URL}/v1.0/me/sendmail")),
            ("/me/microsoft.graph.sendMail", me.with_url(f"{sandbox.URL}/v1.0/me/microsoft.graph.sendMail")),
            ("/users/{name}/sendMail", self.client.users.by_user_id(PERSONAL).send_mail),
        ]:
            with self.subTest(spelling):
                attachments = [new_attachment("a.txt", b"first"), new_attachment("ü.txt", b"second")]
                await self.send(new_message(spelling, attachments=attachments), builder)
                message, = await self.sent(spelling)
                self.assertTrue(message.has_attachments)
                files = await self.client.me.messages.by_message_id(message.id).attachments.get()
                self.assertEqual([file.name for file in files.value], ["a.txt", "ü.txt"])
                self.assertIsInstance(files.value[0], FileAttachment)
                self.assertEqual(files.value[0].content_bytes, b"first")

    async def test_refusals_say_why(self):
        for message, refusal in [
            (new_message("To nobody", to_recipients=[]), (400, "ErrorInvalidRecipients")),
            (new_message("Unknown", additional_data={"colour": "blue"}), (400, "RequestBodyRead")),
        ]:
            with self.subTest(message.subject):
                self.assertEqual(await self.refusal(self.send(message)), refusal)
        large = new_message("Large", attachments=[new_attachment("large", b"x" * CHUNK)])
        status, _ = await self.refusal(self.send(large))
        self.assertEqual(status, 413)

    async def test_the_sdk_waits_and_sends_again_when_told_to(self):
        # Longer than the 3.5 to 4.5 seconds that it would wait without being told.
        sandbox.fault(route="sendMail", status=429, retryAfter="5")
        began = time.monotonic()
        await self.send(new_message("Patience"))
        self.assertGreaterEqual(time.monotonic() - began, 5)
        self.assertEqual(len(await self.sent("Patience")), 1)

    async def test_a_mail_whose_answer_was_lost_is_sent_twice_by_the_sdk(self):
        """As at Microsoft: a gateway gives up on what was done, and the SDK tries again."""
        sandbox.fault(route="sendMail", status=504, close="after", retryAfter="1")
        await self.send(new_message("Twice"))
        self.assertEqual(len(await self.sent("Twice")), 2)


class Drafts(Case):
    async def test_a_draft_is_created_changed_given_a_file_and_sent(self):
        draft = await self.client.me.messages.post(new_message("Draft"))
        self.assertTrue(draft.is_draft)
        item = self.client.me.messages.by_message_id(draft.id)
        changed = await item.patch(Message(subject="Better", importance=Importance.High))
        self.assertEqual(
            (changed.id, changed.subject, changed.importance), (draft.id, "Better", Importance.High))
        attachment = await item.attachments.post(new_attachment("a.txt", b"file"))
        self.assertEqual((attachment.name, attachment.size), ("a.txt", 4))
        await item.send.post()
        message, = await self.sent("Better")
        self.assertFalse(message.is_draft)
        self.assertTrue(message.has_attachments)
        self.assertEqual(message.internet_message_id, draft.internet_message_id)
        self.assertEqual(await self.refusal(item.get()), (404, "ErrorItemNotFound"))

    async def test_a_deleted_draft_is_gone(self):
        draft = await self.client.me.messages.post(new_message("Never mind"))
        item = self.client.me.messages.by_message_id(draft.id)
        await item.delete()
        self.assertEqual(await self.refusal(item.send.post()), (404, "ErrorItemNotFound"))


class Upload(Case):
    async def new_task(self, size):
        draft = await self.client.me.messages.post(new_message("Large"))
        self.message = self.client.me.messages.by_message_id(draft.id)
        self.attachments = self.message.attachments
        item = AttachmentItem(attachment_type=AttachmentType.File, name="large.bin", size=size)
        body = CreateUploadSessionPostRequestBody(attachment_item=item)
        session = await self.attachments.create_upload_session.post(body)
        # No two pieces of it are alike.
        self.content = hashlib.shake_256(b"large.bin").digest(size)
        stream = io.BytesIO(self.content)
        return LargeFileUploadTask(session, self.adapter, stream, max_chunk_size=CHUNK)

    async def upload(self, task, start=0):
        """The rest of the file, chunk by chunk, where Outlook says that it goes on. The SDK's own loop
        cannot: see `test_the_sdks_own_loop_stumbles_over_outlooks_ranges`."""
        starts = []
        while start is not None:
            starts.append(start)
            task.next_range = f"{start}-{min(start + CHUNK, task.file_size) - 1}"
            session = await task.next_chunk(task.stream)
            start = session and int(session.next_expected_ranges[0])
        return starts

    async def assert_arrived(self):
        """Sends the message; what went out is what was to be uploaded, byte by byte."""
        size = len(self.content)
        page = await self.attachments.get()
        self.assertEqual([(file.name, file.size) for file in page.value], [("large.bin", size)])
        await self.message.send.post()
        sha256 = hashlib.sha256(self.content).hexdigest()
        self.assertEqual(
            sandbox.outbox()[-1]["attachments"],
            [{"name": "large.bin", "size": size, "sha256": sha256}])

    async def test_7_and_149_mb_arrive(self):
        for size in (7 * MB, 149 * MB):
            with self.subTest(size):
                task = await self.new_task(size)
                self.assertNotIn(sandbox.URL, task.upload_session.upload_url)
                self.assertFalse(task.upload_session_expired())
                self.assertEqual(await self.upload(task), list(range(0, size, CHUNK)))
                await self.assert_arrived()
                # A mailbox takes 150 MB in five minutes.
                sandbox.pass_time(301)

    async def test_an_upload_that_broke_off_goes_on_where_it_was(self):
        task = await self.new_task(7 * MB)
        task.next_range = f"0-{CHUNK - 1}"
        session = await task.next_chunk(task.stream)
        task.next_range = f"{CHUNK}-{7 * MB - 1}"
        sandbox.fault(route="upload", close="before")
        with self.assertRaises(httpx.TransportError):
            await task.next_chunk(task.stream)
        await self.upload(task, int(session.next_expected_ranges[0]))
        await self.assert_arrived()

    async def test_a_cancelled_upload_leaves_nothing(self):
        task = await self.new_task(7 * MB)
        # `task.cancel()` raises a TypeError: it calls the adapter without an argument that it needs.
        cancel = RequestInformation(Method.DELETE)
        cancel.url = task.upload_session.upload_url
        await self.adapter.send_no_response_content_async(cancel, {})
        with self.assertRaises(APIError) as refused:
            await task.next_chunk(task.stream, 0, CHUNK - 1)
        self.assertEqual(refused.exception.response_status_code, 404)
        self.assertEqual((await self.attachments.get()).value, [])

    async def test_the_sdks_own_loop_stumbles_over_outlooks_ranges(self):
        """As at Microsoft, where Outlook names the next byte and the SDK wants a closed range
        (microsoftgraph/msgraph-sdk-python-core#691)."""
        task = await self.new_task(7 * MB)
        logging.disable()
        self.addCleanup(logging.disable, logging.NOTSET)
        with self.assertRaisesRegex(ValueError, "int"):
            await task.upload()

    async def test_what_is_smaller_than_3_mb_needs_no_session(self):
        refusal = await self.refusal(self.new_task(MB))
        self.assertEqual(refusal, (400, "ErrorAttachmentSizeShouldNotBeLessThanMinimumSize"))


class SentItems(Case):
    subjects = [f"Number {n}" for n in range(12)]

    async def asyncSetUp(self):
        await super().asyncSetUp()
        for subject in self.subjects:
            await self.send(new_message(subject))
            sandbox.pass_time(2)

    async def test_pages_lead_to_all_of_them(self):
        first = await self.sent_items.get()
        self.assertEqual(len(first.value), 10)
        seen = []
        await PageIterator(first, self.adapter).iterate(
            lambda message: seen.append(message.subject) or True)
        self.assertEqual(sorted(seen), sorted(self.subjects))

    async def test_select_top_and_orderby_choose(self):
        query = FolderMessages.MessagesRequestBuilderGetQueryParameters(
            select=["subject"], top=3, orderby=["sentDateTime desc"])
        page = await self.sent_items.get(RequestConfiguration(query_parameters=query))
        self.assertEqual([message.subject for message in page.value], self.subjects[:-4:-1])
        for message in page.value:
            self.assertTrue(message.id)
            self.assertIsNone(message.to_recipients)


if __name__ == "__main__":
    unittest.main()
