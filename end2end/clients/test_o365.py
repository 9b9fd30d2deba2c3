"""python-o365: what it offers of email, as its documentation shows it."""

import hashlib
import logging
import tempfile
import unittest
from pathlib import Path

import msal
from O365 import Account, MSGraphProtocol
from O365.utils.token import MemoryTokenBackend
from requests.exceptions import HTTPError

import sandbox
from person import Person
from sandbox import CLIENT_ID, CLIENT_SECRET, PERSONAL, REDIRECT_URI, WORK

MB = 1 << 20
SCOPES = ["User.Read", "Mail.Send", "Mail.ReadWrite"]
# It tells of every refusal that the tests provoke.
logging.getLogger("O365").setLevel(logging.CRITICAL)


class Sandbox(MSGraphProtocol):
    """Another Graph, as its documentation says: a protocol of one's own."""

    _protocol_url = f"{sandbox.URL}/"


def new_account():
    credentials = (CLIENT_ID, CLIENT_SECRET)
    account = Account(
        credentials, protocol=Sandbox(timezone="UTC"), token_backend=MemoryTokenBackend(), requests_delay=0)
    # See `test_it_signs_in_at_microsoft_alone`.
    account.con._msal_client = msal.ConfidentialClientApplication(
        CLIENT_ID,
        client_credential=CLIENT_SECRET,
        authority=f"{sandbox.URL}/common",
        instance_discovery=False,
        token_cache=account.con.token_backend,
    )
    return account


def sign_in(account, address=PERSONAL, words=None):
    url, flow = account.con.get_authorization_url(SCOPES, redirect_uri=REDIRECT_URI)
    answer = Person(REDIRECT_URI).walk(url, words or (address, "Accept"))
    query = "&".join(f"{name}={value}" for name, value in answer.items())
    return account.con.request_token(f"{REDIRECT_URI}?{query}", flow=flow)


class Case(unittest.TestCase):
    def setUp(self):
        sandbox.reset()
        self.account = new_account()
        sign_in(self.account)
        self.mailbox = self.account.mailbox()

    def new_message(self, subject, to=WORK):
        message = self.account.new_message()
        message.to.add(to)
        message.subject = subject
        message.body = "<p>Hello</p>"
        return message

    def file(self, name, content):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / name
        path.write_bytes(content)
        return path

    def sent(self, subject):
        """What is in Sent Items, once transport has had its second."""
        sandbox.pass_time(2)
        query = self.mailbox.new_query().equals("subject", subject)
        return list(self.mailbox.sent_folder().get_messages(query=query))

    def received(self):
        return next(iter(self.mailbox.inbox_folder().get_messages(limit=1)))

    def assertRefused(self, status, call):
        with self.assertRaises(HTTPError) as refused:
            call()
        self.assertEqual(refused.exception.response.status_code, status)


class SignIn(Case):
    def test_it_says_who_signed_in(self):
        self.assertEqual(self.account.username, PERSONAL)
        self.assertEqual(self.account.get_current_user_data().user_principal_name, PERSONAL)

    def test_a_token_is_refreshed(self):
        con = self.account.con
        before = con.token_backend.get_access_token(username=PERSONAL)["secret"]
        # MSAL gives out what it has until that has expired by its own clock.
        con.token_backend.remove_at(next(iter(con.token_backend.search("AccessToken"))))
        self.assertTrue(con.refresh_token())
        self.assertNotEqual(con.token_backend.get_access_token(username=PERSONAL)["secret"], before)
        self.assertEqual(self.account.get_current_user_data().user_principal_name, PERSONAL)

    def test_a_person_who_declines_is_not_signed_in(self):
        sandbox.reset()
        self.assertFalse(sign_in(new_account(), words=(PERSONAL, "Decline")))

    def test_it_signs_in_at_microsoft_alone(self):
        """O365/connection.py writes the host itself, so that the tests give it an MSAL of their own."""
        con = Account((CLIENT_ID, CLIENT_SECRET), token_backend=MemoryTokenBackend()).con
        self.assertEqual(con._msal_authority, "https://login.microsoftonline.com/common")


class Sending(Case):
    def test_cc_bcc_html_and_a_small_file_arrive(self):
        message = self.new_message("Everything")
        message.cc.add("cc@example.com")
        message.bcc.add("bcc@example.com")
        message.importance = "high"
        message.attachments.add(str(self.file("a.txt", b"file")))
        self.assertTrue(message.send())
        sent, = self.sent("Everything")
        recipients = [[it.address for it in field] for field in (sent.to, sent.cc, sent.bcc)]
        self.assertEqual(recipients, [[WORK], ["cc@example.com"], ["bcc@example.com"]])
        self.assertEqual((sent.body_type, sent.importance.value), ("html", "high"))
        self.assertTrue(sent.attachments.download_attachments())
        self.assertEqual([it.name for it in sent.attachments], ["a.txt"])
        copy = self.file("copy.txt", b"")
        self.assertTrue(sent.attachments[0].save(location=copy.parent, custom_name="copy.txt"))
        self.assertEqual(copy.read_bytes(), b"file")

    def test_a_message_can_stay_unsaved(self):
        self.assertTrue(self.new_message("Unsaved").send(save_to_sent_folder=False))
        self.assertEqual(self.sent("Unsaved"), [])

    def test_a_large_file_goes_along_with_a_draft(self):
        content = hashlib.shake_256(b"large.bin").digest(7 * MB)
        message = self.new_message("Large")
        message.save_draft()
        message.attachments.add(str(self.file("large.bin", content)))
        message.save_draft()
        self.assertTrue(message.send())
        sha256 = hashlib.sha256(content).hexdigest()
        attachment = {"name": "large.bin", "size": len(content), "sha256": sha256}
        self.assertEqual(sandbox.outbox()[-1]["attachments"], [attachment])

    def test_a_large_file_does_not_fit_into_a_message_that_was_not_saved(self):
        """O365/message.py puts every file of an unsaved message into one request, which Graph refuses
        above 4 MB."""
        message = self.new_message("Too large")
        message.attachments.add(str(self.file("large.bin", b"x" * 4 * MB)))
        self.assertRefused(413, message.send)

    def test_refusals_say_why(self):
        message = self.account.new_message()
        message.subject = "To nobody"
        self.assertRefused(400, message.send)


class Drafts(Case):
    def test_a_draft_is_saved_changed_and_sent(self):
        message = self.new_message("Draft")
        self.assertTrue(message.save_draft())
        message.subject = "Better"
        message.attachments.add(str(self.file("a.txt", b"file")))
        self.assertTrue(message.save_draft())
        self.assertTrue(message.send())
        sent, = self.sent("Better")
        self.assertTrue(sent.has_attachments)

    def test_a_file_of_a_draft_is_taken_away(self):
        message = self.new_message("Draft")
        message.attachments.add(str(self.file("a.txt", b"file")))
        message.save_draft()
        draft = self.mailbox.get_message(message.object_id, download_attachments=True)
        draft.attachments.remove("a.txt")
        self.assertTrue(draft.save_draft())
        self.assertFalse(self.mailbox.get_message(message.object_id).has_attachments)

    def test_a_deleted_draft_is_gone(self):
        message = self.new_message("Never mind")
        message.save_draft()
        self.assertTrue(message.delete())
        self.assertRefused(404, message.send)


class Lists(Case):
    subjects = [f"Number {n:02}" for n in range(12)]

    def setUp(self):
        super().setUp()
        for subject in self.subjects:
            self.new_message(subject).send()
            sandbox.pass_time(2)
        self.folder = self.mailbox.sent_folder()

    def test_pages_lead_to_all_of_them(self):
        messages = self.folder.get_messages(limit=None, batch=5)
        self.assertEqual(sorted(it.subject for it in messages), self.subjects)

    def test_filter_order_and_select_choose(self):
        q = self.mailbox.new_query()
        query = q.startswith("subject", "Number") & q.greater_equal("subject", "Number 06")
        query = query & q.select("subject") & q.orderby(("subject", False))
        found = list(self.folder.get_messages(limit=3, query=query))
        self.assertEqual([it.subject for it in found], self.subjects[:-4:-1])
        self.assertEqual(len(found[0].to), 0)

    def test_or_not_groups_and_dates_choose(self):
        q = self.mailbox.new_query()
        fourth = next(iter(self.folder.get_messages(query=q.equals("subject", "Number 04"))))
        late = q.greater("sentDateTime", fourth.sent)
        some = q.group(q.chain_or(q.endswith("subject", "03"), q.contains("subject", "05")))
        found = self.folder.get_messages(query=late & some)
        self.assertEqual([it.subject for it in found], ["Number 05"])
        found = self.folder.get_messages(query=q.negate(q.startswith("subject", "Number 0")))
        self.assertEqual(sorted(it.subject for it in found), self.subjects[10:])

    def test_search_finds_words(self):
        found = self.mailbox.get_messages(query=self.mailbox.new_query().search("Number 07", "subject"))
        self.assertEqual([it.subject for it in found], ["Number 07"])


class Folders(Case):
    def test_a_folder_is_created_found_renamed_moved_copied_and_deleted(self):
        folder = self.mailbox.create_child_folder("Projects")
        self.assertTrue(folder.update_folder_name("Done"))
        self.assertEqual(self.mailbox.get_folder(folder_name="Done").folder_id, folder.folder_id)
        child = folder.create_child_folder("Old")
        self.assertEqual([it.name for it in folder.get_folders()], ["Old"])
        archive = self.mailbox.get_folder(folder_id="archive")
        self.assertTrue(child.move_folder(archive))
        self.assertEqual([it.name for it in archive.get_folders()], ["Old"])
        # O365/mailbox.py gives the copy no protocol; it is there all the same.
        with self.assertRaisesRegex(ValueError, "Protocol not provided"):
            child.copy_folder(folder)
        self.assertEqual([it.name for it in folder.get_folders()], ["Old"])
        self.assertTrue(folder.delete())
        self.assertIsNone(self.mailbox.get_folder(folder_name="Done"))

    def test_every_well_known_folder_is_there(self):
        for name in ["inbox", "junk", "deleted", "drafts", "sent", "outbox", "archive", "clutter", "conflicts",
                     "conversationhistory", "localfailures", "recoverableitemsdeletions", "scheduled",
                     "searchfolders", "serverfailures", "syncissues"]:
            with self.subTest(name):
                folder = getattr(self.mailbox, f"{name}_folder")()
                self.assertIsNotNone(self.mailbox.get_folder(folder_id=folder.folder_id).folder_id)
                list(folder.get_messages())


class Messages(Case):
    def test_a_message_is_marked_moved_copied_and_deleted(self):
        message = self.received()
        self.assertTrue(message.mark_as_read())
        message.flag.set_flagged()
        message.add_category("Blue")
        self.assertTrue(message.save_message())
        again = self.mailbox.get_message(message.object_id)
        self.assertEqual((again.is_read, again.flag.is_flagged, again.categories), (True, True, ["Blue"]))
        copy = message.copy("drafts")
        before = message.object_id
        self.assertTrue(message.move("archive"))
        self.assertRefused(404, lambda: self.mailbox.get_message(before))
        self.assertIn(b"Subject: ", message.get_mime_content())
        self.assertTrue(copy.delete())
        self.assertTrue(message.delete())

    def test_a_message_is_answered_and_forwarded(self):
        message = self.received()
        for draft, to in [(message.reply(to_all=False), None), (message.reply(), None), (message.forward(), WORK)]:
            draft.body = "<p>Later</p>"
            if to:
                draft.to.add(to)
            self.assertTrue(draft.send())
        subjects = [it["message"]["subject"] for it in sandbox.outbox()]
        self.assertEqual(subjects, [f"{it}: {message.subject}" for it in ("Re", "Re", "Fw")])


if __name__ == "__main__":
    unittest.main()
